/**
 * The scores of topology spread (podtopologyspread/scoring.go). What is the case on each node is remembered node by node,
 * so that only those are looked at that changed.
 */
import { Remembered } from './answers.ts'
import type { Snapshot } from './cache.ts'
import { MAX_NODE_SCORE, scores } from './framework.ts'
import { naturalLogarithm } from './natural-logarithm.ts'
import type { KnownNode } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import { candidatesFor } from './pods-by-label.ts'
import { question } from './question.ts'
import { countOnNode, isCarried, spreadOf } from './spread-counts.ts'
import { type Constraint, keysOf } from './spreading.ts'
import { HOSTNAME } from './topology.ts'

export interface Scoring {
  readonly counted: readonly Counted[]
  /** Which of the feasible nodes lack a topology key and get nothing; undefined: none. */
  readonly ignored: ReadonlySet<number> | undefined
}
interface Counted {
  readonly maxSkew: number
  /** How many pods run in the domain of each of the feasible nodes. */
  readonly pods: readonly OfNode<number>[]
  /** The more domains, the more each pod counts. */
  readonly weight: number
}
/** Null: the node lacks the topology key. */
type OfNode<T> = T | null

/** @param strict nodes that lack a key get nothing */
export function scoring(
  pod: PodInfo,
  snapshot: Snapshot,
  feasible: readonly KnownNode[],
  constraints: readonly Constraint[],
  strict: boolean,
): Scoring {
  const ignored = strict ? incomplete(feasible, constraints, snapshot) : undefined
  const keys = strict ? keysOf(constraints) : []
  // Of a key that no node carries, nothing is counted.
  const carried = constraints.filter(({ topologyKey }) => isCarried(topologyKey, snapshot))
  const counted = carried.map((constraint): Counted => {
    const { maxSkew, topologyKey } = constraint
    if (topologyKey === HOSTNAME) {
      const pods = countedOnEach(pod, constraint, feasible, snapshot)
      return { maxSkew, pods, weight: weightOf(feasible.length - (ignored?.size ?? 0)) }
    }
    const domains = domainOfEach(feasible, topologyKey, snapshot)
    const { matching } = spreadOf(pod, constraint, keys, snapshot)
    const pods = domains.map((domain) => (domain === null ? null : (matching.get(domain) ?? 0)))
    return { maxSkew, pods, weight: weightOf(domainsAmong(domains, ignored)) }
  })
  return { counted, ignored }
}

function incomplete(
  nodes: readonly KnownNode[],
  constraints: readonly Constraint[],
  snapshot: Snapshot,
): Scoring['ignored'] {
  const lacking = new Set<number>()
  for (const { topologyKey } of constraints)
    domainOfEach(nodes, topologyKey, snapshot).forEach((domain, i) => {
      if (domain === null) lacking.add(i)
    })
  return lacking.size === 0 ? undefined : lacking
}

/** topologyNormalizingWeight. */
const weightOf = (domains: number): number => naturalLogarithm(domains + 2)

/** Hosts are counted as nodes; a node without the key is in a domain of its own name, ''. */
function domainsAmong(domains: readonly OfNode<string>[], ignored: Scoring['ignored']): number {
  const different = new Set<string>()
  for (let i = 0; i < domains.length; i++) if (!ignored?.has(i)) different.add(domains[i] ?? '')
  return different.size
}

/** The domain in which each of the nodes lies. */
export const domainOfEach = (
  nodes: readonly KnownNode[],
  topologyKey: string,
  snapshot: Snapshot,
): readonly OfNode<string>[] =>
  domains.ofEach(topologyKey, snapshot, nodes, ({ labels }) => labels[topologyKey] ?? null)
const domains = new Remembered<OfNode<string>>()

/** How many pods that the constraint counts run on each of the nodes, as they are in the cluster. */
export function countedOnEach(
  { namespace }: PodInfo,
  constraint: Constraint,
  nodes: readonly KnownNode[],
  snapshot: Snapshot,
): readonly OfNode<number>[] {
  const { selector, topologyKey } = constraint
  const candidates = candidatesFor(snapshot.labelled, selector)
  if (candidates.size === 0)
    return domainOfEach(nodes, topologyKey, snapshot).map((domain) => (domain === null ? null : 0))
  const count = countOnNode(namespace, constraint, candidates)
  const ask = (node: KnownNode) => (node.labels[topologyKey] === undefined ? null : count(node))
  return counts.ofEach(question(namespace, selector, topologyKey), snapshot, nodes, ask)
}
const counts = new Remembered<OfNode<number>>()

/** scoreForCount, of all constraints. */
export function scoresOf(nodes: readonly KnownNode[], { counted, ignored }: Scoring): readonly number[] {
  const rounded = scores(nodes.length)
  for (let i = 0; i < rounded.length; i++) if (!ignored?.has(i)) rounded[i] = Math.round(sumAt(i, counted))
  return rounded
}

function sumAt(node: number, counted: Scoring['counted']): number {
  let sum = 0
  for (const { maxSkew, pods, weight } of counted) {
    const count = pods[node] as OfNode<number>
    if (count !== null) sum += count * weight + (maxSkew - 1)
  }
  return sum
}

/** The fewer the better: the node with the least gets 100. */
export function normalized(raw: readonly number[], { ignored }: Scoring): readonly number[] {
  let least = Number.POSITIVE_INFINITY
  let most = 0
  for (let i = 0; i < raw.length; i++) {
    if (ignored?.has(i)) continue
    least = Math.min(least, raw[i] as number)
    most = Math.max(most, raw[i] as number)
  }
  const all = scores(raw.length, most === 0 ? MAX_NODE_SCORE : 0)
  for (let i = 0; i < all.length; i++)
    if (ignored?.has(i)) all[i] = 0
    else if (most > 0) all[i] = Math.trunc((MAX_NODE_SCORE * (most + least - (raw[i] as number))) / most)
  return all
}
