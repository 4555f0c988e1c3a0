/**
 * How many pods that belong together run in each domain of a topology key, as far as a spread constraint counts them.
 * Which domains there are depends on the nodes alone; how many pods run there, on those that the selector may select.
 */
import { Tree } from '../../runtime/tree.ts'
import { labelsMatch } from '../lib/selector.ts'
import type { Node } from '../protocol/objects.ts'
import type { Snapshot } from './cache.ts'
import { isEmpty, NO_LABELS } from './labels.ts'
import type { KnownNode } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import { candidatesFor, type PodsOnNode, type PodsOnNodes } from './pods-by-label.ts'
import { question } from './question.ts'
import { type Constraint, counts } from './spreading.ts'
import { added, type Counts, HOSTNAME, NO_COUNTS, type Sum, summed } from './topology.ts'

/** The critical paths: the fewest pods in a domain, how many domains have so few, and the fewest in any but one of them. */
export interface Domains {
  readonly number: number
  readonly fewest: number
  readonly holders: number
  readonly elsewhere: number
}
/** Where the pods of a constraint run. */
export interface Spread {
  readonly constraint: Constraint
  /** How many run on one node. */
  readonly onNode: (node: KnownNode) => number
  /** By value of the topology key; hosts are not among them when each is one node. */
  readonly matching: Counts
  /** Hosts with such pods. */
  readonly hosts: Domains
}
export const NO_DOMAINS: Domains = {
  number: 0,
  fewest: Number.POSITIVE_INFINITY,
  holders: 0,
  elsewhere: Number.POSITIVE_INFINITY,
}
const domain = (pods: number): Domains => ({ ...NO_DOMAINS, number: 1, fewest: pods, holders: 1 })

/** @param keys nodes that lack one of them do not count at all */
export function spreadOf(pod: PodInfo, constraint: Constraint, keys: readonly string[], snapshot: Snapshot): Spread {
  const { labelled, singleHosts } = snapshot
  const { selector } = constraint
  const candidates = candidatesFor(labelled, selector)
  const asked = question('spread', pod.namespace, selector, singleHosts, ...site(pod, constraint, keys))
  const found = summed(candidates, asked, () => matchingPods(pod, constraint, keys, singleHosts))
  return { constraint, onNode: countOnNode(pod.namespace, constraint, candidates), ...found }
}

/** @param candidates all pods that the selector may select */
export function countOnNode(
  namespace: string,
  constraint: Constraint,
  candidates: PodsOnNodes,
): (node: KnownNode) => number {
  const count = matchingAmong(namespace, constraint)
  return ({ name }) => count(candidates.get(name)?.pods ?? NOBODY)
}

/** How many of the pods of a node, each looked at once: who asks again after one more came pays for that one. */
function matchingAmong(namespace: string, constraint: Constraint): (pods: Tree<PodInfo>) => number {
  const asked = question('matching', namespace, constraint.selector)
  return (pods) => summed(pods, asked, () => matchingOnes(namespace, constraint))
}
function matchingOnes(namespace: string, { selector }: Constraint): Sum<PodInfo, number> {
  const selects = selectsSome(selector)
  return {
    zero: 0,
    of: (pod) => (selects && isSelected(pod, selector, namespace) ? 1 : 0),
    plus: (a, b) => a + b,
  }
}
const NOBODY: Tree<PodInfo> = Tree.of()

/** What decides whether a node counts. */
const site = (
  { pod: { spec } }: PodInfo,
  { topologyKey, honorsAffinity, honorsTaints }: Constraint,
  keys: readonly string[],
) => [
  topologyKey,
  keys,
  honorsAffinity ? [spec.nodeSelector, spec.affinity?.nodeAffinity] : 0,
  honorsTaints ? [spec.tolerations] : 0,
]

type Matching = Pick<Spread, 'matching' | 'hosts'>
const NONE: Matching = { matching: NO_COUNTS, hosts: NO_DOMAINS }

