import { expect, test } from 'vitest'
import { allowed, fullBucket, reserved } from '../../../../../machines/controllers/kit/token-bucket.ts'

const RATE = { perSecond: 20, burst: 30 }

test('a burst passes at once, then one each 50 ms', () => {
  let bucket = fullBucket(RATE, 0)
  const waits: number[] = []
  for (let i = 0; i < 33; i++) {
    const [next, wait] = reserved(bucket, RATE, 0)
    bucket = next
    waits.push(wait)
  }
  expect(waits.slice(0, 30).every((wait) => wait === 0)).toBe(true)
  expect(waits.slice(30)).toEqual([50, 100, 150])
})

test('tokens come back with time, up to the burst', () => {
  const empty = { tokens: 0, countedAt: 0 }
  expect(allowed(empty, RATE, 49)).toBeUndefined()
  expect(allowed(empty, RATE, 50)).toEqual({ tokens: 0, countedAt: 50 })
  expect(allowed(empty, RATE, 60_000)?.tokens).toBe(29)
})
