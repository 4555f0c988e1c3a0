import { expect, test } from 'vitest'
import { alarmed, costOf, forbidden } from '../../../../../machines/etcd/maintenance/alarms.ts'
import type { AlarmRequest } from '../../../../../machines/protocol/etcd-admin.ts'
import type { WriteRequest } from '../../../../../machines/protocol/raft.ts'

const alarm = (action: AlarmRequest['action'], memberId: number, kind: AlarmRequest['alarm']): AlarmRequest => ({
  type: 'etcd.Alarm',
  action,
  memberId,
  alarm: kind,
})
const put: WriteRequest = { type: 'etcd.Put', key: 'k', value: 'four' }
const nospace = { memberId: 1, alarm: 'nospace' } as const
const corrupt = { memberId: 2, alarm: 'corrupt' } as const

test('an alarm is raised once, told by its kind, and disarmed by whose it is', () => {
  expect(alarmed([], alarm('activate', 1, 'nospace'))).toEqual([[nospace], [nospace]])
  expect(alarmed([nospace], alarm('activate', 1, 'nospace'))).toEqual([[nospace], [nospace]])
  expect(alarmed([nospace], alarm('activate', 1, 'none'))).toEqual([[nospace], []])
  expect(alarmed([nospace, corrupt], alarm('get', 0, 'none'))[1]).toEqual([nospace, corrupt])
  expect(alarmed([nospace, corrupt], alarm('get', 0, 'corrupt'))[1]).toEqual([corrupt])
  expect(alarmed([nospace], alarm('deactivate', 0, 'nospace'))).toEqual([[nospace], []])
  expect(alarmed([nospace], alarm('deactivate', 1, 'nospace'))).toEqual([[], [nospace]])
})

test('without space nothing may grow; what may be corrupt is not touched at all', () => {
  const remove: WriteRequest = { type: 'etcd.DeleteRange', key: 'k' }
  expect(forbidden([], put)).toBeUndefined()
  expect(forbidden([nospace], put)?.error).toContain('space exceeded')
  expect(forbidden([nospace], { type: 'etcd.LeaseGrant', id: 1, ttlSeconds: 5 })?.code).toBe(8)
  expect(forbidden([nospace], remove)).toBeUndefined()
  expect(forbidden([corrupt], remove)?.error).toBe('etcdserver: corrupt cluster')
  expect(forbidden([corrupt], alarm('get', 0, 'none'))).toBeUndefined()
})

test('a transaction costs what the dearer of its branches does', () => {
  expect(costOf(put)).toBe(256 + 1 + 4)
  const two = { type: 'etcd.Txn' as const, compare: [], success: [put, put], failure: [put] }
  expect(costOf(two)).toBe(2 * 261)
  expect(costOf({ type: 'etcd.Txn', compare: [], success: [], failure: [two] })).toBe(2 * 261)
})
