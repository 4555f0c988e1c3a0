/**
 * A persistent sorted map from text: a B+tree whose old versions stay valid. Setting a key copies one path, so a fork
 * costs nothing and unchanged parts are shared. Keys are in byte order of UTF-16 code units, as `<` compares them.
 *
 * Any loop over a tree must be pure; a sum over it that is asked for again and again is a `Fold`.
 */
import { childFor, lowerBound } from './tree/heads.ts'
import { EMPTY, each, get, getByHeads, type Node, range, remove, replacing, set, shrunk } from './tree/nodes.ts'

/** From so many keys on a processor's caches do not hold them. */
const LARGE = 2 ** 13

export class Tree<V> {
  private readonly root: Node<V>
  readonly size: number

  private get isLarge(): boolean {
    return this.size >= LARGE
  }

  private constructor(root: Node<V>, size: number) {
    this.root = root
    this.size = size
  }

  private static readonly empty: Tree<never> = new Tree<never>(EMPTY, 0)

  static of<V>(entries: Iterable<readonly [string, V]> = []): Tree<V> {
    let tree: Tree<V> = Tree.empty
    for (const [key, value] of entries) tree = tree.set(key, value)
    return tree
  }

  get(key: string): V | undefined {
    return this.isLarge ? getByHeads(this.root, key) : get(this.root, key)
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  set(key: string, value: V): Tree<V> {
    const same = this.isLarge ? replacing(this.root, key, value) : undefined
    if (same !== undefined) return new Tree(same, this.size)
    const growth = { isLarge: this.isLarge, by: 0 }
    return new Tree(set(this.root, key, value, growth), this.size + growth.by)
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
  if (now.leaf !== then.leaf || !sameKeys(now.keys, then.keys)) return compared(now, then, visit)
  now.keys.forEach((key, i) => {
    if (!now.leaf && !then.leaf) differences(now.nodes[i] as Node<V>, then.nodes[i] as Node<V>, visit)
    else if (now.leaf && then.leaf && now.values[i] !== then.values[i]) visit(key, now.values[i], then.values[i])
  })
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
