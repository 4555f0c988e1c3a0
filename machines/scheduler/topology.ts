/**
 * Sums over all nodes by topology: how many pods of some kind run in each zone. A sum is a fold over the tree of nodes,
 * remembered per question: asked again, only nodes that changed since are counted again. Where every node is a place of
 * its own (hosts), nothing needs to be summed: who wants to know asks the node itself.
 */
import { Fold, type Tree } from '../../runtime/tree.ts'
import { isKnown, type KnownNode, type NodeInfo } from './node-info.ts'

/** By topology pair. An entry is there, even if it is 0, once anything was counted. */
export type Counts = ReadonlyMap<string, number>
export const NO_COUNTS: Counts = new Map()

export interface Tally {
  /** Without the hosts, when each host is one node. */
  readonly places: Counts
  /** How often anything was counted, hosts too. */
  readonly hits: number
}
export const NO_TALLY: Tally = { places: NO_COUNTS, hits: 0 }

export const HOSTNAME = 'kubernetes.io/hostname'

/** A label of a node, as a place: `topology.kubernetes.io/zone` and `a`. */
export const pair = (topologyKey: string, value: string): string => `${topologyKey}\0${value}`
export const topologyKeyOf = (pair: string): string => pair.slice(0, pair.indexOf('\0'))

/** How a sum is made: nothing, what one node adds, and two of them together. */
export interface Sum<S> {
  readonly zero: S
  readonly of: (node: KnownNode) => S
  readonly plus: (a: S, b: S) => S
}

/** @param question says all that `sum` depends on besides the nodes: the same text must mean the same sum. */
export function summed<S>(nodes: Tree<NodeInfo>, question: string, sum: () => Sum<S>): S {
  let fold = folds.get(question) as Fold<NodeInfo, S> | undefined
  if (fold === undefined) {
    if (folds.size >= MOST_REMEMBERED) folds.clear()
    const { zero, of, plus } = sum()
    fold = new Fold<NodeInfo, S>(zero, (node) => (isKnown(node) ? of(node) : zero), plus)
    folds.set(question, fold as Fold<NodeInfo, unknown>)
  }
  return nodes.fold(fold)
}
const MOST_REMEMBERED = 512
const folds = new Map<string, Fold<NodeInfo, unknown>>()

export const talliedBy = (of: (node: KnownNode) => Tally): Sum<Tally> => ({ zero: NO_TALLY, of, plus: together })

export function together(a: Tally, b: Tally): Tally {
  if (a.hits === 0) return b
  return b.hits === 0 ? a : { places: added(a.places, b.places), hits: a.hits + b.hits }
}

export function added(a: Counts, b: Counts): Counts {
  if (a.size === 0) return b
  if (b.size === 0) return a
  const [more, fewer] = a.size >= b.size ? [a, b] : [b, a]
  const counts = new Map(more)
  for (const [place, count] of fewer) counts.set(place, (counts.get(place) ?? 0) + count)
  return counts
}

/** The tally with so much more, or less, at some places. */
export function changed(tally: Tally, { places, hits }: Tally, by: 1 | -1): Tally {
  if (hits === 0) return tally
  const counts = new Map(tally.places)
  for (const [place, count] of places) counts.set(place, (counts.get(place) ?? 0) + by * count)
  return { places: counts, hits: tally.hits + by * hits }
}

/** What each node adds to one tally, gathered place by place. */
export class Gathering {
  private readonly counts = new Map<string, number>()
  private hits = 0
  private readonly node: KnownNode
  private readonly singleHosts: boolean

  constructor(node: KnownNode, singleHosts: boolean) {
    this.node = node
    this.singleHosts = singleHosts
  }

  /** A node without the label is at no place. */
  count(topologyKey: string, by: number): void {
    const value = this.node.labels[topologyKey]
    if (value === undefined) return
    this.hits++
    if (this.singleHosts && topologyKey === HOSTNAME) return
    const place = pair(topologyKey, value)
    this.counts.set(place, (this.counts.get(place) ?? 0) + by)
  }

  tally(): Tally {
    return this.hits === 0 ? NO_TALLY : { places: this.counts, hits: this.hits }
  }
}
