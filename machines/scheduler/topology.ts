/**
 * Sums over nodes by topology: how many pods of some kind run in each zone. A sum is a fold over a tree, remembered per
 * question: asked again, only what changed since is counted again. Where every node is a place of its own (hosts),
 * nothing needs to be summed: who wants to know asks for that node.
 */
import { Fold, type Tree } from '../../runtime/tree.ts'
import type { Node } from '../protocol/objects.ts'
import { Recently } from './recently.ts'

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

/** How a sum is made: nothing, what one entry adds, and two of them together. */
export interface Sum<V, S> {
  readonly zero: S
  readonly of: (entry: V) => S
  readonly plus: (a: S, b: S) => S
}

/** @param question says all that `sum` depends on besides the entries: the same text must mean the same sum. */
export function summed<V, S>(entries: Tree<V>, question: string, sum: () => Sum<V, S>): S {
  return entries.fold(folds.of(question, () => asFold(sum()) as Fold<unknown, unknown>) as Fold<V, S>)
}
const asFold = <V, S>({ zero, of, plus }: Sum<V, S>): Fold<V, S> => new Fold(zero, of, plus)
const folds = new Recently<Fold<unknown, unknown>>(512)

export const talliedBy = <V>(of: (entry: V) => Tally): Sum<V, Tally> => ({ zero: NO_TALLY, of, plus: together })

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

/** What one node adds to a tally, gathered place by place. */
export class Gathering {
  private readonly counts = new Map<string, number>()
  private hits = 0
  private readonly node: Node
  private readonly singleHosts: boolean

  constructor(node: Node, singleHosts: boolean) {
    this.node = node
    this.singleHosts = singleHosts
  }

  /** A node without the label is at no place. @param hits how many pods that is */
  count(topologyKey: string, by: number, hits = 1): void {
    const value = this.node.metadata.labels?.[topologyKey]
    if (value === undefined) return
    this.hits += hits
    if (this.singleHosts && topologyKey === HOSTNAME) return
    const place = pair(topologyKey, value)
    this.counts.set(place, (this.counts.get(place) ?? 0) + by)
  }

  tally(): Tally {
    return this.hits === 0 ? NO_TALLY : { places: this.counts, hits: this.hits }
  }
}
