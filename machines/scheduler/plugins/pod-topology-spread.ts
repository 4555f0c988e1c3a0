/** PodTopologySpread: keeps pods that belong together spread over zones and nodes. */

import { labelsMatch } from '../../lib/selector.ts'
import type { Snapshot } from '../cache.ts'
import { MAX_NODE_SCORE, type Plugin, SKIP, unresolvable, unschedulable } from '../framework.ts'
import { naturalLogarithm } from '../natural-logarithm.ts'
import type { KnownNode } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { type Constraint, constraintsOf, counts, HOSTNAME, podsMatching } from '../spreading.ts'
import { type Counts, pair, summed, topologyKeyOf } from '../topology.ts'

interface Filtering {
  readonly constraints: readonly Constraint[]
  readonly matching: Counts
  /** By topology key; a key that no node carries is missing. */
  readonly domains: ReadonlyMap<string, Domains>
}
interface Domains {
  readonly number: number
  readonly fewest: number
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

export const podTopologySpread: Plugin<Filtering, Scoring> = {
  name: 'PodTopologySpread',
  preFilter(pod, snapshot) {
    const constraints = constraintsOf(pod, 'DoNotSchedule', snapshot)
    if (constraints.length === 0) return SKIP
    const matching = matchingPods(pod, constraints, snapshot, true)
    return { state: { constraints, matching, domains: domainsOf(matching) } }
  },
  filter(pod, { labels }, { constraints, matching, domains }) {
    for (const { topologyKey, selector, maxSkew, minDomains } of constraints) {
      const value = labels[topologyKey]
      if (value === undefined) return unresolvable(`${MISMATCH} (missing required label)`)
      const known = domains.get(topologyKey)
      if (known === undefined) continue
      const fewest = known.number < minDomains ? 0 : known.fewest
      const own = labelsMatch(selector, pod.labels) ? 1 : 0
      if ((matching.get(pair(topologyKey, value)) ?? 0) + own - fewest > maxSkew) return unschedulable(MISMATCH)
    }
    return undefined
  },
  preScore(pod, snapshot, feasible) {
    const constraints = constraintsOf(pod, 'ScheduleAnyway', snapshot)
    if (constraints.length === 0) return SKIP
    const strict = (pod.pod.spec.topologySpreadConstraints ?? []).length > 0
    const complete = strict ? feasible.filter((node) => hasAllKeys(node, constraints)) : feasible
    const ignored = new Set(feasible.filter((node) => !complete.includes(node)).map(({ name }) => name))
    const matching = matchingPods(pod, constraints, snapshot, strict)
    const weights = constraints.map(({ topologyKey }) => naturalLogarithm(domainsAmong(complete, topologyKey) + 2))
    return { state: { constraints, matching, weights, ignored } }
  },
  score(pod, node, { constraints, matching, weights, ignored }) {
    if (ignored.has(node.name)) return 0
    let score = 0
    constraints.forEach((constraint, i) => {
      const { topologyKey, maxSkew } = constraint
      const value = node.labels[topologyKey]
      if (value === undefined) return
      const byHost = topologyKey === HOSTNAME
      const count = byHost
        ? podsMatching(node, constraint, pod.namespace)
        : (matching.get(pair(topologyKey, value)) ?? 0)
      score += count * (weights[i] as number) + (maxSkew - 1)
    })
    return Math.round(score)
  },
  /** The fewer the better: the node with the least gets 100. */
  normalize(scores, { ignored }, nodes) {
    const eligible = scores.filter((_, i) => !ignored.has((nodes[i] as KnownNode).name))
    const least = Math.min(...eligible)
    const most = Math.max(0, ...eligible)
    return scores.map((score, i) => {
      if (ignored.has((nodes[i] as KnownNode).name)) return 0
      return most === 0 ? MAX_NODE_SCORE : Math.trunc((MAX_NODE_SCORE * (most + least - score)) / most)
    })
  },
}

const hasAllKeys = ({ labels }: KnownNode, constraints: readonly Constraint[]): boolean =>
  constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined)

/** Hosts are counted as nodes; a node without the key is in a domain of its own name, ''. */
const domainsAmong = (nodes: readonly KnownNode[], topologyKey: string): number =>
  topologyKey === HOSTNAME ? nodes.length : new Set(nodes.map(({ labels }) => labels[topologyKey] ?? '')).size

/** @param strict nodes that lack a key do not count at all */
function matchingPods(
  { pod, namespace }: PodInfo,
  constraints: readonly Constraint[],
  { nodes }: Snapshot,
  strict: boolean,
): Counts {
  const { nodeSelector, affinity, tolerations } = pod.spec
  const question = ['spread', namespace, constraints, strict, nodeSelector, affinity?.nodeAffinity, tolerations]
  return summed(nodes, JSON.stringify(question), (node) => {
    const sums = new Map<string, number>()
    if (strict && !hasAllKeys(node, constraints)) return sums
    for (const constraint of constraints)
      if (counts(constraint, pod, node.node)) {
        const place = pair(constraint.topologyKey, node.labels[constraint.topologyKey] ?? '')
        sums.set(place, podsMatching(node, constraint, namespace))
      }
    return sums
  })
}

/** The critical paths: how many domains each key has, and the fewest pods in one. */
function domainsOf(matching: Counts): ReadonlyMap<string, Domains> {
  const domains = new Map<string, Domains>()
  for (const [place, count] of matching) {
    const key = topologyKeyOf(place)
    const known = domains.get(key)
    domains.set(key, { number: (known?.number ?? 0) + 1, fewest: Math.min(known?.fewest ?? count, count) })
  }
  return domains
}
