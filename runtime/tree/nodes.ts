/** The nodes of a B+tree whose old versions stay valid: who changes one copies it, and with it the path that leads there. */
import { childFor, type Headed, headed, headless, likelyPlace, lowerBound } from './heads.ts'

const FANOUT = 32

export interface Leaf<V> extends Headed {
  readonly leaf: true
  readonly values: readonly V[]
}
/** `keys` are the least keys of its nodes, when these came; a least key that was deleted stands as long as its node. */
export interface Branch<V> extends Headed {
  readonly leaf: false
  readonly nodes: readonly Node<V>[]
}
export type Node<V> = Leaf<V> | Branch<V>

export const EMPTY: Leaf<never> = { leaf: true, ...headless([]), values: [] }

/** How a tree grows. */
export interface Growth<V> {
  /** Whether it is so large that its nodes want heads. */
  readonly isLarge: boolean
  /** Whether the new key is behind all others: nobody has to look for its place. */
  readonly isAtEnd: boolean
  /** By how many keys it has grown. */
  by: number
  /** What found no room in the node that was just made: its next neighbour. */
  beside: Node<V> | undefined
}

export function get<V>(root: Node<V>, key: string): V | undefined {
  let node = root
  while (!node.leaf) node = node.nodes[childFor(node.keys, key)] as Node<V>
  const i = lowerBound(node.keys, key)
  return node.keys[i] === key ? node.values[i] : undefined
}
/** The same in a large tree: a key that lies where it is likely to be is found there; otherwise all is compared. */
export function getByHeads<V>(root: Node<V>, key: string): V | undefined {
  let node = root
  while (!node.leaf) node = node.nodes[likelyPlace(node, key)] as Node<V>
  const i = likelyPlace(node, key)
  if (node.keys[i] === key) return node.values[i]
  return isBehind(root, key) ? undefined : get(root, key)
}

/** A large tree with another value under a key that lies where it is likely to be; otherwise undefined. */
export function replacing<V>(node: Node<V>, key: string, value: V): Node<V> | undefined {
  const i = likelyPlace(node, key)
  if (node.leaf) return node.keys[i] === key ? leafOf(kept(node), replaced(node.values, i, value)) : undefined
  const child = replacing(node.nodes[i] as Node<V>, key, value)
  return child && branchOf(kept(node), replaced(node.nodes, i, child))
}
const kept = (node: Headed): Headed => (node.heads.length === 0 ? headed(node.keys) : node)

/** Whether a key is behind all others: what counts as it comes always is. */
export function isBehind<V>(root: Node<V>, key: string): boolean {
  let node = root
  while (!node.leaf) node = node.nodes[node.nodes.length - 1] as Node<V>
  return node.keys.length === 0 || (node.keys[node.keys.length - 1] as string) < key
}

/** The tree with a value under a key. */
export function set<V>(root: Node<V>, key: string, value: V, growth: Growth<V>): Node<V> {
  const made = setIn(root, key, value, growth)
  const { beside } = growth
  return beside === undefined ? made : branchOf(headless([leastKey(made), leastKey(beside)]), [made, beside])
}

/** The tree without a key: the same when it is not there, undefined when nothing is left. */
export function remove<V>(node: Node<V>, key: string): Node<V> | undefined {
  if (node.leaf) {
    const i = lowerBound(node.keys, key)
    if (node.keys[i] !== key) return node
    if (node.keys.length === 1) return undefined
    return leafOf(headless(without(node.keys, i)), without(node.values, i))
  }
  const i = childFor(node.keys, key)
  const child = remove(node.nodes[i] as Node<V>, key)
  if (child === node.nodes[i]) return node
  if (child !== undefined) return branchOf(node, replaced(node.nodes, i, child))
  if (node.nodes.length === 1) return undefined
  return branchOf(headless(without(node.keys, i)), without(node.nodes, i))
}
/** A root with one child is that child. */
export function shrunk<V>(root: Node<V>): Node<V> {
  return !root.leaf && root.nodes.length === 1 ? shrunk(first(root.nodes)) : root
}

export function each<V>(node: Node<V>, visit: (value: V, key: string) => void): void {
  if (!node.leaf) for (const child of node.nodes) each(child, visit)
  else for (let i = 0; i < node.keys.length; i++) visit(node.values[i] as V, node.keys[i] as string)
}

