/**
 * A persistent sorted map from text: a B+tree whose old versions stay valid. Setting a key copies one path, so a fork
 * costs nothing and unchanged parts are shared. Keys are in byte order of UTF-16 code units, as `<` compares them.
 *
 * Any loop over a tree must be pure; a sum over it that is asked for again and again is a `Fold`.
 */
import { type Difference, differences } from './tree/differences.ts'
import { type Fold, fold, foldBetween } from './tree/fold.ts'
import {
  EMPTY,
  each,
  get,
  getByHeads,
  isBehind,
  type Node,
  range,
  remove,
  replacing,
  set,
  shrunk,
} from './tree/nodes.ts'

export { Fold } from './tree/fold.ts'
export { numberKey } from './tree/number-key.ts'

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
    const isAtEnd = isBehind(this.root, key)
    const same = this.isLarge && !isAtEnd ? replacing(this.root, key, value) : undefined
    if (same !== undefined) return new Tree(same, this.size)
    const growth = { isLarge: this.isLarge, isAtEnd, by: 0, beside: undefined }
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
  differences(was: Tree<V>, visit: Difference<V>): void {
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
