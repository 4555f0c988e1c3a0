import { expect, test } from 'vitest'
import { applied, emptyReplica, type Replica } from '../../../../../machines/etcd/apply.ts'
import { hashAt } from '../../../../../machines/etcd/maintenance/hash.ts'
import type { WriteRequest } from '../../../../../machines/protocol/raft.ts'

const after = (requests: readonly WriteRequest[]): Replica =>
  requests.reduce(
    (replica, request) => applied(replica, { origin: 'etcd/a', life: 1, number: 1, request }).replica,
    emptyReplica,
  )
const put = (key: string, value: unknown): WriteRequest => ({ type: 'etcd.Put', key, value })

test('the same history has the same hash; another value, key, order or revision has another', () => {
  const store = after([put('a', 1), put('b', 2)]).store
  expect(hashAt(after([put('a', 1), put('b', 2)]).store, 3)).toBe(hashAt(store, 3))
  const others = [
    hashAt(store, 2),
    hashAt(after([put('a', 1), put('b', 3)]).store, 3),
    hashAt(after([put('b', 2), put('a', 1)]).store, 3),
    hashAt(after([put('a', 1), put('c', 2)]).store, 3),
  ]
  expect(new Set([hashAt(store, 3), ...others]).size).toBe(5)
})

test('what came later does not change the hash of an earlier revision', () => {
  expect(hashAt(after([put('a', 1), put('b', 2), put('a', 3)]).store, 3)).toBe(
    hashAt(after([put('a', 1), put('b', 2)]).store, 3),
  )
})
