import { expect, test } from 'vitest'
import { backOffMs, nextBackOff, noBackOff } from '../../../../../machines/controllers/kit/back-off.ts'

test('a reflector backs off by 800 ms × 2 to 30 s, and begins anew after two quiet minutes', () => {
  let backOff = noBackOff
  const waits: number[] = []
  for (let i = 0; i < 8; i++) {
    backOff = nextBackOff(backOff, i)
    waits.push(backOffMs(backOff, 0))
  }
  expect(waits).toEqual([800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000])
  expect(backOffMs(nextBackOff(backOff, 7 + 120_001), 0)).toBe(800)
})

test('the jitter stretches a wait up to its double', () => {
  const backOff = nextBackOff(noBackOff, 0)
  expect(backOffMs(backOff, 2 ** 31)).toBe(1_200)
  expect(backOffMs(backOff, 2 ** 32 - 1)).toBeLessThan(1_600)
})
