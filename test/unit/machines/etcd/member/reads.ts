/** What a client reads. */
import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import { etcd } from '../../../../../machines/etcd/member.ts'
import { born } from '../../../../kit/chart.ts'
import { range } from '../cluster.ts'
import {
  acked,
  answers,
  app,
  client,
  elected,
  entry,
  event,
  follower,
  heartbeat,
  leader,
  loneLeader,
  type Member,
  message,
  newcomer,
  self,
  sent,
  synced,
  three,
  two,
} from './start.ts'

interface Named {
  readonly context: string
}

export default () => {
  describe('a read', () => {
    const readTxn = (serializable: boolean): EventObject =>
      event('etcd.Txn', { compare: [], success: [{ ...range('a', { serializable }) }], failure: [] })

    test('that may be stale, or of a leader alone, is answered at once', () => {
      expect(answers(newcomer().on(range('a', { serializable: true }), client))).toMatchObject([
        { reply: { count: 0 } },
      ])
      expect(answers(newcomer().on(readTxn(true), client))).toMatchObject([{ reply: { succeeded: true } }])
      expect(answers(loneLeader().on(range('a'), client))).toMatchObject([{ reply: { count: 0 } }])
    })

    test('waits for a round of heartbeats that shows that the leader still leads', () => {
      const member = leader()
        .on(range('a'), client)
        .on(readTxn(false), { ...client, call: 8 })
      const [first] = sent(leader().on(range('a'), client), two) as unknown as [{ context: string }]
      expect(first).toMatchObject({ type: 'MsgHeartbeat', context: expect.stringContaining(self) })
      const resp = message({ type: 'MsgHeartbeatResp', term: 2, context: first.context })
      const confirmed = member.on(resp, { from: two })
      expect(confirmed.did('answer')).toMatchObject([{ call: 7 }])
      expect(confirmed.context.batch?.reads).toMatchObject([{ call: 8 }])
      expect(answers(confirmed.on(resp, { from: three }))).toEqual([])
    })

    test('of a follower asks the leader how far to apply', () => {
      const member = follower().on(range('a'), client)
      const [{ context }] = sent(member, two) as unknown as [{ context: string }]
      const resp = (index: number, name = context): EventObject =>
        message({ type: 'MsgReadIndexResp', term: 1, index, context: name })
      expect(answers(member.on(resp(3, 'another')))).toEqual([])
      expect(answers(member.on(resp(3)))).toMatchObject([{ type: 'etcd.answered' }])
      const early = member.on(resp(4))
      expect(answers(early)).toEqual([])
      const caughtUp = early.on(app({ entries: [entry(4, 1)], commit: 4 }), { from: two }).on(synced)
      expect(answers(caughtUp)).toMatchObject([{ revision: 2, reply: { count: 1 } }])
    })

    test('is asked for once more under a name of its own, and either answer will do', () => {
      const asking = (rest: object): readonly [string, Member, string] => {
        const member = born(etcd, { name: 'cp-1', members: [self, two, three], ...rest }, self)
          .on(synced)
          .on(heartbeat(1), { from: two })
          .on(range('a'), client)
        const again = member.after('read index retry')
        const [[first], [second]] = [sent(member, two), sent(again, two)] as unknown as [[Named], [Named]]
        return [first.context, again, second.context]
      }
      const [first, again, second] = asking({})
      expect(second).not.toBe(first)
      for (const context of [first, second])
        expect(
          answers(again.on(message({ type: 'MsgReadIndexResp', term: 1, index: 3, context }), { from: two })),
        ).toMatchObject([{ type: 'etcd.answered' }])
      const [old, , same] = asking({ bug: 'stale-read-index' })
      expect(same).toBe(old)
    })

    test('through a new leader waits for the first commit of its term', () => {
      const asks = message({ type: 'MsgReadIndex', context: 'a read' })
      const early = elected().on(asks, { from: two })
      expect(early.context.postponed).toHaveLength(1)
      const committed = acked(early.on(synced), two, 4)
      expect(sent(committed, two)).toMatchObject([{ type: 'MsgHeartbeat', context: 'a read' }, { type: 'MsgApp' }])
      const resp = message({ type: 'MsgHeartbeatResp', term: 2, context: 'a read' })
      expect(sent(committed.on(resp, { from: three }), two)).toMatchObject([{ type: 'MsgReadIndexResp', index: 4 }])
    })

    test('fails when no leader answers in time, or another leader comes', () => {
      const waits = newcomer().on(range('a'), client)
      expect(answers(waits.after('request timeout'))).toMatchObject([{ error: 'etcdserver: request timed out' }])
      expect(answers(waits.on(heartbeat(1), { from: two }))).toMatchObject([{ error: 'etcdserver: leader changed' }])
    })
  })
}
