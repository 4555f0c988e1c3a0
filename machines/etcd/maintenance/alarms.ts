/**
 * Alarms, on which all members agree through the log (package v3alarm, and the appliers that etcd puts in the way while
 * one is raised). Whoever finds the disk full raises one; until an administrator disarms it, nothing may grow.
 */
import type { EtcdFailed, Operation } from '../../protocol/etcd.ts'
import type { Alarm, AlarmRequest } from '../../protocol/etcd-admin.ts'
import type { WriteRequest } from '../../protocol/raft.ts'
import * as failures from '../failures.ts'

export type Alarms = readonly Alarm[]

export const raised = (alarms: Alarms, kind: Alarm['alarm']): Alarms =>
  kind === 'none' ? alarms : alarms.filter(({ alarm }) => alarm === kind)

/** What is raised afterwards, and what the answer tells of: those asked for, or the one that came or went. */
export function alarmed(alarms: Alarms, { action, memberId, alarm }: AlarmRequest): readonly [Alarms, told: Alarms] {
  if (action === 'get') return [alarms, raised(alarms, alarm)]
  const known = alarms.find((each) => each.memberId === memberId && each.alarm === alarm)
  if (action === 'deactivate')
    return known === undefined ? [alarms, []] : [alarms.filter((each) => each !== known), [known]]
  if (alarm === 'none') return [alarms, []]
  const now = known ?? { memberId, alarm }
  return [known === undefined ? [...alarms, now] : alarms, [now]]
}

/** What an alarm forbids when an entry is applied: all of the store while it may be corrupt, else what would grow it. */
export function forbidden(alarms: Alarms, request: WriteRequest): EtcdFailed | undefined {
  if (alarms.length === 0) return undefined
  if (OF_THE_STORE.has(request.type) && raised(alarms, 'corrupt').length > 0) return failures.corrupt
  return raised(alarms, 'nospace').length > 0 && costOf(request) > 0 ? failures.noSpace : undefined
}
const OF_THE_STORE: ReadonlySet<string> = new Set([
  'etcd.Put',
  'etcd.DeleteRange',
  'etcd.Txn',
  'etcd.Compact',
  'etcd.LeaseGrant',
  'etcd.LeaseRevoke',
])

/** etcd's estimates of what a key's metadata and a lease cost. */
const KEY_OVERHEAD = 256
const LEASE_OVERHEAD = 64

/** How many bytes a request would add, at most (backendQuota.Cost). Values that are no text have no size here. */
export function costOf(request: WriteRequest | Operation): number {
  switch (request.type) {
    case 'etcd.Put':
      return KEY_OVERHEAD + request.key.length + lengthOf(request.value)
    case 'etcd.Txn':
      return Math.max(costOfAll(request.success), costOfAll(request.failure))
    case 'etcd.LeaseGrant':
      return LEASE_OVERHEAD
    default:
      return 0
  }
}
const costOfAll = (operations: readonly Operation[]): number =>
  operations.reduce((sum, operation) => sum + costOf(operation), 0)

export const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0)
