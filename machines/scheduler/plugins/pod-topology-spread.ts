/** PodTopologySpread: keeps pods that belong together spread over zones and nodes. */

import { labelsMatch } from '../../lib/selector.ts'
import type { Snapshot } from '../cache.ts'
import { MAX_NODE_SCORE, type Plugin, SKIP, unresolvable, unschedulable, type Verdict } from '../framework.ts'
import { naturalLogarithm } from '../natural-logarithm.ts'
import type { KnownNode } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { countedOnEach, type Domains, domainsOf, hasAll, type Spread, spreadOf } from '../spread-counts.ts'
import { type Constraint, constraintsOf, counts, type SpreadDefaults } from '../spreading.ts'
import { type Counts, HOSTNAME, NO_COUNTS, pair } from '../topology.ts'

interface Filtering {
  readonly spreads: readonly Filtered[]
  /** The topology keys of all constraints. */
  readonly keys: readonly string[]
  /** What a dry run changed of the numbers of matching pods: only the places of one node. */
  readonly changes: Counts
  readonly singleHosts: boolean
}
interface Filtered extends Spread {
  /** Undefined when no node carries the key. */
  readonly domains: Domains | undefined
}
interface Scoring {
  readonly counted: readonly Counted[]
  /** The more domains, the more each pod counts. */
  readonly weights: readonly number[]
  /** Nodes that lack a topology key get nothing. */
  readonly ignored: ReadonlySet<string>
}
interface Counted {
  readonly constraint: Constraint
  /** How many pods run on each of the feasible nodes, or undefined when it counts by place. */
  readonly onNodes: readonly number[] | undefined
  readonly atPlaces: Counts
}
const MISMATCH = "node(s) didn't match pod topology spread constraints"

export const podTopologySpread = (defaults: SpreadDefaults): Plugin<Filtering, Scoring> => ({
  name: 'PodTopologySpread',
  preFilter(pod, snapshot) {
    const constraints = constraintsOf(pod, 'DoNotSchedule', snapshot, defaults)
    if (constraints.length === 0) return SKIP
    const keys = keysOf(constraints)
    const spreads = constraints.map((constraint) => {
      const spread = spreadOf(pod, constraint, keys, snapshot)
      return { ...spread, domains: domainsOf(pod, spread, keys, snapshot) }
    })
    return { state: { spreads, keys, changes: NO_COUNTS, singleHosts: snapshot.singleHosts } }
  },
  filter: (pod, node, state) => firstObjection(pod, node, state),
  adjusted: (pod, other, node, by, state) => withChange(pod, other, node, by, state),
  preScore(pod, snapshot, feasible) {
    const constraints = constraintsOf(pod, 'ScheduleAnyway', snapshot, defaults)
    if (constraints.length === 0) return SKIP
    const strict = !defaults.system || (pod.pod.spec.topologySpreadConstraints ?? []).length > 0
    return { state: scoring(pod, snapshot, feasible, constraints, strict) }
  },
  score(_, node, { counted, weights, ignored }, which) {
    if (ignored.size > 0 && ignored.has(node.name)) return 0
    let score = 0
    for (let i = 0; i < counted.length; i++) {
      const { constraint, onNodes, atPlaces } = counted[i] as Counted
      const place = node.labels[constraint.topologyKey]
      if (place === undefined) continue
      const count = onNodes === undefined ? (atPlaces.get(place) ?? 0) : (onNodes[which] as number)
      score += count * (weights[i] as number) + (constraint.maxSkew - 1)
    }
    return Math.round(score)
  },
  /** The fewer the better: the node with the least gets 100. */
  normalize(scores, { ignored }, nodes) {
    let least = Number.POSITIVE_INFINITY
    let most = 0
    const isIgnored = (i: number) => ignored.size > 0 && ignored.has((nodes[i] as KnownNode).name)
    scores.forEach((score, i) => {
      if (isIgnored(i)) return
      least = Math.min(least, score)
      most = Math.max(most, score)
    })
    return scores.map((score, i) => {
      if (isIgnored(i)) return 0
      return most === 0 ? MAX_NODE_SCORE : Math.trunc((MAX_NODE_SCORE * (most + least - score)) / most)
    })
  },
})

const keysOf = (constraints: readonly Constraint[]): readonly string[] =>
  constraints.map(({ topologyKey }) => topologyKey).sort()

function firstObjection(pod: PodInfo, node: KnownNode, state: Filtering): Verdict | undefined {
  for (const spread of state.spreads) {
    const { topologyKey, selector, maxSkew, minDomains } = spread.constraint
    const value = node.labels[topologyKey]
    if (value === undefined) return unresolvable(`${MISMATCH} (missing required label)`)
    const { domains } = spread
    if (domains === undefined) continue
    const number = countAt(value, spread, pod, node, state)
    const more = state.changes.get(pair(topologyKey, value))
    const fewest =
      domains.number < minDomains ? 0 : more === undefined ? domains.fewest : fewestNow(domains, number, more)
    const own = labelsMatch(selector, pod.labels) ? 1 : 0
    if (number + own - fewest > maxSkew) return unschedulable(MISMATCH)
  }
  return undefined
}

/** @param number of pods in the domain that a dry run changed, @param more than there were before */
function fewestNow({ fewest, holders, elsewhere }: Domains, number: number, more: number): number {
  const wasAlone = holders === 1 && number - more === fewest
  return Math.min(wasAlone ? elsewhere : fewest, number)
}

/** How many matching pods run where the node is, as far as it counts. */
function countAt(value: string, spread: Filtered, pod: PodInfo, node: KnownNode, state: Filtering): number {
  const { topologyKey } = spread.constraint
  const more = state.changes.size === 0 ? 0 : (state.changes.get(pair(topologyKey, value)) ?? 0)
  if (!state.singleHosts || topologyKey !== HOSTNAME) return (spread.matching.get(value) ?? 0) + more
  const included = hasAll(node.node, state.keys) && counts(spread.constraint, pod.pod, node.node)
  return (included ? spread.onNode(node) : 0) + more
}

/** updateWithPod. Here, other than in PreFilter, pods that are being deleted count. */
function withChange(pod: PodInfo, other: PodInfo, node: KnownNode, by: 1 | -1, state: Filtering): Filtering {
  if (other.namespace !== pod.namespace || !hasAll(node.node, state.keys)) return state
  const changes = new Map(state.changes)
  for (const { constraint } of state.spreads) {
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
  const keys = keysOf(constraints)
  const complete = strict ? feasible.filter(({ node }) => hasAll(node, keys)) : feasible
  const ignored = new Set<string>()
  if (complete.length < feasible.length)
    for (const { name, node } of feasible) if (!hasAll(node, keys)) ignored.add(name)
  const counted = constraints.map((constraint): Counted => {
    if (constraint.topologyKey === HOSTNAME)
      return { constraint, onNodes: countedOnEach(pod, constraint, feasible, snapshot), atPlaces: NO_COUNTS }
    const { matching } = spreadOf(pod, constraint, strict ? keys : [], snapshot)
    return { constraint, onNodes: undefined, atPlaces: matching }
  })
  const weights = constraints.map(({ topologyKey }) => naturalLogarithm(domainsAmong(complete, topologyKey) + 2))
  return { counted, weights, ignored }
}

/** Hosts are counted as nodes; a node without the key is in a domain of its own name, ''. */
function domainsAmong(nodes: readonly KnownNode[], topologyKey: string): number {
  if (topologyKey === HOSTNAME) return nodes.length
  const domains = new Set<string>()
  for (const { labels } of nodes) domains.add(labels[topologyKey] ?? '')
  return domains.size
}
