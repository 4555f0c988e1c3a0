/** What a client asks to be written. */
import { describe, expect, test } from 'vitest'
import { put, range } from '../cluster.ts'
import { AT, answers, client, event, loneLeader, newcomer, synced } from './start.ts'

export default () => {
  describe('a request', () => {
    const bad = { compare: [], success: [], failure: [] }
    test('that is malformed is refused at once', () => {
      const malformed = [
        put(''),
        event('etcd.DeleteRange', { key: '' }),
        range(''),
        event('etcd.Txn', { ...bad, success: [put('a'), put('a')] }),
      ]
      for (const request of malformed)
        expect(answers(newcomer().on(request, client))).toMatchObject([{ type: 'etcd.failed', code: 3 }])
    })

    test('that is not applied in time fails, and is not proposed any more', () => {
      const member = newcomer()
        .on(put('a'), client)
        .on(put('b'), { ...client, call: 8, at: AT + 1_000 })
      const over = member.on(event('request.overdue'), { at: AT + 7_000 })
      expect(over.did('answer')).toMatchObject([{ call: 7, event: { error: 'etcdserver: request timed out' } }])
      expect(over.did('wake')).toMatchObject([{ key: 'overdue', afterMs: 1_000 }])
      expect(over.context.proposals).toHaveLength(1)
    })

    test('to delete, to compact, or in a transaction goes through the log', () => {
      let member = loneLeader().on(put('a'), client).on(synced)
      member = member.on(event('etcd.DeleteRange', { key: 'a' }), client).on(synced)
      expect(answers(member)).toMatchObject([{ revision: 3, reply: { deleted: 1 } }])
      member = member.on(event('etcd.Txn', { ...bad, success: [put('b')] }), client).on(synced)
      expect(answers(member)).toMatchObject([{ revision: 4, reply: { succeeded: true } }])
      member = member.on(event('etcd.Compact', { revision: 3 }), client).on(synced)
      expect(answers(member)).toMatchObject([{ revision: 4, reply: {} }])
    })
  })
}
