import { expect, test } from 'vitest'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { newestCache, newestStore, objectAt, objectsIn, objectsOf } from '../../../../machines/cluster/objects.ts'
import { resourceOf } from '../../../../machines/lib/schema.ts'

const { world, profile } = createCluster({ nodes: 1 })
const store = newestStore(world, ['etcd/cp-1'])
const facts = (name: string) => resourceOf(profile, name) as NonNullable<ReturnType<typeof resourceOf>>

test('the newest store is that of the member which has applied the most; of none there is none', () => {
  expect(newestStore(world, ['etcd/cp-9'])).toBeUndefined()
  expect(newestStore(world, ['etcd/cp-9', 'etcd/cp-1'])).toBe(store)
})

test('objects are read with their revision, of all namespaces or of one', () => {
  const all = objectsOf(store, facts('configmaps'))
  const some = objectsOf(store, facts('configmaps'), 'kube-system')
  expect(some.size).toBeGreaterThan(0)
  expect(all.size).toBeGreaterThan(some.size)
  expect(some.keys().every((key) => key.startsWith('kube-system/'))).toBe(true)
  expect(objectAt(store, facts('namespaces'), 'default')?.metadata.resourceVersion).toMatch(/^\d+$/)
  expect(objectAt(store, facts('namespaces'), 'none')).toBeUndefined()
  expect(objectsOf(undefined, facts('namespaces')).size).toBe(0)
})

test('what an API server has seen of etcd is the same', () => {
  const cache = newestCache(world, ['kube-apiserver/cp-9', 'kube-apiserver/cp-1'])
  expect(cache?.revision).toBeGreaterThan(1)
  expect(newestCache(world, ['kube-apiserver/cp-9'])).toBeUndefined()
  for (const namespace of [undefined, 'kube-system', 'kube-s'])
    expect(objectsIn(cache, facts('configmaps'), namespace).entries()).toEqual(
      objectsOf(store, facts('configmaps'), namespace).entries(),
    )
  expect(objectsIn(undefined, facts('namespaces')).size).toBe(0)
})
