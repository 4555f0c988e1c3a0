/** A sum over a tree, remembered for every node: who changes a tree copies one path, and only that is summed again. */
import { childFor, lowerBound } from './heads.ts'
import type { Node } from './nodes.ts'

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

export function fold<V, S>(node: Node<V>, by: Fold<V, S>): S {
  const known = by.known.get(node)
  if (known !== undefined) return known
  let sum = by.zero
  if (!node.leaf) for (const child of node.nodes) sum = by.plus(sum, fold(child, by))
  else for (let i = 0; i < node.keys.length; i++) sum = by.plus(sum, by.of(node.values[i] as V, node.keys[i] as string))
  by.known.set(node, sum)
  return sum
}

/** A child holds keys from its own least to that of the next: those between the first and the last lie inside whole. */
export function foldBetween<V, S>(node: Node<V>, from: string, to: string | undefined, by: Fold<V, S>): S {
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
