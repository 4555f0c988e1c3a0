/** The known nodes as a list, in the order in which they are looked at. Made anew only where a node changed. */
import { Fold, type Tree } from '../../runtime/tree.ts'
import type { Snapshot } from './cache.ts'
import { isKnown, type KnownNode, type NodeInfo } from './node-info.ts'
import { type NodeOrder, names } from './node-order.ts'

const lists = new WeakMap<Tree<NodeInfo>, readonly KnownNode[]>()

export function nodesInOrder({ nodes, order }: Pick<Snapshot, 'nodes' | 'order'>): readonly KnownNode[] {
  let list = lists.get(nodes)
  if (list === undefined) {
    const byName = nodes.fold(BY_NAME)
    list = ranksOf(order).map((rank) => byName[rank] as KnownNode)
    lists.set(nodes, list)
  }
  return list
}

const BY_NAME = new Fold<NodeInfo, readonly KnownNode[]>(
  [],
  (node) => (isKnown(node) ? [node] : []),
  (a, b) => (a.length === 0 ? b : b.length === 0 ? a : a.concat(b)),
)

const ranks = new WeakMap<NodeOrder, readonly number[]>()

/** Of each node in turn, its place among all by name. */
function ranksOf(order: NodeOrder): readonly number[] {
  let list = ranks.get(order)
  if (list === undefined) {
    const byName = new Map(order.places.keys().map((name, i) => [name, i]))
    list = names(order).map((name) => byName.get(name) as number)
    ranks.set(order, list)
  }
  return list
}
