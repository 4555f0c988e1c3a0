import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Tree } from '../../../../runtime/tree.ts'
import { changes, grown, holds } from './changes.ts'

test('the differences lead from an earlier version to a later one', () =>
  holds(
    fc.property(changes, changes, fc.boolean(), (first, second, related) => {
      const was = grown(first)
      const now = related ? grown(second, was) : grown(second)
      let rebuilt = was
      now.differences(was, (key, value, then) => {
        expect(then).toBe(was.get(key))
        rebuilt = value === undefined ? rebuilt.delete(key) : rebuilt.set(key, value)
      })
      expect(rebuilt.entries()).toEqual(now.entries())
    }),
  ))

const tree = Tree.of(Array.from({ length: 10_000 }, (_, i) => [`key-${i}`, i] as const))

test('the differences of the next version are looked for on its path alone', () => {
  const seen: string[] = []
  const text: [string, number | undefined][] = []
  const now = tree.set('key-5000', -1)
  now.differences(tree, (key, value) => text.push([key, value]))
  expect(text).toEqual([['key-5000', -1]])
  now.differences(now, (key) => seen.push(key))
  expect(seen).toEqual([])
})
