/** What a follower does. */
import { describe, expect, test } from 'vitest'
import type { EtcdAnswered } from '../../../../../machines/protocol/etcd.ts'
import type { Entry } from '../../../../../machines/protocol/raft.ts'
import { put } from '../cluster.ts'
import {
  answers,
  app,
  candidate,
  client,
  entry,
  event,
  follower,
  heartbeat,
  keysWritten,
  loneLeader,
  message,
  newcomer,
  preCandidate,
  proposal,
  roleOf,
  self,
  sent,
  synced,
  three,
  two,
} from './start.ts'

export default () => {
  describe('a follower', () => {
    test('answers an append when it is on the disk, and applies what is committed', () => {
      const member = follower().on(app({ entries: [entry(4, 1)], commit: 4 }), { from: two })
      expect(sent(member)).toEqual([])
      expect(member.context).toMatchObject({ commit: 4, applied: 3 })
      const done = member.on(synced)
      expect(sent(done, two)).toMatchObject([{ type: 'MsgAppResp', index: 4, reject: false }])
      expect(done.context.applied).toBe(4)
    })

    test('lets what comes meanwhile share the next write', () => {
      const member = follower()
        .on(app({ entries: [entry(4, 1)] }), { from: two })
        .on(app({ index: 4, entries: [entry(5, 1)] }), { from: two })
      expect(member.asked).toEqual([])
      const first = member.on(synced)
      expect(sent(first)).toMatchObject([{ index: 4 }])
      expect(keysWritten(first.asked)).toEqual(['log/0000000000'])
      expect(sent(first.on(synced))).toMatchObject([{ index: 5 }])
    })

    test('says where the logs may agree', () => {
      const member = follower().on(app({ index: 8, logTerm: 1, entries: [entry(9, 1)] }), { from: two })
      expect(sent(member)).toMatchObject([{ type: 'MsgAppResp', index: 8, reject: true, rejectHint: 3, logTerm: 1 }])
    })

    test('gives up entries that a later leader does not have', () => {
      const member = follower()
        .on(app({ entries: [entry(4, 1), entry(5, 1)] }), { from: two })
        .on(synced)
        .on(app({ term: 2, entries: [entry(4, 2, 'b')] }), { from: three })
      expect(member.context.log.last).toEqual({ index: 4, term: 2 })
      expect(keysWritten(member.asked)).toEqual(['log/0000000000', 'hard-state'])
      expect(member.context.lead).toBe(three)
    })

    test('that knew no leader follows the first that it hears of in its term', () => {
      expect(roleOf(newcomer().on(app({}), { from: two }))).toBe('follower.withLeader')
      const snapshot = { index: 9, term: 1, state: newcomer().context.replica }
      const member = newcomer().on(message({ type: 'MsgSnap', term: 1, snapshot }), { from: two })
      expect(member.context).toMatchObject({ lead: two, applied: 9, commit: 9 })
      expect(keysWritten(member.asked)).toEqual(['snapshot', 'log/0000000000'])
      expect(sent(member.on(synced))).toMatchObject([{ type: 'MsgAppResp', index: 9 }])
    })

    test('takes a snapshot only when it is ahead of its own log, and tells its watchers what it skipped', () => {
      const state = loneLeader().on(put('a'), client).on(synced).context.replica
      const watching = follower().on(event('etcd.Watch', { key: 'a' }), client)
      const old = watching.on(message({ type: 'MsgSnap', term: 1, snapshot: { index: 2, term: 1, state } }), {
        from: two,
      })
      expect(sent(old)).toMatchObject([{ index: 3 }])
      const known = watching.on(message({ type: 'MsgSnap', term: 2, snapshot: { index: 9, term: 2, state } }), {
        from: two,
      })
      expect(known.context.watchers.behind.size).toBe(1)
      const told = known.on(synced).after('next turn of the watch loop')
      expect(told.did('push')).toMatchObject([{ stream: 7, event: { events: [{ type: 'PUT', kv: { key: 'a' } }] } }])
    })

    test('of a later leader adopts its term; one of an earlier term is told', () => {
      expect(follower().on(heartbeat(3), { from: three }).context).toMatchObject({ term: 3, lead: three })
      const late = follower().on(heartbeat(3), { from: three }).on(synced)
      expect(sent(late.on(heartbeat(1), { from: two }))).toMatchObject([{ type: 'MsgAppResp', term: 3 }])
      expect(sent(late.on(app({}), { from: two }))).toMatchObject([{ type: 'MsgAppResp', term: 3 }])
    })

    test('panics when its leader knows of entries that it has lost', () => {
      expect(follower().on(heartbeat(1, 29), { from: two }).done).toBe(true)
      expect(follower().on(heartbeat(2, 29), { from: two }).state).toBe('panicked')
      expect(newcomer().on(heartbeat(1, 29), { from: two }).state).toBe('panicked')
    })

    test('holds writes until it knows a leader, and forwards them', () => {
      const member = newcomer().on(put('a'), client)
      expect(member.context.proposals).toHaveLength(1)
      const known = member.on(heartbeat(1), { from: two })
      expect(sent(known, two)).toMatchObject([{ type: 'MsgHeartbeatResp' }, { type: 'MsgProp' }])
      expect(sent(follower().on(put('a'), client), two)).toMatchObject([
        { type: 'MsgProp', proposals: [{ origin: self, request: { key: 'a' } }] },
      ])
    })

    test('passes on what was meant for it when it led', () => {
      const forwarded = message({ type: 'MsgProp', proposals: [proposal('a') as never] })
      expect(sent(follower().on(forwarded, { from: three }), two)).toEqual([forwarded])
    })

    test('answers its client once it has applied the entry itself', () => {
      const member = follower().on(put('a'), client)
      const [data] = (sent(member, two)[0] as { proposals: readonly Entry['data'][] }).proposals
      const applied = member.on(app({ entries: [{ index: 4, term: 1, data }], commit: 4 }), { from: two }).on(synced)
      expect(applied.did('answer')).toMatchObject([
        { to: client.from, call: 7, event: { type: 'etcd.answered', revision: 2 } },
      ])
    })

    test('asks the leader about leases, and says when there is none', () => {
      for (const type of ['etcd.LeaseKeepAlive', 'etcd.LeaseTimeToLive']) {
        const asked = event(type, { id: 5 })
        const member = follower().on(asked, client)
        const [{ to, line }] = member.did('call') as unknown as [{ to: string; line: string }]
        expect(to).toBe(two)
        const reply: EtcdAnswered = { type: 'etcd.answered', revision: 1, reply: { id: 5, ttlSeconds: 9 } }
        expect(answers(member.on(reply, { line }))).toEqual([reply])
        expect(answers(member.on(event('etcd.failed', { code: 14, error: 'x' }), { line }))).toHaveLength(1)
        expect(answers(member.on(event('call.lost', { line, reason: 'reset' })))).toMatchObject([{ code: 14 }])
        for (const without of [newcomer, preCandidate, candidate])
          expect(answers(without().on(asked, client))).toMatchObject([{ type: 'etcd.failed', code: 14 }])
      }
    })
  })
}
