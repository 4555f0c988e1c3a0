/**
 * A persistent sorted map from text: a B+tree whose old versions stay valid. Setting a key copies one path, so a fork
 * costs nothing and unchanged parts are shared. Keys are in byte order of UTF-16 code units, as `<` compares them.
 *
 * Any loop over a tree must be pure; a sum over it that is asked for again and again is a `Fold`.
 */
const FANOUT = 32

interface Leaf<V> {
  readonly leaf: true
  readonly keys: readonly string[]
  readonly values: readonly V[]
}
interface Branch<V> {
  readonly leaf: false
  readonly keys: readonly string[]
  readonly nodes: readonly Node<V>[]
}
type Node<V> = Leaf<V> | Branch<V>

export class Tree<V> {
  private readonly root: Node<V>
  readonly size: number

  private constructor(root: Node<V>, size: number) {
    this.root = root
    this.size = size
  }

  private static readonly empty: Tree<never> = new Tree<never>({ leaf: true, keys: [], values: [] }, 0)

  static of<V>(entries: Iterable<readonly [string, V]> = []): Tree<V> {
    let tree: Tree<V> = Tree.empty
    for (const [key, value] of entries) tree = tree.set(key, value)
    return tree
  }

  get(key: string): V | undefined {
    let node = this.root
    while (!node.leaf) node = node.nodes[childFor(node.keys, key)] as Node<V>
    const i = lowerBound(node.keys, key)
    return node.keys[i] === key ? node.values[i] : undefined
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  set(key: string, value: V): Tree<V> {
    const grown = { by: 0 }
    const parts = set(this.root, key, value, grown)
    const root: Node<V> = parts.length === 1 ? first(parts) : { leaf: false, keys: parts.map(leastKey), nodes: parts }
    return new Tree(root, this.size + grown.by)
  }

  delete(key: string): Tree<V> {
    const root = remove(this.root, key)
    if (root === this.root) return this
    return root === undefined ? Tree.of<V>() : new Tree(shrunk(root), this.size - 1)
  }

  /** The value under the key is replaced by what `change` makes of it; `undefined` deletes the key. */
  update(key: string, change: (value: V | undefined) => V | undefined): Tree<V> {
    const value = change(this.get(key))
    return value === undefined ? this.delete(key) : this.set(key, value)
  }

  /** In order of keys. */
  each(visit: (value: V, key: string) => void): void {
    each(this.root, visit)
  }

  /** Keys from `from` (inclusive) to `to` (exclusive; to the end when absent), in order, until `visit` returns false. */
  range(from: string, to: string | undefined, visit: (value: V, key: string) => boolean | undefined): void {
    range(this.root, from, to, visit)
  }

  /** A summary of the whole, remembered for every node: after a change only the copied path is summed again. */
  fold<S>(by: Fold<V, S>): S {
    return fold(this.root, by)
  }

  /** The same for keys from `from` (inclusive) to `to` (exclusive; to the end when absent): two paths are summed anew. */
  foldBetween<S>(from: string, to: string | undefined, by: Fold<V, S>): S {
    return foldBetween(this.root, from, to, by)
  }

  /**
   * What is other than in an earlier version, each with its value then, in no order. Parts that both share are not
   * looked at, so next versions cost one path; what has no common past is compared whole.
   */
  differences(was: Tree<V>, visit: (key: string, now: V | undefined, then: V | undefined) => void): void {
    differences(this.root, was.root, visit)
  }

  keys(): string[] {
    const all: string[] = []
    this.each((_, key) => all.push(key))
    return all
  }

  values(): V[] {
    const all: V[] = []
    this.each((value) => all.push(value))
    return all
  }

  entries(): (readonly [string, V])[] {
    const all: (readonly [string, V])[] = []
    this.each((value, key) => all.push([key, value]))
    return all
  }

  toJSON(): Record<string, V> {
    return Object.fromEntries(this.entries())
  }
}

/** How to sum a tree up. `of` and `plus` must be pure, and `plus` associative. */
export class Fold<V, S> {
  readonly zero: S
  readonly of: (value: V, key: string) => S
  readonly plus: (a: S, b: S) => S
  readonly known = new WeakMap<object, S>()

