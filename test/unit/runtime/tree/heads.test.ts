import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { headed, likelyPlace } from '../../../../runtime/tree/heads.ts'

/** Alike at their beginning, at their end, not at all; one the beginning of another. */
const key = fc.oneof(
  fc.integer({ min: 0, max: 5_000 }).map((n) => `pods/default/web-${n}`),
  fc.string({ maxLength: 4, unit: 'binary' }),
  fc.constantFrom('', '\0', 'a', 'a\0', 'a\0\0\0\0', 'é', '\ud83d\ude00', '\uffff'),
)
const keys = fc
  .uniqueArray(key, { minLength: 1, maxLength: 40 })
  .map((list) => list.toSorted((a, b) => (a < b ? -1 : 1)))

describe('of sorted keys', () => {
  test('each is found where it is', () =>
    fc.assert(
      fc.property(keys, (list) => {
        expect(list.map((each) => likelyPlace(headed(list), each))).toEqual(list.map((_, i) => i))
      }),
    ))
  test('what begins as they do belongs behind the place that is told', () =>
    fc.assert(
      fc.property(keys, fc.string({ maxLength: 4 }), (list, rest) => {
        const known = headed(list)
        const other = `${(list[0] as string).slice(0, known.skip)}${rest}`
        const below = list.filter((each) => each <= other).length
        expect(likelyPlace(known, other)).toBe(Math.max(0, below - 1))
      }),
    ))
  test('one more is as if it had always been there', () =>
    fc.assert(
      fc.property(keys, fc.nat(), (list, at) => {
        const place = at % list.length
        expect(headed(list, headed(list.toSpliced(place, 1)), place)).toEqual(headed(list))
      }),
    ))
})

test('keys that differ late are told apart by what they differ in', () => {
  const { skip, heads } = headed(['/registry/pods/default/pod-0000017', '/registry/pods/default/pod-0000024'])
  expect(skip).toBe('/registry/pods/default/pod-00000'.length)
  expect(new Set(heads).size).toBe(2)
})
