/**
 * Terms of pod affinity that the pods that run have: a newcomer is judged by them. Pods of one workload have the same
 * terms, so each is held once, with the nodes of its holders; those that cannot be about a pod are not even looked at.
 */
import { Tree } from '../../runtime/tree.ts'
import type { Labels } from '../lib/selector.ts'
import type { Node } from '../protocol/objects.ts'
import { type AffinityTerm, type PodInfo, termMatches } from './pod-info.ts'
import { labelled, wantedLabels } from './pods-by-label.ts'
import { Gathering, summed, type Tally, talliedBy } from './topology.ts'

/** Which terms of the pods that run: `refusing` are the required anti-affinities, `judging` all that score a newcomer. */
export type Which = 'refusing' | 'judging'
/** By what a pod must have for the term to be about it, then by weight and text. */
export type HeldTerms = Tree<Tree<HeldTerm>>
export interface HeldTerm {
  readonly term: AffinityTerm
  /** What it counts for when a newcomer is scored; undefined: the weight of required affinity, which is configured. */
  readonly weight: number | undefined
  /** By node. */
  readonly holders: Tree<Holders>
}
export interface Holders {
  /** As it was when its labels or taints changed last. */
  readonly node: Node
  readonly pods: number
}
export const NO_TERMS: HeldTerms = Tree.of()

/** One pod more (`by` 1) or less (-1) on the node. */
export function heldAfter(held: HeldTerms, pod: PodInfo, which: Which, node: Node, by: 1 | -1): HeldTerms {
  for (const [term, weight] of termsOf(pod, which))
    held = held.update(aboutWhom(term), (terms = Tree.of<HeldTerm>()) => {
      const left = terms.update(`${weight} ${term.text}`, (one = { term, weight, holders: Tree.of<Holders>() }) => {
        const holders = one.holders.update(node.metadata.name, (its) => counted(node, (its?.pods ?? 0) + by))
        return holders.size === 0 ? undefined : { ...one, holders }
      })
      return left.size === 0 ? undefined : left
    })
  return held
}
const counted = (node: Node, pods: number): Holders | undefined => (pods === 0 ? undefined : { node, pods })

/** The terms of one pod that count for a newcomer, with their weights. */
function termsOf(pod: PodInfo, which: Which): readonly (readonly [AffinityTerm, number | undefined])[] {
  if (which === 'refusing') return pod.requiredAntiAffinity.map((term) => [term, 1] as const)
  const { requiredAffinity, preferredAffinity, preferredAntiAffinity } = pod
  if (requiredAffinity.length + preferredAffinity.length + preferredAntiAffinity.length === 0) return NOTHING
  return [
    ...requiredAffinity.map((term) => [term, undefined] as const),
    ...preferredAffinity.map((term) => [term, term.weight] as const),
    ...preferredAntiAffinity.map((term) => [term, -term.weight] as const),
  ]
}
const NOTHING: readonly (readonly [AffinityTerm, number | undefined])[] = []

/** A namespace, if there is but one, and a label, if it wants any. */
function aboutWhom({ namespaces, namespaceSelector, selector }: AffinityTerm): string {
  const namespace = namespaceSelector === undefined && namespaces.length === 1 ? (namespaces[0] as string) : ''
  return `${namespace}\0${wantedLabels(selector ?? {})[0] ?? ''}`
}

/** The terms held anywhere that are about this pod. */
export function heldAbout(held: HeldTerms, pod: PodInfo, namespaceLabels: Labels): readonly HeldTerm[] {
  const found: HeldTerm[] = []
  if (held.size === 0) return found
  const labels = ['', ...Object.entries(pod.labels).map(labelled)]
  for (const namespace of ['', pod.namespace])
    for (const label of labels)
      held.get(`${namespace}\0${label}`)?.each((one) => {
        if (termMatches(one.term, pod, namespaceLabels)) found.push(one)
      })
  return found
}

/** Where the holders run, and how many they are. */
export const tallyOf = ({ term: { topologyKey }, holders }: HeldTerm, singleHosts: boolean): Tally =>
  summed(holders, `held ${topologyKey} ${singleHosts}`, () =>
    talliedBy(({ node, pods }) => {
      const gathering = new Gathering(node, singleHosts)
      gathering.count(topologyKey, pods, pods)
      return gathering.tally()
    }),
  )
