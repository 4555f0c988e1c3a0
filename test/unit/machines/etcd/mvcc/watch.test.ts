import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  behind,
  concerned,
  eventFor,
  inStep,
  isEmpty,
  isIn,
  noWatchers,
  opened,
  watcherOf,
  without,
} from '../../../../../machines/etcd/mvcc/watch.ts'
import { prefixEnd, type WatchRequest } from '../../../../../machines/protocol/etcd.ts'

const watcher = (stream: number, rest: Partial<WatchRequest>) =>
  watcherOf({ type: 'etcd.Watch', key: 'a', ...rest }, stream, 'me', 1)
const kv = { key: 'a', value: 1, createRevision: 5, modRevision: 5, version: 1 }
const gone = { ...kv, version: 0, modRevision: 6 }

test('a key concerns exactly those watchers whose range holds it, however they are indexed', () => {
  const key = fc.stringMatching(/^[ab/]{1,5}$/)
  const range = fc.tuple(key, fc.constantFrom('key', 'prefix', 'end', 'other'), key)
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), key, fc.nat(12), (ranges, changed, closed) => {
      const all = ranges.map(([from, kind, to], i) => {
        const rangeEnd = { key: '', prefix: prefixEnd(from), end: '\0', other: to }[kind] as string
        return watcher(i, { key: from, rangeEnd })
      })
      const watchers = without(all.reduce(inStep, noWatchers), closed)
      const wanted = all.filter(({ bounds, stream }) => stream !== closed && isIn(bounds, changed))
      const found = concerned(watchers, changed).toSorted((a, b) => a.stream - b.stream)
      expect(found).toEqual(wanted)
    }),
  )
})

test('one that is behind is not told of what comes', () => {
  const watchers = behind(noWatchers, watcher(1, {}))
  expect(concerned(watchers, 'a')).toEqual([])
  expect(watchers.behind.size).toBe(1)
  expect(without(watchers, 1)).toEqual(noWatchers)
  expect(without(watchers, 9)).toBe(watchers)
})

test('an empty key means all keys, a range that ends before it begins none', () => {
  expect(watcher(1, { key: '', rangeEnd: '\0' }).bounds).toEqual({ from: '\0', to: undefined })
  expect(isEmpty(watcher(1, { key: 'b', rangeEnd: 'a' }))).toBe(true)
  expect(isEmpty(watcher(1, { key: 'b' }))).toBe(false)
})

test('a watcher is told what it wants to know', () => {
  const put = { kv, prev: { ...kv, value: 0, modRevision: 3 } }
  expect(eventFor(watcher(1, {}), put, -1)).toEqual({ type: 'PUT', kv })
  expect(eventFor(watcher(1, { prevKv: true }), put, 4)).toEqual({ type: 'PUT', kv, prevKv: put.prev })
  expect(eventFor(watcher(1, { prevKv: true }), put, 5)).toEqual({ type: 'PUT', kv })
  expect(eventFor(watcher(1, { filters: ['noput'] }), put, -1)).toBeUndefined()
  expect(eventFor(watcher(1, { filters: ['nodelete'] }), { kv: gone, prev: kv }, -1)).toBeUndefined()
  expect(eventFor({ ...watcher(1, {}), from: 6 }, put, -1)).toBeUndefined()
})

test("a client's watches are found by where they begin", () => {
  const watchers = [watcher(1, { key: 'a/', rangeEnd: 'a0' }), watcher(2, { key: 'a/' })].reduce(inStep, noWatchers)
  expect(opened(watchers, 'me', 'a/').map(({ stream }) => stream)).toEqual([2, 1])
  expect(opened(watchers, 'you', 'a/')).toEqual([])
})
