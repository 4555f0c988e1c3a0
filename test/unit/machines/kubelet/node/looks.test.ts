import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Look, lookAt, lookFrom } from '../../../../../machines/kubelet/node/looks.ts'

const FIRST: Look = { number: 0, at: 1_000_000 }
const looks = (count: number, dice = 7): readonly Look[] => {
  const all = [FIRST]
  while (all.length <= count) all.push(lookFrom(all.at(-1) as Look, 0 + (all.at(-1) as Look).at, dice))
  return all
}

test('looks are 10.0 to 10.4 s apart', () => {
  const all = looks(200)
  const gaps = all.slice(1).map(({ at }, i) => at - (all[i] as Look).at)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(10_400)
  expect(new Set(gaps).size).toBeGreaterThan(100)
})
test('which looks were made changes nothing about when they come', () => {
  const all = looks(40)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 90_000 }), (from, after) => {
      const last = all[from] as Look
      const next = all.find(({ number, at }) => number > last.number && at >= last.at + after)
      expect(lookFrom(last, last.at + after, 7)).toEqual(next)
    }),
  )
})
test('a look of the loop is known as such, another is none of it', () => {
  const [, , second] = looks(2) as readonly [Look, Look, Look]
  expect(lookAt(FIRST, second.at, 7)).toEqual(second)
  expect(lookAt(FIRST, second.at - 3_000, 7)).toBe(FIRST)
})
test('a clock that was set does not stop the loop', () => {
  expect(lookFrom(FIRST, 5_000, 7).at - 5_000).toBeLessThan(10_401)
  expect(lookFrom(FIRST, FIRST.at + 1e9, 7).at - FIRST.at - 1e9).toBeLessThan(10_401)
})
