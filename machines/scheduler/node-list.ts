/** The known nodes as a list, in the order in which they are looked at. Made anew only where a node changed. */
import type { Tree } from '../../runtime/tree.ts'
import { NOWHERE } from './answers.ts'
import type { Snapshot } from './cache.ts'
import type { KnownNode, NodeInfo } from './node-info.ts'
import { type NodeOrder, names } from './node-order.ts'

interface Listed {
  readonly nodes: Tree<NodeInfo>
  readonly list: readonly KnownNode[]
}
const last = new WeakMap<NodeOrder, Listed>()

export function nodesInOrder({ nodes, order }: Pick<Snapshot, 'nodes' | 'order'>): readonly KnownNode[] {
  const before = last.get(order)
  if (before?.nodes === nodes) return before.list
  const list = before === undefined ? listed(nodes, order) : changed(before, nodes, order)
  last.set(order, { nodes, list })
  return list
}

const listed = (nodes: Tree<NodeInfo>, order: NodeOrder): readonly KnownNode[] =>
  names(order).map((name) => nodes.get(name) as KnownNode)

/** Names that have no place are of nodes that are not known: only their pods are. */
function changed({ nodes: then, list }: Listed, nodes: Tree<NodeInfo>, order: NodeOrder): readonly KnownNode[] {
  const places = placesOf(order)
  const copy = list.slice()
  nodes.differences(then, (name, now) => {
    const place = places.get(name)
    if (place !== undefined) copy[place] = now as KnownNode
  })
  return copy
}

const places = new WeakMap<NodeOrder, ReadonlyMap<string, number>>()

function placesOf(order: NodeOrder): ReadonlyMap<string, number> {
  const known = places.get(order) ?? new Map(names(order).map((name, i) => [name, i]))
  places.set(order, known)
  return known
}

const found = new WeakMap<
  readonly KnownNode[],
  { readonly list: readonly KnownNode[]; readonly places: readonly number[] }
>()

/** Where each of these nodes stands in the list. Nodes in the order of the list, round it, are found in one round. */
export function placesIn(list: readonly KnownNode[], nodes: readonly KnownNode[]): readonly number[] {
  const before = found.get(nodes)
  if (before?.list === list) return before.places
  let place = 0
  const places = nodes.map((node) => {
    let left = list.length
    while (left > 0 && list[place] !== node) {
      place = (place + 1) % list.length
      left--
    }
    return left > 0 ? place : NOWHERE
  })
  found.set(nodes, { list, places })
  return places
}
