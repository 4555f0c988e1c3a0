import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MESSAGE_BYTES } from '../../../../../machines/etcd/maintenance/limits.ts'
import { emptyWatchedSize, eventSize } from '../../../../../machines/etcd/maintenance/protobuf-size.ts'
import { fragments } from '../../../../../machines/etcd/mvcc/fragments.ts'
import type { EtcdWatched, KeyEvent } from '../../../../../machines/protocol/etcd.ts'

const put = (bytes: number, modRevision = 7): KeyEvent => ({
  type: 'PUT',
  kv: { key: 'k', value: 'x'.repeat(bytes), createRevision: 2, modRevision, version: 3 },
})
const told = (...events: readonly KeyEvent[]): EtcdWatched => ({ type: 'etcd.watched', revision: 9, events })

test('what a request could have been as large as is told in one piece', () => {
  const all = told(put(10), put(20))
  expect(fragments(all)).toEqual([all])
  expect(MESSAGE_BYTES).toBe(2_097_152)
})

test('what is larger comes in parts, all but the last marked, each of the revision of the whole', () => {
  const half = MESSAGE_BYTES / 2
  const parts = fragments(told(put(half), put(half), put(half - 10), put(5), put(5)))
  expect(parts.map(({ events }) => events.length)).toEqual([1, 1, 3])
  expect(parts.map(({ fragment }) => fragment)).toEqual([true, true, undefined])
  expect(parts.map(({ revision }) => revision)).toEqual([9, 9, 9])
})

test('one event is never divided, however large', () => {
  const one = told(put(3 * MESSAGE_BYTES))
  expect(fragments(one)).toEqual([one])
  expect(fragments(told(put(MESSAGE_BYTES), put(MESSAGE_BYTES))).map(({ events }) => events.length)).toEqual([1, 1])
})

test('the parts together are the whole, none is too large, and none could have taken the first event of the next', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(300), { minLength: 2, maxLength: 20 }),
      fc.integer({ min: 60, max: 900 }),
      (sizes, limit) => {
        const all = told(...sizes.map((bytes, i) => put(bytes, 2 + i)))
        const parts = fragments(all, limit)
        expect(parts.flatMap(({ events }) => events)).toEqual(all.events)
        const sizeOf = (events: readonly KeyEvent[]): number =>
          events.reduce((sum, event) => sum + eventSize(event), emptyWatchedSize(all) + 2)
        for (const [i, { events, fragment }] of parts.entries()) {
          expect(fragment === true).toBe(i < parts.length - 1)
          if (parts.length > 1 && events.length > 1) expect(sizeOf(events)).toBeLessThan(limit)
          const [next] = parts[i + 1]?.events ?? []
          if (next !== undefined) expect(sizeOf([...events, next])).toBeGreaterThanOrEqual(limit)
        }
      },
    ),
  )
})

test('a deletion, a value before and a lease take their bytes', () => {
  const bare = eventSize(put(0))
  expect(eventSize({ type: 'DELETE', kv: put(0).kv })).toBe(bare + 2)
  expect(eventSize({ ...put(0), prevKv: put(0).kv })).toBe(bare * 2 - 2)
  expect(eventSize({ type: 'PUT', kv: { ...put(0).kv, lease: 300 } })).toBe(bare + 3)
  const [canceled, compacted] = [{ canceled: 'why' }, { compactRevision: 4 }]
  const empty = emptyWatchedSize(told())
  expect(emptyWatchedSize({ ...told(), ...canceled, ...compacted, created: true })).toBe(empty + 2 + 5 + 2 + 2)
})
