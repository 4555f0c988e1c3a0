/** Terms of pod affinity: those of the pod in hand, with the namespaces that they select looked up, and those of others. */

import { type Labels, labelsMatch } from '../lib/selector.ts'
import type { LabelSelector } from '../protocol/objects.ts'
import type { Snapshot } from './cache.ts'
import { isEmpty } from './labels.ts'
import type { KnownNode, NodeInfo } from './node-info.ts'
import { type AffinityTerm, type PodInfo, termMatches } from './pod-info.ts'
import { added, type Counts, Gathering, type Sum, summed, type Tally } from './topology.ts'

export interface ResolvedTerm {
  /** Undefined: all namespaces. */
  readonly namespaces: readonly string[] | undefined
  readonly selector: LabelSelector | undefined
  readonly topologyKey: string
  readonly weight: number
}

/** mergeAffinityTermNamespacesIfNotEmpty, for the terms of the pod in hand. */
export function resolved(term: AffinityTerm & { readonly weight?: number }, { namespaces }: Snapshot): ResolvedTerm {
  const { namespaceSelector, selector, topologyKey, weight = 1 } = term
  if (namespaceSelector === undefined) return { namespaces: term.namespaces, selector, topologyKey, weight }
  if (isEmpty(namespaceSelector)) return { namespaces: undefined, selector, topologyKey, weight }
  const selected = [...term.namespaces]
  namespaces.each(({ metadata }) => {
    if (labelsMatch(namespaceSelector, metadata.labels ?? {})) selected.push(metadata.name)
  })
  return { namespaces: selected, selector, topologyKey, weight }
}

export const isAbout = ({ namespaces, selector }: ResolvedTerm, pod: PodInfo): boolean =>
  (namespaces === undefined || namespaces.includes(pod.namespace)) && labelsMatch(selector, pod.labels)

/** Which terms of the pods that run: `refusing` are the required anti-affinities, `judging` all that score a newcomer. */
export type Which = 'refusing' | 'judging'
/** A term that pods on nodes have, how many have it, and where. */
export interface HeldTerm extends Tally {
  readonly term: AffinityTerm
  /** What it counts for when a newcomer is scored; undefined: the weight of required affinity, which is configured. */
  readonly weight: number | undefined
}
export type HeldTerms = ReadonlyMap<string, HeldTerm>
const NONE: HeldTerms = new Map()

/** Of all nodes together. Pods of one workload have the same terms, so there are far fewer of these than pods. */
export function heldTerms(snapshot: Snapshot, which: Which): HeldTerms {
  const { nodesWithAffinity, nodesWithRequiredAntiAffinity, singleHosts } = snapshot
  const nodes = which === 'refusing' ? nodesWithRequiredAntiAffinity : nodesWithAffinity
  if (nodes.size === 0) return NONE
  const sum = (): Sum<HeldTerms> => ({ zero: NONE, of: (node) => heldOn(node, which, singleHosts), plus: both })
  return summed(nodes, `held ${which} ${singleHosts}`, sum)
}

const known = { refusing: new WeakMap<NodeInfo, HeldTerms>(), judging: new WeakMap<NodeInfo, HeldTerms>() }

/** The same of one node. */
export function heldOn(node: KnownNode, which: Which, singleHosts: boolean): HeldTerms {
  let held = known[which].get(node)
  if (held === undefined) {
    held = gathered(node, which, singleHosts)
    known[which].set(node, held)
  }
  return held
}

/** The terms of one pod that count for a newcomer, with their weights. */
export function termsOf(pod: PodInfo, which: Which): readonly (readonly [AffinityTerm, number | undefined])[] {
  if (which === 'refusing') return pod.requiredAntiAffinity.map((term) => [term, 1] as const)
  return [
    ...pod.requiredAffinity.map((term) => [term, undefined] as const),
    ...pod.preferredAffinity.map((term) => [term, term.weight] as const),
    ...pod.preferredAntiAffinity.map((term) => [term, -term.weight] as const),
  ]
}

/** Under which key a term is held. */
export const heldAs = (weight: number | undefined, text: string): string => `${weight} ${text}`

function gathered(node: KnownNode, which: Which, singleHosts: boolean): HeldTerms {
  const found = new Map<string, { term: AffinityTerm; weight: number | undefined; gathering: Gathering }>()
  const pods = which === 'refusing' ? node.podsWithRequiredAntiAffinity : node.podsWithAffinity
  pods.each((pod) => {
    for (const [term, weight] of termsOf(pod, which)) {
      const key = heldAs(weight, term.text)
      let one = found.get(key)
      if (one === undefined) {
        one = { term, weight, gathering: new Gathering(node, singleHosts) }
        found.set(key, one)
      }
      one.gathering.count(term.topologyKey, 1)
    }
  })
  const held = new Map<string, HeldTerm>()
  for (const [key, { term, weight, gathering }] of found) held.set(key, { term, weight, ...gathering.tally() })
  return held
}

function both(a: HeldTerms, b: HeldTerms): HeldTerms {
  if (a.size === 0) return b
  if (b.size === 0) return a
  const [more, fewer] = a.size >= b.size ? [a, b] : [b, a]
  const terms = new Map(more)
  for (const [key, held] of fewer) {
    const other = terms.get(key)
    const sum = other && { places: added(other.places, held.places), hits: other.hits + held.hits }
    terms.set(key, sum === undefined ? held : { ...held, ...sum })
  }
  return terms
}

/** The terms held anywhere that are about this pod, by their keys. */
export function about(held: HeldTerms, pod: PodInfo, namespaceLabels: Labels | undefined): HeldTerms {
  const found = new Map<string, HeldTerm>()
  for (const [key, one] of held) if (one.hits > 0 && termMatches(one.term, pod, namespaceLabels)) found.set(key, one)
  return found
}

export const countAt = (counts: Counts, place: string): number => counts.get(place) ?? 0
