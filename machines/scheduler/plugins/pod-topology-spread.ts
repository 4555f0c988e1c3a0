/** PodTopologySpread: keeps pods that belong together spread over zones and nodes. */

import type { Tree } from '../../../runtime/tree.ts'
import { labelsMatch } from '../../lib/selector.ts'
import type { Snapshot } from '../cache.ts'
import { MAX_NODE_SCORE, type Plugin, SKIP, unresolvable, unschedulable, type Verdict } from '../framework.ts'
import { naturalLogarithm } from '../natural-logarithm.ts'
import type { KnownNode, NodeInfo } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { type Constraint, constraintsOf, counts, podsMatching, type SpreadDefaults } from '../spreading.ts'
import { added, type Counts, HOSTNAME, NO_COUNTS, pair, type Sum, summed, topologyKeyOf } from '../topology.ts'

interface Filtering {
  readonly constraints: readonly Constraint[]
  readonly matching: Counts
  /** By topology key; a key that no node carries is missing. */
  readonly domains: ReadonlyMap<string, Domains>
  /** What a dry run changed of `matching`: only the places of one node. */
  readonly changes: Counts
  readonly nodes: Tree<NodeInfo>
  readonly singleHosts: boolean
}
/** The critical paths: the fewest pods in a domain, and the fewest in any other. */
interface Domains {
  readonly number: number
  readonly fewest: number
  readonly where: string
  readonly elsewhere: number
}
interface Scoring {
  readonly constraints: readonly Constraint[]
  readonly matching: Counts
  /** The more domains, the more each pod counts. */
  readonly weights: readonly number[]
  /** Nodes that lack a topology key get nothing. */
  readonly ignored: ReadonlySet<string>
}
const MISMATCH = "node(s) didn't match pod topology spread constraints"

export const podTopologySpread = (defaults: SpreadDefaults): Plugin<Filtering, Scoring> => ({
  name: 'PodTopologySpread',
  preFilter(pod, snapshot) {
    const constraints = constraintsOf(pod, 'DoNotSchedule', snapshot, defaults)
    if (constraints.length === 0) return SKIP
    const { nodes, singleHosts } = snapshot
    const { matching, hosts } = matchingPods(pod, constraints, snapshot, true)
    const domains = domainsOf(matching)
    if (hosts.number > 0) domains.set(HOSTNAME, hosts)
    return { state: { constraints, matching, domains, changes: NO_COUNTS, nodes, singleHosts } }
  },
  filter: (pod, node, state) => firstObjection(pod, node, state),
  adjusted: (pod, other, node, by, state) => withChange(pod, other, node, by, state),
  preScore(pod, snapshot, feasible) {
    const constraints = constraintsOf(pod, 'ScheduleAnyway', snapshot, defaults)
    if (constraints.length === 0) return SKIP
    const strict = !defaults.system || (pod.pod.spec.topologySpreadConstraints ?? []).length > 0
    return { state: scoring(pod, snapshot, feasible, constraints, strict) }
  },
  score(pod, node, { constraints, matching, weights, ignored }) {
    if (ignored.has(node.name)) return 0
    let score = 0
    constraints.forEach((constraint, i) => {
      const { topologyKey, maxSkew } = constraint
      const value = node.labels[topologyKey]
      if (value === undefined) return
      const count =
        topologyKey === HOSTNAME
          ? podsMatching(node, constraint, pod.namespace)
          : (matching.get(pair(topologyKey, value)) ?? 0)
      score += count * (weights[i] as number) + (maxSkew - 1)
    })
    return Math.round(score)
  },
  /** The fewer the better: the node with the least gets 100. */
  normalize(scores, { ignored }, nodes) {
    let least = Number.POSITIVE_INFINITY
    let most = 0
    scores.forEach((score, i) => {
      if (ignored.has((nodes[i] as KnownNode).name)) return
      least = Math.min(least, score)
      most = Math.max(most, score)
    })
    return scores.map((score, i) => {
      if (ignored.has((nodes[i] as KnownNode).name)) return 0
      return most === 0 ? MAX_NODE_SCORE : Math.trunc((MAX_NODE_SCORE * (most + least - score)) / most)
    })
  },
})

function firstObjection(pod: PodInfo, node: KnownNode, state: Filtering): Verdict | undefined {
  for (const constraint of state.constraints) {
    const { topologyKey, selector, maxSkew, minDomains } = constraint
    const value = node.labels[topologyKey]
    if (value === undefined) return unresolvable(`${MISMATCH} (missing required label)`)
    const known = state.domains.get(topologyKey)
    if (known === undefined) continue
    const fewest = known.number < minDomains ? 0 : fewestNow(known, value, constraint, pod, node, state)
    const own = labelsMatch(selector, pod.labels) ? 1 : 0
    if (countAt(value, constraint, pod, node, state) + own - fewest > maxSkew) return unschedulable(MISMATCH)
  }
  return undefined
}

/** updateWithPod. Here, other than in PreFilter, pods that are being deleted count. */
function withChange(pod: PodInfo, other: PodInfo, node: KnownNode, by: 1 | -1, state: Filtering): Filtering {
  const { constraints } = state
  if (other.namespace !== pod.namespace || !hasAllKeys(node, constraints)) return state
  const changes = new Map(state.changes)
  for (const constraint of constraints) {
    if (!labelsMatch(constraint.selector, other.labels) || !counts(constraint, pod.pod, node.node)) continue
    const place = pair(constraint.topologyKey, node.labels[constraint.topologyKey] as string)
    changes.set(place, (changes.get(place) ?? 0) + by)
  }
  return { ...state, changes }
}

