import { expect, test } from 'vitest'
import { mergePatch, unlike } from './matching.ts'

test('a patch makes the one out of the other', () => {
  expect(mergePatch({ a: 1, b: { c: [1], d: 2 }, e: 3 }, { a: 1, b: { c: [1, 2], d: 2 }, f: 4 })).toEqual({
    b: { c: [1, 2] },
    e: null,
    f: 4,
  })
  expect(mergePatch({ a: [1] }, { a: [1] })).toBeUndefined()
  expect(mergePatch({ a: 1 }, 2)).toBe(2)
})
test('a placeholder stands for any text, and for nothing else', () => {
  expect(unlike({ a: 'x', b: ['y'] }, { a: '<id>', b: ['y'] })).toEqual([])
  expect(unlike({ a: '' }, { a: '<id>' })).toHaveLength(1)
  expect(unlike({ a: 3 }, { a: '<id>' })).toHaveLength(1)
})
test('what is more, less or otherwise is told', () => {
  expect(unlike({ a: 1, b: 2 }, { a: 1, c: 2 })).toHaveLength(2)
  expect(unlike([1, 2], [2, 1])).toHaveLength(2)
  expect(unlike([1], [1, 2])).toEqual(['[1]: undefined is not 2'])
})
