import { describe, expect, test } from 'vitest'
import { EMPTY, each, get, getByHeads, isBehind, type Node, replacing, set } from '../../../../runtime/tree/nodes.ts'

const grown = (keys: readonly string[], isLarge = false): Node<number> =>
  keys.reduce(
    (root: Node<number>, key, i) =>
      set(root, key, i, { isLarge, isAtEnd: isBehind(root, key), by: 0, beside: undefined }),
    EMPTY,
  )
const leaves = (node: Node<number>): readonly number[] => (node.leaf ? [node.keys.length] : node.nodes.flatMap(leaves))
const numbered = (n: number): readonly string[] =>
  Array.from({ length: n }, (_, i) => `key-${String(i).padStart(5, '0')}`)

describe('what grows', () => {
  test('at its end leaves full leaves behind', () => {
    const all = leaves(grown(numbered(1_000)))
    expect(all.slice(0, -1).every((length) => length === 32)).toBe(true)
  })
  test('anywhere else has leaves that are half full at least', () => {
    expect(Math.min(...leaves(grown(numbered(1_000).toReversed())))).toBeGreaterThanOrEqual(16)
  })
})

test.each([0, 1, 1_000])('of %i keys, a key is behind all others only when it is greater than the last', (n) => {
  const root = grown(numbered(n))
  expect(isBehind(root, 'key-99999')).toBe(true)
  if (n > 0) for (const key of ['a', 'key-00000', numbered(n).at(-1) as string]) expect(isBehind(root, key)).toBe(false)
})

describe('what is replaced', () => {
  const root = grown(numbered(1_000))
  test('is copied on the path that leads there, and nowhere else', () => {
    const other = replacing(root, 'key-00500', -1) as Node<number>
    expect([get(root, 'key-00500'), get(other, 'key-00500')]).toEqual([500, -1])
    expect([getByHeads(root, 'key-00500'), getByHeads(other, 'key-00500')]).toEqual([500, -1])
    expect(root.leaf || other.leaf || root.nodes.filter((node, i) => node !== other.nodes[i]).length).toBe(1)
  })
  test('has to be there', () => {
    expect(replacing(root, 'key-00500+', -1)).toBeUndefined()
  })
})

test.each([false, true])('a key that begins as no other does is found all the same; with heads: %s', (isLarge) => {
  const keys = [...numbered(1_000), ...['zebra', 'zoo', '\0', 'k', 'key']]
  const root = grown(keys, isLarge)
  expect(keys.map((key) => get(root, key))).toEqual(keys.map((_, i) => i))
  expect(keys.map((key) => getByHeads(root, key))).toEqual(keys.map((_, i) => i))
  expect(['key-', 'key-00500+', 'a', 'zz'].map((key) => getByHeads(root, key))).toEqual(Array(4).fill(undefined))
  const seen: string[] = []
  each(root, (_, key) => seen.push(key))
  expect(seen).toEqual(keys.toSorted())
})
