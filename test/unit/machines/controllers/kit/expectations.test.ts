import { describe, expect, test } from 'vitest'
import { areMet, noExpectations, stillExpected, unseen } from '../../../../../machines/controllers/kit/expectations.ts'
import type { Cache } from '../../../../../machines/protocol/cache.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'

const pod = (name: string, version: number, uid = name, deleted = false): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid,
    resourceVersion: `${version}`,
    ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
  },
})
const cache = (version: number, ...pods: ApiObject[]): Cache => ({
  view: '',
  resourceVersion: `${version}`,
  objects: Tree.of(pods.map((each) => [`default/${each.metadata.name}`, each] as const)),
  by: {},
})
const created = { creations: [unseen(pod('a', 7))], deletions: [], since: 0 }
const deleted = { creations: [], deletions: [unseen(pod('a', 7))], since: 0 }

describe('expectations', () => {
  test('of a creation hold until the cache has it, or is as new as it', () => {
    expect(areMet(stillExpected(created, cache(6), 1))).toBe(false)
    expect(areMet(stillExpected(created, cache(7, pod('a', 7)), 1))).toBe(true)
    expect(areMet(stillExpected(created, cache(9), 1))).toBe(true)
  })

  test('of a deletion hold until it is gone, replaced or marked', () => {
    expect(areMet(stillExpected(deleted, cache(9, pod('a', 7)), 1))).toBe(false)
    expect(areMet(stillExpected(deleted, cache(9), 1))).toBe(true)
    expect(areMet(stillExpected(deleted, cache(9, pod('a', 8, 'another')), 1))).toBe(true)
    expect(areMet(stillExpected(deleted, cache(9, pod('a', 8, 'a', true)), 1))).toBe(true)
  })

  test('are given up after five minutes', () => {
    expect(areMet(stillExpected(created, cache(6), 300_001))).toBe(true)
    expect(areMet(stillExpected(created, undefined, 1))).toBe(true)
    expect(stillExpected(noExpectations, undefined, 1)).toBe(noExpectations)
  })
})