function matchingPods(
  { pod, namespace }: PodInfo,
  constraint: Constraint,
  keys: readonly string[],
  singleHosts: boolean,
): Sum<PodsOnNode, Matching> {
  const { topologyKey } = constraint
  const count = matchingAmong(namespace, constraint)
  return {
    zero: NONE,
    of({ node, pods }) {
      const value = node.metadata.labels?.[topologyKey]
      if (value === undefined || !hasAll(node, keys) || !counts(constraint, pod, node)) return NONE
      const number = count(pods)
      if (number === 0) return NONE
      if (singleHosts && topologyKey === HOSTNAME) return { matching: NO_COUNTS, hosts: domain(number) }
      return { matching: new Map([[value, number]]), hosts: NO_DOMAINS }
    },
    plus(a, b) {
      if (a === NONE || b === NONE) return a === NONE ? b : a
      return { matching: added(a.matching, b.matching), hosts: together(a.hosts, b.hosts) }
    },
  }
}

/** countPodsMatchSelector: terminating pods are not counted, and an empty selector counts nothing. */
export const isMatching = (pod: PodInfo, { selector }: Constraint, namespace: string): boolean =>
  selectsSome(selector) && isSelected(pod, selector, namespace)

const selectsSome = (selector: Constraint['selector']): boolean => selector !== undefined && !isEmpty(selector)
const isSelected = (
  { namespace: its, labels, isTerminating }: PodInfo,
  selector: Constraint['selector'],
  namespace: string,
): boolean => its === namespace && !isTerminating && labelsMatch(selector, labels)

export const hasAll = ({ metadata: { labels = NO_LABELS } }: Node, keys: readonly string[]): boolean =>
  keys.every((key) => labels[key] !== undefined)

/** All domains of the constraint, those without pods too; undefined: no node that counts has the key. */
export function domainsOf(
  pod: PodInfo,
  { constraint, matching, hosts }: Spread,
  keys: readonly string[],
  { sites, singleHosts }: Snapshot,
): Domains | undefined {
  const asked = question('domains', singleHosts, ...site(pod, constraint, keys))
  const there = summed(sites, asked, () => nodesThatCount(pod, constraint, keys, singleHosts))
  let all = together(hosts, withoutPods(there.hosts - hosts.number))
  for (const value of there.values.keys()) all = together(all, domain(matching.get(value) ?? 0))
  return all.number === 0 ? undefined : all
}
const withoutPods = (number: number): Domains =>
  number === 0
    ? NO_DOMAINS
    : { ...domain(0), number, holders: number, elsewhere: number > 1 ? 0 : NO_DOMAINS.elsewhere }

/** Some node has a label with that key. */
export const isCarried = (topologyKey: string, { sites }: Pick<Snapshot, 'sites'>): boolean =>
  summed(sites, question('carried', topologyKey), () => carriers(topologyKey))
const carriers = (topologyKey: string): Sum<Node, boolean> => ({
  zero: false,
  of: ({ metadata: { labels = NO_LABELS } }) => labels[topologyKey] !== undefined,
  plus: (a, b) => a || b,
})

interface There {
  /** How many nodes have each value. */
  readonly values: Counts
  readonly hosts: number
}
const NOWHERE: There = { values: NO_COUNTS, hosts: 0 }

const nodesThatCount = (
  { pod }: PodInfo,
  constraint: Constraint,
  keys: readonly string[],
  singleHosts: boolean,
): Sum<Node, There> => ({
  zero: NOWHERE,
  of(node) {
    const value = node.metadata.labels?.[constraint.topologyKey]
    if (value === undefined || !hasAll(node, keys) || !counts(constraint, pod, node)) return NOWHERE
    if (singleHosts && constraint.topologyKey === HOSTNAME) return { values: NO_COUNTS, hosts: 1 }
    return { values: new Map([[value, 1]]), hosts: 0 }
  },
  plus: (a, b) => ({ values: added(a.values, b.values), hosts: a.hosts + b.hosts }),
})

/** Of domains that have none in common. */
export function together(a: Domains, b: Domains): Domains {
  if (a.number === 0) return b
  if (b.number === 0) return a
  const number = a.number + b.number
  if (a.fewest === b.fewest) return { number, fewest: a.fewest, holders: a.holders + b.holders, elsewhere: a.fewest }
  const [less, more] = a.fewest < b.fewest ? [a, b] : [b, a]
  return { ...less, number, elsewhere: Math.min(less.elsewhere, more.fewest) }
}