  constructor(zero: S, of: (value: V, key: string) => S, plus: (a: S, b: S) => S) {
    this.zero = zero
    this.of = of
    this.plus = plus
  }
}

/** The first index whose key is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

/** The last child whose least key is not above `key`, or the first. */
function childFor(keys: readonly string[], key: string): number {
  const i = lowerBound(keys, key)
  return keys[i] === key ? i : Math.max(0, i - 1)
}

const first = <T>(list: readonly T[]): T => list[0] as T
const leastKey = <V>(node: Node<V>): string => first(node.keys)

const inserted = <T>(list: readonly T[], at: number, item: T): readonly T[] => list.toSpliced(at, 0, item)
const without = <T>(list: readonly T[], at: number): readonly T[] => list.toSpliced(at, 1)

function replaced<T>(list: readonly T[], at: number, item: T): T[] {
  const copy = list.slice()
  copy[at] = item
  return copy
}

function set<V>(node: Node<V>, key: string, value: V, grown: { by: number }): readonly Node<V>[] {
  return node.leaf ? setInLeaf(node, key, value, grown) : setInBranch(node, key, value, grown)
}

function setInLeaf<V>(node: Leaf<V>, key: string, value: V, grown: { by: number }): readonly Node<V>[] {
  const i = lowerBound(node.keys, key)
  if (node.keys[i] === key) return [{ leaf: true, keys: node.keys, values: replaced(node.values, i, value) }]
  grown.by = 1
  const keys = inserted(node.keys, i, key)
  const values = inserted(node.values, i, value)
  if (keys.length <= FANOUT) return [{ leaf: true, keys, values }]
  const half = keys.length >> 1
  return [
    { leaf: true, keys: keys.slice(0, half), values: values.slice(0, half) },
    { leaf: true, keys: keys.slice(half), values: values.slice(half) },
  ]
}

function setInBranch<V>(node: Branch<V>, key: string, value: V, grown: { by: number }): readonly Node<V>[] {
  const i = childFor(node.keys, key)
  const [left, right] = set(node.nodes[i] as Node<V>, key, value, grown) as readonly [Node<V>, Node<V>?]
  const least = leastKey(left)
  const keys = least === node.keys[i] ? node.keys : replaced(node.keys, i, least)
  const nodes = replaced(node.nodes, i, left)
  return right === undefined
    ? [{ leaf: false, keys, nodes }]
    : halved(inserted(keys, i + 1, leastKey(right)), inserted(nodes, i + 1, right))
}

/** One branch, or two when it has grown too wide. */
function halved<V>(keys: readonly string[], nodes: readonly Node<V>[]): readonly Node<V>[] {
  if (nodes.length <= FANOUT) return [{ leaf: false, keys, nodes }]
  const half = nodes.length >> 1
  return [
    { leaf: false, keys: keys.slice(0, half), nodes: nodes.slice(0, half) },
    { leaf: false, keys: keys.slice(half), nodes: nodes.slice(half) },
  ]
}

function remove<V>(node: Node<V>, key: string): Node<V> | undefined {
  if (node.leaf) {
    const i = lowerBound(node.keys, key)
    if (node.keys[i] !== key) return node
    if (node.keys.length === 1) return undefined
    return { leaf: true, keys: without(node.keys, i), values: without(node.values, i) }
  }
  const i = childFor(node.keys, key)
  const child = remove(node.nodes[i] as Node<V>, key)
  if (child === node.nodes[i]) return node
  if (child !== undefined) return { leaf: false, keys: node.keys, nodes: replaced(node.nodes, i, child) }
  if (node.nodes.length === 1) return undefined
  return { leaf: false, keys: without(node.keys, i), nodes: without(node.nodes, i) }
}

/** A root with one child is that child. */
function shrunk<V>(root: Node<V>): Node<V> {
  return !root.leaf && root.nodes.length === 1 ? shrunk(first(root.nodes)) : root
}

function each<V>(node: Node<V>, visit: (value: V, key: string) => void): void {
  if (!node.leaf) for (const child of node.nodes) each(child, visit)
  else for (let i = 0; i < node.keys.length; i++) visit(node.values[i] as V, node.keys[i] as string)
}

function range<V>(
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

function fold<V, S>(node: Node<V>, by: Fold<V, S>): S {
  const known = by.known.get(node)
  if (known !== undefined) return known
  let sum = by.zero
  if (!node.leaf) for (const child of node.nodes) sum = by.plus(sum, fold(child, by))
  else for (let i = 0; i < node.keys.length; i++) sum = by.plus(sum, by.of(node.values[i] as V, node.keys[i] as string))
  by.known.set(node, sum)
  return sum
}

/** A child holds keys from its own least to that of the next: those between the first and the last lie inside whole. */
function foldBetween<V, S>(node: Node<V>, from: string, to: string | undefined, by: Fold<V, S>): S {
  const { keys } = node
  const isInside = (i: number): boolean => (keys[i] as string) >= from && isBefore(keys[i + 1], to)
  let sum = by.zero
  for (let i = node.leaf ? lowerBound(keys, from) : childFor(keys, from); i < keys.length; i++) {
    const key = keys[i] as string
    if (to !== undefined && key >= to) break
    if (node.leaf) sum = by.plus(sum, by.of(node.values[i] as V, key))
    else {
      const child = node.nodes[i] as Node<V>
      sum = by.plus(sum, isInside(i) ? fold(child, by) : foldBetween(child, from, to, by))
    }
  }
  return sum
}

/** Of the next child, if there is one, and where the range ends. */
const isBefore = (next: string | undefined, to: string | undefined): boolean =>
  to === undefined || (next !== undefined && next <= to)

type Difference<V> = (key: string, now: V | undefined, then: V | undefined) => void

/** Nodes with the same keys hold the same ranges, part by part; of others every entry is compared. */
function differences<V>(now: Node<V>, then: Node<V>, visit: Difference<V>): void {
  if (now === then) return
  if (now.leaf || then.leaf || !sameKeys(now.keys, then.keys)) return compared(now, then, visit)
  for (let i = 0; i < now.nodes.length; i++) differences(now.nodes[i] as Node<V>, then.nodes[i] as Node<V>, visit)
}

const sameKeys = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((key, i) => key === b[i]))

function compared<V>(now: Node<V>, then: Node<V>, visit: Difference<V>): void {
  const before = new Map<string, V>()
  each(then, (value, key) => before.set(key, value))
  each(now, (value, key) => {
    const was = before.get(key)
    before.delete(key)
    if (value !== was) visit(key, value, was)
  })
  for (const [key, was] of before) visit(key, undefined, was)
}
