/** What a watch is told. */
import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import type { EtcdWatched } from '../../../../../machines/protocol/etcd.ts'
import { put } from '../cluster.ts'
import { client, event, loneLeader, newcomer, synced } from './start.ts'

export default () => {
  describe('a watch', () => {
    const watch = (rest: object): EventObject => event('etcd.Watch', { key: '/a/', rangeEnd: '/a0', ...rest })

    test('hears of what is applied from now on', () => {
      const member = loneLeader().on(watch({ prevKv: true }), client)
      expect(member.did('push')).toMatchObject([{ stream: 7, event: { created: true, revision: 1 } }])
      const told = member.on(put('/a/x', 1), client).on(synced)
      expect(told.did('push')).toMatchObject([{ stream: 7, event: { revision: 2, events: [{ type: 'PUT' }] } }])
      expect(member.on(event('stream.closed', { stream: 7 })).context.watchers.all.size).toBe(0)
    })

    test('from the past is told by a loop, or cancelled when the past is gone', () => {
      const written = loneLeader().on(put('/a/x', 1), client).on(synced).on(put('/a/x', 2), client).on(synced)
      const member = written.on(watch({ startRevision: 2 }), client)
      expect(member.state).toContain('catchingUp')
      const told = member.after('next turn of the watch loop')
      expect(told.did('push')).toMatchObject([{ event: { revision: 3, events: [{}, {}] } }])
      expect(told.state).toContain('inStep')
      const compacted = member.on(event('etcd.Compact', { revision: 3 }), client).on(synced)
      const canceled = compacted.after('next turn of the watch loop')
      expect(canceled.did('push')).toMatchObject([{ event: { canceled: '', compactRevision: 3 } }])
      expect(canceled.did('end')).toEqual([{ do: 'end', stream: 7 }])
    })

    test('tells much in one piece, or in fragments if that was asked for, of the past and of what comes', () => {
      const big = (key: string): EventObject => put(key, 'x'.repeat(1_200_000))
      const written = loneLeader().on(big('/a/x'), client).on(synced).on(big('/a/y'), client).on(synced)
      const told = (rest: object) => {
        const opened = written.on(watch({ startRevision: 2, ...rest }), client)
        return opened.after('next turn of the watch loop').did('push')
      }
      expect(told({})).toMatchObject([{ event: { events: [{}, {}], revision: 3 } }])
      expect(told({ fragment: true })).toMatchObject([
        { stream: 7, event: { events: [{}], fragment: true, revision: 3 } },
        { stream: 7, event: { events: [{}], revision: 3 } },
      ])
      // Values before count too: two of them make the one response to a deletion too large.
      const inStep = written.on(watch({ fragment: true, prevKv: true }), client)
      const gone = inStep.on(event('etcd.DeleteRange', { key: '/a/', rangeEnd: '/a0' }), client).on(synced)
      expect(gone.did('push').map(({ event: said }) => (said as EtcdWatched).fragment)).toEqual([true, undefined])
      const both = inStep.on(put('/a/z'), client).on(big('/a/x'), client).on(big('/a/y'), client).on(synced).on(synced)
      expect(both.did('push')).toMatchObject([{ event: { revision: 5 } }, { event: { revision: 6 } }])
      expect(both.did('push').map(({ event: said }) => (said as EtcdWatched).fragment)).toEqual([undefined, undefined])
    })

    test('of an empty range is cancelled at once', () => {
      const member = newcomer().on(watch({ rangeEnd: '/' }), client)
      expect(member.did('push')).toMatchObject([{ event: { created: true, canceled: 'mvcc: watcher range is empty' } }])
      expect(member.did('end')).toHaveLength(1)
    })

    test('is told that it has missed nothing, when it asks and now and then', () => {
      const member = loneLeader().on(watch({ progressNotify: true }), client)
      expect(member.did('wake')).toMatchObject([{ key: 'progress', afterMs: 600_000 }])
      const asked = member.on(event('etcd.WatchProgress', { key: '/a/' }), client)
      expect(asked.did('push')).toMatchObject([{ stream: 7, event: { revision: 1, events: [] } }])
      expect(member.on(event('progress.due')).did('push')).toHaveLength(1)
      expect(newcomer().on(event('progress.due')).asked).toEqual([])
    })
  })
}
