/**
 * Sums over all nodes by topology: how many pods of some kind run in each zone, on each host. A sum is a fold over the
 * tree of nodes, remembered per question: asked again, only nodes that changed since are counted again.
 */
import { Fold, type Tree } from '../../runtime/tree.ts'
import { isKnown, type KnownNode, type NodeInfo } from './node-info.ts'

/** By topology pair. An entry is there, even if it is 0, once anything was counted. */
export type Counts = ReadonlyMap<string, number>
export const NO_COUNTS: Counts = new Map()

/** A label of a node, as a place: `topology.kubernetes.io/zone` and `a`. */
export const pair = (topologyKey: string, value: string): string => `${topologyKey}\0${value}`
export const topologyKeyOf = (pair: string): string => pair.slice(0, pair.indexOf('\0'))

/** @param question says all that `of` depends on besides the node: the same text must mean the same sum. */
export function summed(nodes: Tree<NodeInfo>, question: string, of: (node: KnownNode) => Counts): Counts {
  let fold = folds.get(question)
  if (fold === undefined) {
    if (folds.size >= MOST_REMEMBERED) folds.clear()
    fold = new Fold<NodeInfo, Counts>(NO_COUNTS, (node) => (isKnown(node) ? of(node) : NO_COUNTS), added)
    folds.set(question, fold)
  }
  return nodes.fold(fold)
}
const MOST_REMEMBERED = 512
const folds = new Map<string, Fold<NodeInfo, Counts>>()

export function added(a: Counts, b: Counts): Counts {
  if (a.size === 0) return b
  if (b.size === 0) return a
  const [more, fewer] = a.size >= b.size ? [a, b] : [b, a]
  const counts = new Map(more)
  for (const [place, count] of fewer) counts.set(place, (counts.get(place) ?? 0) + count)
  return counts
}
