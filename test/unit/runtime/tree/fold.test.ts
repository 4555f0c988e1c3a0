import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fold, Tree } from '../../../../runtime/tree.ts'
import { type Change, changes, grown, holds, key, sorted } from './changes.ts'

/** The tree as one text: order matters. */
const text = () =>
  new Fold<number, string>(
    '',
    (value, key) => `${key}=${value};`,
    (a, b) => a + b,
  )

test('the sum is the sum of all, before and after any change, in order of keys', () =>
  holds(
    fc.property(changes, changes, (first, second) => {
      const all = text()
      const written = (list: readonly Change[]) => sorted(list).map(([key, value]) => `${key}=${value};`)
      const old = grown(first)
      expect(old.fold(all)).toBe(written(first).join(''))
      expect(grown(second, old).fold(all)).toBe(written([...first, ...second]).join(''))
    }),
  ))

test('the sum of what lies between two keys is that of the range', () =>
  holds(
    fc.property(changes, key, fc.option(key, { nil: undefined }), (list, from, to) => {
      let expected = ''
      const tree = grown(list)
      tree.range(from, to, (value, key) => {
        expected += `${key}=${value};`
        return true
      })
      expect(tree.foldBetween(from, to, text())).toBe(expected)
    }),
  ))

const tree = Tree.of(Array.from({ length: 10_000 }, (_, i) => [`key-${i}`, i] as const))

test('a sum asks again only for what was changed', () => {
  let asked = 0
  const sum = new Fold<number, number>(
    0,
    (value) => {
      asked++
      return value
    },
    (a, b) => a + b,
  )
  expect(tree.fold(sum)).toBe(49_995_000)
  asked = 0
  expect(tree.set('key-1', 2).fold(sum)).toBe(49_995_001)
  expect(asked).toBeLessThanOrEqual(33)
})