/** @param strict nodes that lack a key get nothing */
function scoring(
  pod: PodInfo,
  snapshot: Snapshot,
  feasible: readonly KnownNode[],
  constraints: readonly Constraint[],
  strict: boolean,
): Scoring {
  const complete = strict ? feasible.filter((node) => hasAllKeys(node, constraints)) : feasible
  const ignored = new Set<string>()
  if (complete.length < feasible.length)
    for (const node of feasible) if (!hasAllKeys(node, constraints)) ignored.add(node.name)
  const shared = constraints.some(({ topologyKey }) => topologyKey !== HOSTNAME)
  const { matching } = shared ? matchingPods(pod, constraints, snapshot, strict) : NONE
  const weights = constraints.map(({ topologyKey }) => naturalLogarithm(domainsAmong(complete, topologyKey) + 2))
  return { constraints, matching, weights, ignored }
}

const hasAllKeys = ({ labels }: KnownNode, constraints: readonly Constraint[]): boolean =>
  constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined)

/** Hosts are counted as nodes; a node without the key is in a domain of its own name, ''. */
const domainsAmong = (nodes: readonly KnownNode[], topologyKey: string): number =>
  topologyKey === HOSTNAME ? nodes.length : new Set(nodes.map(({ labels }) => labels[topologyKey] ?? '')).size

/** How many matching pods run where the node is, as far as it counts. */
function countAt(value: string, constraint: Constraint, pod: PodInfo, node: KnownNode, state: Filtering): number {
  const place = pair(constraint.topologyKey, value)
  const more = state.changes.size === 0 ? 0 : (state.changes.get(place) ?? 0)
  if (!state.singleHosts || constraint.topologyKey !== HOSTNAME) return (state.matching.get(place) ?? 0) + more
  // In a dry run the node is not as it was when the counting began.
  const before = state.nodes.get(node.name) as KnownNode
  const included = hasAllKeys(before, state.constraints) && counts(constraint, pod.pod, before.node)
  return (included ? podsMatching(before, constraint, pod.namespace) : 0) + more
}

function fewestNow(
  { fewest, where, elsewhere }: Domains,
  value: string,
  constraint: Constraint,
  pod: PodInfo,
  node: KnownNode,
  state: Filtering,
): number {
  if (!state.changes.has(pair(constraint.topologyKey, value))) return fewest
  return Math.min(where === value ? elsewhere : fewest, countAt(value, constraint, pod, node, state))
}

interface Matching {
  readonly matching: Counts
  /** The hosts that count, when each is one node: they are not among the others. */
  readonly hosts: Domains
}
const NO_DOMAINS: Domains = {
  number: 0,
  fewest: Number.POSITIVE_INFINITY,
  where: '',
  elsewhere: Number.POSITIVE_INFINITY,
}
const NONE: Matching = { matching: NO_COUNTS, hosts: NO_DOMAINS }

/** @param strict nodes that lack a key do not count at all */
function matchingPods(
  pod: PodInfo,
  constraints: readonly Constraint[],
  { nodes, singleHosts }: Snapshot,
  strict: boolean,
): Matching {
  const { namespace } = pod
  const { nodeSelector, affinity, tolerations } = pod.pod.spec
  const selects = [nodeSelector, affinity?.nodeAffinity, tolerations]
  const question = JSON.stringify(['spread', namespace, constraints, strict, singleHosts, ...selects])
  return summed(nodes, question, () => matchingOn(pod, constraints, strict, singleHosts))
}

const matchingOn = (
  { pod, namespace }: PodInfo,
  constraints: readonly Constraint[],
  strict: boolean,
  singleHosts: boolean,
): Sum<Matching> => ({
  zero: NONE,
  of(node) {
    if (strict && !hasAllKeys(node, constraints)) return NONE
    const matching = new Map<string, number>()
    let hosts = NO_DOMAINS
    for (const constraint of constraints) {
      if (!counts(constraint, pod, node.node)) continue
      const { topologyKey } = constraint
      const value = node.labels[topologyKey] ?? ''
      const count = podsMatching(node, constraint, namespace)
      if (singleHosts && topologyKey === HOSTNAME)
        hosts = { number: 1, fewest: count, where: value, elsewhere: Number.POSITIVE_INFINITY }
      else matching.set(pair(topologyKey, value), count)
    }
    return { matching, hosts }
  },
  plus: (a, b) => ({ matching: added(a.matching, b.matching), hosts: both(a.hosts, b.hosts) }),
})

/** Of domains that have none in common. */
function both(a: Domains, b: Domains): Domains {
  if (a.number === 0) return b
  if (b.number === 0) return a
  const [less, more] = a.fewest <= b.fewest ? [a, b] : [b, a]
  return {
    number: a.number + b.number,
    fewest: less.fewest,
    where: less.where,
    elsewhere: Math.min(less.elsewhere, more.fewest),
  }
}

function domainsOf(matching: Counts): Map<string, Domains> {
  const domains = new Map<string, Domains>()
  for (const [place, fewest] of matching) {
    const key = topologyKeyOf(place)
    const one: Domains = { number: 1, fewest, where: place.slice(key.length + 1), elsewhere: Number.POSITIVE_INFINITY }
    domains.set(key, both(domains.get(key) ?? NO_DOMAINS, one))
  }
  return domains
}
