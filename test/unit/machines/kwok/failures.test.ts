import { expect, test } from 'vitest'
import { backOffMs, isPassing } from '../../../../machines/kwok/failures.ts'
import { ok, refused } from './fixtures.ts'

test('what the server may do better soon passes, what it means does not', () => {
  for (const reason of ['ServerTimeout', 'Timeout', 'ServiceUnavailable', 'TooManyRequests'])
    expect(isPassing(refused(500, reason))).toBe(true)
  expect(isPassing(refused(404, 'NotFound'))).toBe(false)
  expect(isPassing(ok())).toBe(false)
})

test('back-off doubles from a second to 32 minutes, each up to a fifth longer', () => {
  for (const [retries, least] of [
    [0, 1_000],
    [3, 8_000],
    [40, 1_920_000],
  ] as const) {
    expect(backOffMs(retries, 7, 'default/web')).toBeGreaterThanOrEqual(least)
    expect(backOffMs(retries, 7, 'default/web')).toBeLessThan(least * 1.2)
  }
})
