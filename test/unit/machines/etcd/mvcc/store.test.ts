import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noLeases } from '../../../../../machines/etcd/lease/leases.ts'
import {
  boundsOf,
  compacted,
  emptyStore,
  type Store,
  unreadable,
  visit,
} from '../../../../../machines/etcd/mvcc/store.ts'
import { begun, committed, deleteRange, put } from '../../../../../machines/etcd/mvcc/transaction.ts'

type Write = readonly [key: string, value: number | undefined]
const written = (store: Store, writes: readonly Write[]): Store =>
  writes.reduce((before, [key, value]) => {
    const transaction = begun(before, noLeases)
    if (value === undefined) deleteRange(transaction, { key })
    else put(transaction, key, value, 0)
    return committed(transaction)
  }, store)
function at(store: Store, revision: number): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  visit(store.keys, boundsOf({ key: '\0', rangeEnd: '\0' }), revision, ({ key, value }) => {
    found[key] = value
    return true
  })
  return found
}

test('every revision can be read as it was', () => {
  const store = written(emptyStore, [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['a', undefined],
    ['a', 5],
  ])
  expect([1, 2, 3, 4, 5, 6].map((revision) => at(store, revision))).toEqual([
    {},
    { a: 1 },
    { a: 1, b: 2 },
    { a: 3, b: 2 },
    { b: 2 },
    { a: 5, b: 2 },
  ])
  expect(store.keys.get('a')).toMatchObject({ latest: { createRevision: 6, modRevision: 6, version: 1 } })
})

test('a deletion of nothing makes no revision', () => {
  expect(written(emptyStore, [['a', undefined]])).toBe(emptyStore)
})

test('a range ends before its end, or never', () => {
  expect(boundsOf({ key: 'a' })).toEqual({ from: 'a', to: 'a\0' })
  expect(boundsOf({ key: 'a', rangeEnd: 'c' })).toEqual({ from: 'a', to: 'c' })
  expect(boundsOf({ key: 'a', rangeEnd: '\0' })).toEqual({ from: 'a', to: undefined })
})

describe('a compaction', () => {
  const write = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.option(fc.nat(9), { nil: undefined }))
  test('changes nothing that may still be read, and is the same in one step or many', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), fc.nat(31), fc.nat(31), (writes, one, other) => {
        const store = written(emptyStore, writes)
        const last = Math.min(Math.max(one, other), store.revision)
        const first = Math.min(one, other, last)
        const once = compacted(store, last)
        for (let revision = last; revision <= store.revision; revision++)
          expect(at(once, revision)).toEqual(at(store, revision))
        expect(compacted(compacted(store, first), last).keys.toJSON()).toEqual(once.keys.toJSON())
      }),
    )
  })
  test('forgets keys that were deleted, and old versions', () => {
    const store = compacted(
      written(emptyStore, [
        ['a', 1],
        ['a', undefined],
        ['b', 1],
        ['b', 2],
      ]),
      5,
    )
    expect(store.keys.keys()).toEqual(['b'])
    expect(store.keys.get('b')).toMatchObject({ key: 'b', value: 2, version: 2 })
    expect(store.changes.size).toBe(1)
  })
  test('makes earlier revisions unreadable', () => {
    const store = compacted(
      written(emptyStore, [
        ['a', 1],
        ['a', 2],
      ]),
      3,
    )
    expect([2, 3, 4].map((revision) => unreadable(store, revision)?.code)).toEqual([11, undefined, 11])
  })
})
