import { describe, expect, test } from 'vitest'
import {
  claimedBy,
  isHeldByAnother,
  isValid,
  nothingObserved,
  observed,
  written,
} from '../../../../../machines/controllers/kit/election-record.ts'

const lease = claimedBy(nothingObserved, 'cp-1', 'kube-scheduler', 0)

describe('the record of an election', () => {
  test('is as old as its first sight here, whatever time it bears', () => {
    const seen = observed(nothingObserved, lease, 1_000_000)
    expect(isHeldByAnother(seen, 'cp-2', 1_014_999)).toBe(true)
    expect(isHeldByAnother(seen, 'cp-2', 1_015_000)).toBe(false)
    expect(observed(seen, { ...lease }, 1_010_000).at).toBe(1_000_000)
    expect(observed(seen, claimedBy(seen, 'cp-1', 'kube-scheduler', 5), 1_010_000).at).toBe(1_010_000)
  })

  test('is free when nobody is named', () => {
    const released = { ...lease, spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 } }
    expect(isHeldByAnother(observed(nothingObserved, released, 0), 'cp-2', 1)).toBe(false)
  })

  test('a renewal keeps when it was acquired, a take-over counts a transition', () => {
    const seen = written(lease, 0)
    expect(claimedBy(seen, 'cp-1', '', 2_000).spec).toMatchObject({
      acquireTime: lease.spec?.acquireTime,
      renewTime: '1970-01-01T00:00:02.000000Z',
      leaseTransitions: 0,
    })
    expect(claimedBy(seen, 'cp-2', '', 2_000).spec).toMatchObject({
      acquireTime: '1970-01-01T00:00:02.000000Z',
      leaseTransitions: 1,
    })
    expect(isValid(nothingObserved, 1)).toBe(false)
  })
})
