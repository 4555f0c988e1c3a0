import { expect, test } from 'vitest'
import { admitted, unlimited } from '../../../../machines/scheduler/client-limit.ts'

test('so many at once, then so many per second', () => {
  let limit = unlimited(50, 3)
  const waits = [1_000, 1_000, 1_000, 1_000, 1_000, 1_060].map((at) => {
    const [waitMs, next] = admitted(limit, at)
    limit = next
    return waitMs
  })
  expect(waits).toEqual([0, 0, 0, 20, 40, 0])
})
test('tokens that nobody took do not pile up', () => {
  let [, limit] = admitted(unlimited(50, 1), 0)
  limit = admitted(limit, 100_000)[1]
  expect(admitted(limit, 100_000)[0]).toBe(20)
})
