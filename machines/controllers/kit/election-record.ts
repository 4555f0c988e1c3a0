/** What an elector knows of a Lease, and since when (leaderelection.LeaderElector's observed record). */
import { rfc3339Micro } from '../../lib/time.ts'
import type { Lease } from '../../protocol/objects.ts'

export interface Observed {
  readonly lease: Lease | undefined
  /** When this record was first seen here, by the own clock. */
  readonly at: number
}
export const nothingObserved: Observed = { lease: undefined, at: 0 }
export const LEASE_DURATION_SECONDS = 15

/** A record that did not change keeps the time of its first sight: only so does it grow old. */
export const observed = (seen: Observed, lease: Lease, at: number): Observed =>
  sameRecord(seen.lease, lease) ? { lease, at: seen.at } : { lease, at }

/** After an own write: seen anew, whatever it says. */
export const written = (lease: Lease, at: number): Observed => ({ lease, at })

export const isHeldBy = ({ lease }: Observed, identity: string): boolean => lease?.spec?.holderIdentity === identity

/** LeaderElector.isLeaseValid: by the duration in the record. */
export const isValid = (seen: Observed, now: number): boolean =>
  seen.at + (seen.lease?.spec?.leaseDurationSeconds ?? 0) * 1_000 > now

export const isHeldByAnother = (seen: Observed, identity: string, now: number): boolean =>
  (seen.lease?.spec?.holderIdentity ?? '') !== '' && isValid(seen, now) && !isHeldBy(seen, identity)

/** The record to write: a renewal keeps when it was acquired, a take-over counts one transition more. */
export function claimedBy(seen: Observed, identity: string, name: string, now: number): Lease {
  const was = seen.lease?.spec
  const mine = isHeldBy(seen, identity)
  const time = rfc3339Micro(now)
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: seen.lease?.metadata ?? { name, namespace: 'kube-system' },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_DURATION_SECONDS,
      acquireTime: (mine ? was?.acquireTime : undefined) ?? time,
      renewTime: time,
      leaseTransitions: seen.lease === undefined ? 0 : (was?.leaseTransitions ?? 0) + (mine ? 0 : 1),
    },
  }
}

function sameRecord(a: Lease | undefined, b: Lease): boolean {
  const was = a?.spec
  const is = b.spec
  return (
    was !== undefined &&
    was.holderIdentity === is?.holderIdentity &&
    was.renewTime === is?.renewTime &&
    was.acquireTime === is?.acquireTime &&
    was.leaseDurationSeconds === is?.leaseDurationSeconds &&
    was.leaseTransitions === is?.leaseTransitions
  )
}