export function range<V>(
  node: Node<V>,
  from: string,
  to: string | undefined,
  visit: (value: V, key: string) => boolean | undefined,
): boolean {
  const start = node.leaf ? lowerBound(node.keys, from) : childFor(node.keys, from)
  for (let i = start; i < node.keys.length; i++) {
    const key = node.keys[i] as string
    if (to !== undefined && key >= to) return false
    if (node.leaf ? visit(node.values[i] as V, key) === false : !range(node.nodes[i] as Node<V>, from, to, visit))
      return false
  }
  return true
}

const first = <T>(list: readonly T[]): T => list[0] as T
const leastKey = <V>(node: Node<V>): string => first(node.keys)

/** An engine inserts into a list that had nothing in it as if it were one of numbers. */
const inserted = <T>(list: readonly T[], at: number, item: T): readonly T[] =>
  list.length === 0 ? [item] : list.toSpliced(at, 0, item)
const without = <T>(list: readonly T[], at: number): readonly T[] => list.toSpliced(at, 1)

function replaced<T>(list: readonly T[], at: number, item: T): T[] {
  const copy = list.slice()
  copy[at] = item
  return copy
}

const leafOf = <V>({ keys, skip, heads }: Headed, values: readonly V[]): Leaf<V> => ({
  leaf: true,
  keys,
  skip,
  heads,
  values,
})
const branchOf = <V>({ keys, skip, heads }: Headed, nodes: readonly Node<V>[]): Branch<V> => ({
  leaf: false,
  keys,
  skip,
  heads,
  nodes,
})

function setIn<V>(node: Node<V>, key: string, value: V, growth: Growth<V>): Node<V> {
  return node.leaf ? setInLeaf(node, key, value, growth) : setInBranch(node, key, value, growth)
}
function setInLeaf<V>(node: Leaf<V>, key: string, value: V, growth: Growth<V>): Node<V> {
  const i = growth.isAtEnd ? node.keys.length : lowerBound(node.keys, key)
  if (node.keys[i] === key) return leafOf(node, replaced(node.values, i, value))
  growth.by = 1
  const keys = inserted(node.keys, i, key)
  const values = inserted(node.values, i, value)
  if (keys.length <= FANOUT) return leafOf(withOne(keys, growth, node, i), values)
  const half = parting(keys, i)
  growth.beside = leafOf(headedFor(growth, keys.slice(half)), values.slice(half))
  return leafOf(headedFor(growth, keys.slice(0, half)), values.slice(0, half))
}

function setInBranch<V>(node: Branch<V>, key: string, value: V, growth: Growth<V>): Node<V> {
  const i = growth.isAtEnd ? node.keys.length - 1 : childFor(node.keys, key)
  const child = setIn(node.nodes[i] as Node<V>, key, value, growth)
  const least = leastKey(child)
  const before = least === node.keys[i] ? node : headless(replaced(node.keys, i, least))
  const nodes = replaced(node.nodes, i, child)
  return growth.beside === undefined ? branchOf(before, nodes) : widened(before, nodes, i + 1, growth)
}
/** With the node that found no room beside its neighbour at a place of its own. */
function widened<V>(before: Headed, nodes: readonly Node<V>[], at: number, growth: Growth<V>): Node<V> {
  const child = growth.beside as Node<V>
  growth.beside = undefined
  const keys = inserted(before.keys, at, leastKey(child))
  const all = inserted(nodes, at, child)
  if (keys.length <= FANOUT) return branchOf(withOne(keys, growth, before, at), all)
  const half = parting(keys, at)
  growth.beside = branchOf(headedFor(growth, keys.slice(half)), all.slice(half))
  return branchOf(headedFor(growth, keys.slice(0, half)), all.slice(0, half))
}

const headedFor = <V>({ isLarge }: Growth<V>, keys: readonly string[]): Headed =>
  isLarge ? headed(keys) : headless(keys)
const withOne = <V>(keys: readonly string[], { isLarge }: Growth<V>, before: Headed, at: number): Headed =>
  isLarge ? headed(keys, before, at) : headless(keys)

/** In the middle; but what grows at its end, key by key, leaves full nodes behind. */
const parting = ({ length }: readonly string[], at: number): number => (at === length - 1 ? at : length >> 1)
