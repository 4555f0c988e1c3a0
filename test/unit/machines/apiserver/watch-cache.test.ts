import { describe, expect, test } from 'vitest'
import { served } from '../../../../machines/apiserver/served.ts'
import {
  advanced,
  cacheOf,
  changesAfter,
  filled,
  nodeOf,
  type WatchCache,
} from '../../../../machines/apiserver/watch-cache.ts'
import type { KeyEvent } from '../../../../machines/protocol/etcd.ts'
import type { ApiObject } from '../../../../machines/protocol/objects.ts'

const { prefixes } = served([])
const pod = (name: string, nodeName?: string): ApiObject =>
  Object.freeze({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName },
  }) as ApiObject
const key = (name: string) => `/registry/pods/default/${name}`
const put = (name: string, modRevision: number, nodeName?: string): KeyEvent => ({
  type: 'PUT',
  kv: { key: key(name), value: pod(name, nodeName), createRevision: 1, modRevision, version: 1 },
})
const remove = (name: string, modRevision: number): KeyEvent => ({
  type: 'DELETE',
  kv: { key: key(name), value: undefined, createRevision: 0, modRevision, version: 0 },
})
const after = (cache: WatchCache, at: number, ...events: readonly KeyEvent[]) =>
  advanced(cache, events, events.at(-1)?.kv.modRevision ?? 0, at, prefixes)
const empty = filled([], 10, prefixes)

describe('a cache', () => {
  test('holds objects with the revision of their key', () => {
    const cache = filled([put('a', 7).kv], 10, prefixes)
    expect(cacheOf(cache, 'pods').objects.get('default/a')?.metadata.resourceVersion).toBe('7')
    expect(
      filled([{ ...put('a', 7).kv, key: '/registry/masterleases/192.0.2.1' }], 10, prefixes).resources.keys(),
    ).toEqual([])
  })
  test('knows what was added, changed and deleted, the deleted one with the revision of its end', () => {
    const [cache, moved] = after(empty, 0, put('a', 11), put('a', 12), remove('a', 13), remove('b', 14))
    expect(moved['pods']?.map(({ change }) => [change.type, change.object.metadata.resourceVersion])).toEqual([
      ['ADDED', '11'],
      ['MODIFIED', '12'],
      ['DELETED', '13'],
    ])
    expect([cacheOf(cache, 'pods').objects.size, cache.revision]).toEqual([0, 14])
  })
  test('finds pods by their node', () => {
    const [one] = after(empty, 0, put('a', 11), put('a', 12, 'node-1'), put('b', 13, 'node-1'))
    expect(cacheOf(one, 'pods').byNode.get('node-1')?.keys()).toEqual(['default/a', 'default/b'])
    const [two] = after(one, 0, remove('a', 14), put('b', 15, 'node-2'))
    expect(cacheOf(two, 'pods').byNode.keys()).toEqual(['node-2'])
    expect(nodeOf(undefined)).toBeUndefined()
  })
})

describe('its history', () => {
  test('tells what changed after a revision', () => {
    const [cache] = after(empty, 0, put('a', 11), put('b', 12), put('c', 13))
    expect(changesAfter(cacheOf(cache, 'pods'), 11).map(({ revision }) => revision)).toEqual([12, 13])
    expect(changesAfter(cacheOf(cache, 'pods'), 13)).toEqual([])
  })
  test('is complete from the revision of the list', () => {
    expect(cacheOf(empty, 'pods').completeFrom).toBe(10)
  })
  test('lets go of what is older than 75 s once there are a hundred newer changes', () => {
    let cache = empty
    const run = (from: number, at: number) => {
      for (let revision = from; revision < from + 100; revision++) [cache] = after(cache, at, put('a', revision))
    }
    run(11, 0)
    run(111, 80_000)
    expect(cacheOf(cache, 'pods').completeFrom).toBe(10)
    run(211, 160_000)
    expect(cacheOf(cache, 'pods').completeFrom).toBe(110)
    expect(changesAfter(cacheOf(cache, 'pods'), 110)).toHaveLength(200)
  })
})
