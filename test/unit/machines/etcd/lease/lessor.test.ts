import fc from 'fast-check'
import { expect, test } from 'vitest'
import { granted, leaseOf, noLeases } from '../../../../../machines/etcd/lease/leases.ts'
import {
  demoted,
  dropped,
  expired,
  nextLookMs,
  promoted,
  remainingSeconds,
  renewed,
} from '../../../../../machines/etcd/lease/lessor.ts'

const leases = granted(granted(noLeases, 1, 10), 2, 60)
const one = leaseOf(leases, 1) as NonNullable<ReturnType<typeof leaseOf>>

test('a new leader gives every lease its whole time, and an election timeout more', () => {
  const lessor = promoted(leases, 5_000, 1_000)
  expect(lessor.expiresAt.toJSON()).toEqual({ 1: 16_000, 2: 66_000 })
})

test('the time left is told in whole seconds, one less than granted at once', () => {
  const lessor = renewed(demoted, one, 0)
  expect([0, 1, 999, 1_000, 9_999, 10_001].map((at) => remainingSeconds(lessor, 1, at))).toEqual([9, 9, 9, 8, 0, -1])
  expect(remainingSeconds(lessor, 9, 0)).toBe(-1)
})

test('what has expired is proposed to be revoked, and again after 3 s', () => {
  const [ids, later] = expired(promoted(leases, 0, 0), 10_001)
  expect(ids).toEqual([1])
  expect(expired(later, 12_000)[0]).toEqual([])
  expect(expired(later, 13_002)[0]).toEqual([1])
  expect(expired(dropped(later, 1), 50_000)[0]).toEqual([])
})

test('whatever parts of a millisecond instants have, what is over has expired, and nothing else', () => {
  const micros = fc.integer({ min: 1_767_225_600_000_000, max: 1_767_225_610_000_000 })
  fc.assert(
    fc.property(fc.array(micros, { maxLength: 12 }), micros, (granted, now) => {
      const since = (lessor: typeof demoted, at: number, id: number) =>
        renewed(lessor, { ...one, id, ttlSeconds: 2 }, at / 1_000)
      const over = granted.flatMap((at, id) => (at + 2_000_000 < now ? [id] : []))
      expect(expired(granted.reduce(since, demoted), now / 1_000)[0].toSorted((a, b) => a - b)).toEqual(over)
    }),
  )
})

test('the leader looks every half second, but not before something is due', () => {
  const lessor = renewed(demoted, one, 0)
  expect(nextLookMs(lessor, 200, 0)).toBe(10_200)
  expect(nextLookMs(lessor, 200, 20_000)).toBe(200)
  expect(nextLookMs(demoted, 200, 0)).toBeUndefined()
})

test('a lease is for two seconds at least', () => {
  expect(leaseOf(granted(noLeases, 3, -5), 3)?.ttlSeconds).toBe(2)
})
