/** What a leader does. */
import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import { put } from '../cluster.ts'
import {
  acked,
  answers,
  app,
  client,
  elected,
  event,
  heartbeat,
  keysWritten,
  leader,
  loneLeader,
  message,
  newcomer,
  proposal,
  roleOf,
  sent,
  synced,
  three,
  two,
} from './start.ts'

export default () => {
  describe('a leader', () => {
    test('copies a proposal to the others while it writes it, and answers when a quorum has it', () => {
      const member = leader().on(put('a'), client)
      expect(sent(member)).toMatchObject([
        { type: 'MsgApp', index: 4, entries: [{ index: 5 }] },
        { type: 'MsgApp', index: 4, entries: [{ index: 5 }] },
      ])
      expect(answers(member.on(synced))).toEqual([])
      const committed = acked(member.on(synced), three, 5)
      expect(answers(committed)).toMatchObject([{ type: 'etcd.answered', revision: 2 }])
      expect(sent(committed, two)).toMatchObject([{ type: 'MsgApp', entries: [], commit: 5 }])
    })

    test('does not commit entries of earlier terms by counting', () => {
      const member = acked(elected(), two, 3)
      expect(member.context.commit).toBe(3)
      expect(acked(member.on(synced), two, 4).context.commit).toBe(4)
    })

    test('takes proposals that followers forward', () => {
      const forwarded = message({ type: 'MsgProp', proposals: [proposal('a') as never] })
      expect(sent(leader().on(forwarded, { from: two }), three)).toMatchObject([
        { entries: [{ data: { origin: two } }] },
      ])
    })

    test('goes back to where logs may agree, and ignores an old refusal', () => {
      const no = (index: number, rejectHint: number): EventObject =>
        message({ type: 'MsgAppResp', term: 2, index, reject: true, rejectHint, logTerm: 1 })
      const member = elected().on(no(3, 1), { from: two }).on(synced)
      expect(sent(member, two)).toMatchObject([{ type: 'MsgApp', index: 1, entries: [{ index: 2 }, { index: 3 }, {}] }])
      expect(sent(leader().on(no(3, 1), { from: two }))).toEqual([])
    })

    test('is no longer one when somebody speaks in a later term', () => {
      const later = message({ type: 'MsgAppResp', term: 9, index: 0, reject: false, rejectHint: 0, logTerm: 0 })
      const member = leader().on(later, { from: two })
      expect(roleOf(member)).toBe('follower.withoutLeader')
      expect(member.context).toMatchObject({ term: 9, vote: '', progress: {}, lead: '' })
      expect(newcomer().on(later, { from: two }).context.term).toBe(9)
      const snapshot = { index: 9, term: 3, state: newcomer().context.replica }
      expect(leader().on(message({ type: 'MsgSnap', term: 3, snapshot }), { from: two }).context.lead).toBe(two)
      expect(leader().on(app({ term: 3 }), { from: two }).context.lead).toBe(two)
      expect(leader().on(message({ type: 'MsgHeartbeatResp', term: 3, context: '' }), { from: two }).context.term).toBe(
        2,
      )
    })

    test('sends heartbeats with one timer, and an answer costs nothing when there is nothing to say', () => {
      const member = leader().on(event('heartbeat.due'))
      expect(member.did('wake')).toMatchObject([{ key: 'heartbeat', afterMs: 100 }])
      expect(sent(member)).toEqual([heartbeat(2, 4), heartbeat(2, 4)])
      const resp = message({ type: 'MsgHeartbeatResp', term: 2, context: '' })
      const answered = member.on(resp, { from: two })
      expect(answered.context).toBe(member.context)
      expect(sent(elected().on(synced).on(resp, { from: two }), two)).toMatchObject([{ type: 'MsgApp' }])
    })

    test('steps down when a quorum was silent for an election timeout', () => {
      let member = leader()
      for (let tick = 0; tick < 19; tick++) member = member.on(event('heartbeat.due'))
      expect(roleOf(member)).toBe('leader')
      expect(roleOf(member.on(event('heartbeat.due')))).toBe('follower.withoutLeader')
    })

    test('probes a follower whose connection refused', () => {
      const member = leader()
        .on(put('a'), client)
        .on(event('send.refused', { to: two, event: 'MsgApp' }))
      expect(member.context.progress[two]).toMatchObject({ state: 'probe', next: 5 })
      const again = event('send.refused', { to: two, event: 'MsgApp' })
      expect(member.on(again).context.progress[two]).toEqual(member.context.progress[two])
    })

    test('renews leases, tells their time, and proposes to revoke what has expired', () => {
      const granted = loneLeader()
        .on(event('etcd.LeaseGrant', { id: 5, ttlSeconds: 10 }), client)
        .on(synced)
      expect(answers(granted)).toMatchObject([{ reply: { id: 5, ttlSeconds: 10 } }])
      const since = (granted.context.lessor.expiresAt.get('5') as number) - 10_000
      const asks = event('etcd.LeaseTimeToLive', { id: 5, keys: true })
      expect(answers(granted.on(asks, { ...client, at: since + 3_500 }))).toMatchObject([{ reply: { ttlSeconds: 6 } }])
      const renewed = granted.on(event('etcd.LeaseKeepAlive', { id: 5 }), { ...client, at: since + 3_500 })
      expect(answers(renewed)).toMatchObject([{ reply: { ttlSeconds: 10 } }])
      expect(answers(renewed.on(asks, { ...client, at: since + 3_500 }))).toMatchObject([{ reply: { ttlSeconds: 9 } }])
      expect(answers(granted.on(event('etcd.LeaseLeases'), client))).toMatchObject([{ reply: { leases: [5] } }])
      const over = granted.on(event('lease.due'), { at: since + 14_000 })
      expect(keysWritten(over.asked)).toHaveLength(1)
      const gone = over.on(synced)
      expect(answers(gone.on(asks, client))).toMatchObject([{ reply: { ttlSeconds: -1 } }])
      expect(answers(gone.on(event('etcd.LeaseKeepAlive', { id: 5 }), client))).toMatchObject([
        { reply: { ttlSeconds: 0 } },
      ])
      expect(answers(gone.on(event('etcd.LeaseRevoke', { id: 5 }), client).on(synced))).toMatchObject([{ code: 5 }])
    })
  })
}
