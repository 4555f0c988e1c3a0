import { describe, expect, test } from 'vitest'
import { etcd } from '../../../../machines/etcd/member.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { equivalent } from '../../../kit/equivalence.ts'
import { put, range } from './cluster.ts'
import administered from './member/administered.ts'
import beginning from './member/beginning.ts'
import candidates from './member/candidate.ts'
import clients from './member/clients.ts'
import followers from './member/follower.ts'
import headStarts from './member/head-start.ts'
import leaders from './member/leader.ts'
import reads from './member/reads.ts'
import {
  AT,
  alone,
  app,
  electionDue,
  entry,
  event,
  heartbeat,
  keysWritten,
  loneLeader,
  roleOf,
  self,
  synced,
  three,
  two,
} from './member/start.ts'
import voters from './member/voter.ts'
import watching from './member/watching.ts'

describe('a member that begins', () => {
  test('writes the founding entries and knows no leader', () => {
    const member = born(etcd, { name: 'cp-1', members: [self, two, three] }, self)
    expect(roleOf(member)).toBe('follower.withoutLeader')
    expect(keysWritten(member.asked)).toEqual(['log/0000000000', 'hard-state'])
    expect(member.did('sync')).toEqual([{ do: 'sync', key: 'raft' }])
    expect(member.on(synced).context).toMatchObject({ term: 1, applied: 3, stable: 3 })
  })

  test('finds again what its former life left on the disk', () => {
    const disk = Tree.of<unknown>([
      ['hard-state', { term: 4, vote: two, commit: 2 }],
      ['log/0000000000', [{ index: 1, term: 1, data: { addNode: self } }, entry(2, 3), entry(3, 4), entry(4, 1)]],
      ['log/0000000064', [entry(64, 4)]],
    ])
    const { context, asked } = born(etcd, { name: 'cp-1', members: [self, two, three] }, self, { disk })
    expect(context).toMatchObject({ term: 4, vote: two, commit: 2, applied: 2, log: { last: { index: 3, term: 4 } } })
    expect(context.replica.store.keys.get('a')).toMatchObject({ version: 1 })
    expect(asked.map((effect) => effect.do)).toEqual(['wake'])
  })

  test('alone, elects itself within the election timeout and commits its first entry by its own disk', () => {
    const member = alone()
    const leftMs = member.context.patience.checkAt - AT
    expect(leftMs).toBeGreaterThan(0)
    expect(leftMs).toBeLessThanOrEqual(1_100)
    const now = loneLeader()
    expect(roleOf(now)).toBe('leader')
    expect(now.context).toMatchObject({ term: 2, commit: 2, applied: 2 })
    expect(loneLeader().did('wake')).toEqual([])
  })
})

test('the compiled step does as XState does', () => {
  const members = [self, two, three]
  const resp = { term: 2, index: 4, reject: false, rejectHint: 0, logTerm: 0 }
  const events = [
    electionDue,
    synced,
    put('a'),
    range('a'),
    heartbeat(1),
    heartbeat(2),
    app({ entries: [entry(4, 1)], commit: 4 }),
    app({ term: 3, entries: [entry(4, 3)], commit: 4 }),
    event('MsgPreVoteResp', { term: 2, reject: false }),
    event('MsgVoteResp', { term: 2, reject: false }),
    event('MsgVote', { term: 2, index: 9, logTerm: 1 }),
    event('MsgAppResp', resp),
    event('heartbeat.due'),
    event('MsgHeartbeatResp', { term: 2, context: '' }),
    event('etcd.Watch', { key: 'a', startRevision: 1 }),
    event('etcd.LeaseGrant', { id: 3, ttlSeconds: 5 }),
    event('lease.due'),
    event('request.overdue'),
  ]
  const inputs = [{ name: 'cp-1', members }]
  const told = () => ({ self, from: two, call: 7, at: AT })
  expect(equivalent(etcd, { inputs, events }, { told }).steps).toBeGreaterThan(500)
})

for (const part of [
  beginning,
  candidates,
  voters,
  followers,
  leaders,
  clients,
  reads,
  watching,
  administered,
  headStarts,
])
  part()
expectWhole(etcd)
