import { expect, test } from 'vitest'
import { restartDelayMs, restartsCounted } from '../../../../machines/host/restart.ts'

const policy = { firstMs: 1_000, baseMs: 10_000, maxMs: 300_000, resetMs: 600_000 }

test('restarts come at once, then after 10, 20, 40 … seconds, at most 5 minutes', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 50].map((restarts) => restartDelayMs(policy, restarts) / 1_000)
  expect(delays).toEqual([1, 10, 20, 40, 80, 160, 300, 300, 300])
})

test('ten minutes of running forgive all restarts', () => {
  expect(restartsCounted(policy, 4, 599_999)).toBe(4)
  expect(restartsCounted(policy, 4, 600_000)).toBe(0)
})
