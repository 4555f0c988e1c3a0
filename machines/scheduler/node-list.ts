/**
 * The known nodes as a list, in the order in which they are looked at, and which of them changed lately: who keeps
 * something about each node looks at those again.
 */
import type { Tree } from '../../runtime/tree.ts'
import type { Snapshot } from './cache.ts'
import type { KnownNode, NodeInfo } from './node-info.ts'
import { type NodeOrder, names } from './node-order.ts'

/** As of one snapshot after the other, as they are asked about: of one future or of another. */
export class NodeList {
  nodes: readonly KnownNode[]
  private tree: Tree<NodeInfo>
  private readonly places: ReadonlyMap<string, number>
  /** Where nodes changed in what counts, the latest last; so many earlier changes are forgotten. */
  private changed: number[] = []
  private forgotten = 0

  constructor(tree: Tree<NodeInfo>, order: NodeOrder) {
    this.tree = tree
    this.nodes = names(order).map((name) => tree.get(name) as KnownNode)
    this.places = new Map(names(order).map((name, i) => [name, i]))
  }

  /** How often a node changed. */
  get version(): number {
    return this.forgotten + this.changed.length
  }

  /** The places of nodes that changed after that version, or undefined when that is too long ago to tell. */
  changedSince(version: number): readonly number[] | undefined {
    return version < this.forgotten ? undefined : this.changed.slice(version - this.forgotten)
  }

  /** Names that have no place are of nodes that are not known: only their pods are. */
  becomes(tree: Tree<NodeInfo>): void {
    if (tree === this.tree) return
    const copy = this.nodes.slice()
    tree.differences(this.tree, (name, now, then) => {
      const place = this.places.get(name)
      if (place === undefined) return
      copy[place] = now as KnownNode
      if (!countsTheSame(now, then)) this.changed.push(place)
    })
    this.tree = tree
    this.nodes = copy
    if (this.changed.length > copy.length) this.forget()
  }

  private forget(): void {
    this.forgotten = this.version
    this.changed = []
  }
}

/** Only the pods themselves have changed, none of which counts otherwise than before: sums are made anew with each change. */
const countsTheSame = (a: NodeInfo | undefined, b: NodeInfo | undefined): boolean =>
  a?.node === b?.node && a?.requested === b?.requested

const lists = new WeakMap<NodeOrder, NodeList>()

export function nodeListOf({ nodes, order }: Pick<Snapshot, 'nodes' | 'order'>): NodeList {
  let list = lists.get(order)
  if (list === undefined) {
    list = new NodeList(nodes, order)
    lists.set(order, list)
  } else list.becomes(nodes)
  return list
}

export const nodesInOrder = (snapshot: Pick<Snapshot, 'nodes' | 'order'>): readonly KnownNode[] =>
  nodeListOf(snapshot).nodes

const found = new WeakMap<
  readonly KnownNode[],
  { readonly list: readonly KnownNode[]; readonly places: readonly number[] }
>()

/** The nodes at these places of the list: nobody has to look for them again. */
export function nodesAt(list: readonly KnownNode[], places: readonly number[]): readonly KnownNode[] {
  const nodes = places.map((place) => list[place] as KnownNode)
  found.set(nodes, { list, places })
  return nodes
}

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
/** The place of a node that is in no list. */
export const NOWHERE = -1
