import { expect, test } from 'vitest'
import { etcdCompactor } from '../../../../machines/apiserver/compactor.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const fresh = () => born(etcdCompactor, { etcd: ['etcd/cp-1', 'etcd/cp-2'] })
const won = (revision: number) => ({ type: 'etcd.answered', revision, reply: { succeeded: true, replies: [{}] } })
const lost = { type: 'call.lost', line: 'etcd', reason: 'reset' }
const failed = { type: 'etcd.failed', code: 11, error: 'etcdserver: mvcc: required revision has been compacted' }
const kv = { key: 'compact_rev_key', value: '50', createRevision: 5, modRevision: 60, version: 4 }
const taken = {
  type: 'etcd.answered',
  revision: 70,
  reply: { succeeded: false, replies: [{ kvs: [kv], count: 1, more: false }] },
}

test('each round forgets what was before the round before', () => {
  const first = fresh().after('compaction interval').on(won(100))
  expect(first.state).toBe('resting')
  const second = first.after('compaction interval')
  expect(second.did('call')[0]?.event).toMatchObject({ compare: [{ target: 'version', than: 1 }] })
  const compacting = second.on(won(200))
  expect(compacting.did('call')[0]?.event).toEqual({ type: 'etcd.Compact', revision: 100 })
  expect(compacting.on({ type: 'etcd.answered', revision: 200, reply: {} }).state).toBe('resting')
  expect(compacting.on(failed).state).toBe('resting')
  expect(compacting.on(lost).state).toBe('resting')
  expect(compacting.after('request timeout').state).toBe('resting')
})

test('a server that comes too late learns the version and leaves the round to the other', () => {
  const learned = fresh().after('compaction interval').on(taken)
  expect(learned.context).toMatchObject({ version: 4, revision: 70 })
  expect(learned.after('compaction interval').did('call')[0]?.event).toMatchObject({ compare: [{ than: 4 }] })
})

test('a member that fails is left for the next one', () => {
  const asking = fresh().after('compaction interval')
  expect(asking.on(lost).after('compaction interval').did('call')[0]?.to).toBe('etcd/cp-2')
  expect(asking.on(failed).state).toBe('resting')
  expect(asking.after('request timeout').state).toBe('resting')
})

expectWhole(etcdCompactor)
