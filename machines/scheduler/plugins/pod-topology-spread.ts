/** PodTopologySpread: keeps pods that belong together spread over zones and nodes. */

import { labelsMatch } from '../../lib/selector.ts'
import { type Plugin, SKIP, unresolvable, unschedulable, type Verdict } from '../framework.ts'
import type { KnownNode } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { type Domains, domainsOf, hasAll, type Spread, spreadOf } from '../spread-counts.ts'
import { normalized, type Scoring, scoresOf, scoring } from '../spread-scores.ts'
import { constraintsOf, counts, keysOf, type SpreadDefaults } from '../spreading.ts'
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
  scoreEach: (_, nodes, state) => scoresOf(nodes, state),
  normalize: (scores, state) => normalized(scores, state),
})

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
