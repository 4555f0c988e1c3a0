import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changed, emptyCache, replaced } from '../../../../../machines/controllers/kit/store.ts'
import type { Change } from '../../../../../machines/protocol/api.ts'
import { orphansOf } from '../../../../../machines/protocol/cache.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'

const pod = (name: string, version: number, node?: string, owner?: string): ApiObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      resourceVersion: `${version}`,
      ...(owner === undefined
        ? {}
        : {
            ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }],
          }),
    },
    spec: node === undefined ? {} : { nodeName: node },
  }) as ApiObject
const listing = (pods: readonly ApiObject[], resourceVersion: string) => ({
  view: `pods@${resourceVersion}`,
  objects: Tree.of(pods.map((each) => [`default/${each.metadata.name}`, each] as const)),
  resourceVersion,
})
const empty = emptyCache('pods', ['owner', 'node', 'namespace'])

describe('a store', () => {
  test('shows every object of the first list as new', () => {
    const { cache, deltas } = replaced(empty, listing([pod('a', 1), pod('b', 2)], '2'))
    expect(deltas.map(({ key, was }) => [key, was])).toEqual([
      ['default/a', undefined],
      ['default/b', undefined],
    ])
    expect(cache.view).toBe('pods@2')
    expect(cache.by.namespace?.get('default')?.size).toBe(2)
  })

  test('shows the difference of a second list: deletions that nobody saw among it', () => {
    const first = replaced(empty, listing([pod('a', 1), pod('b', 2), pod('c', 3)], '3')).cache
    const { deltas } = replaced(first, listing([pod('a', 1), pod('c', 5), pod('d', 6)], '6'))
    expect(
      deltas.map(({ key, was, now }) => [key, was?.metadata.resourceVersion, now?.metadata.resourceVersion]),
    ).toEqual([
      ['default/b', '2', undefined],
      ['default/c', '3', '5'],
      ['default/d', undefined, '6'],
    ])
  })

  test('holds the very objects of another that held the same and heard the same', () => {
    const change = (name: string): Change => ({ type: 'ADDED', key: `default/${name}`, object: pod(name, 1) })
    const changes = [change('a'), change('b')]
    const [one, other] = [changed(empty, changes, '2'), changed(emptyCache('pods', []), [...changes], '2')]
    expect(other.cache.objects).toBe(one.cache.objects)
    expect(other.deltas).toBe(one.deltas)
    expect([one.cache.by.namespace?.get('default')?.size, other.cache.by.namespace]).toEqual([2, undefined])
    expect(changed(one.cache, [change('c')], '3').cache.objects.size).toBe(3)
    expect(changed(other.cache, [change('d')], '3').cache.objects.keys()).toEqual([
      'default/a',
      'default/b',
      'default/d',
    ])
  })

  test('moves an object between groups of an index', () => {
    const first = changed(
      empty,
      [{ type: 'ADDED', key: 'default/a', object: pod('a', 1, undefined, 'web') }],
      '1',
    ).cache
    expect(first.by.node?.size).toBe(0)
    const bound = changed(
      first,
      [{ type: 'MODIFIED', key: 'default/a', object: pod('a', 2, 'node-1', 'web') }],
      '2',
    ).cache
    expect(bound.by.node?.get('node-1')?.keys()).toEqual(['default/a'])
    expect(bound.by.owner?.get('web')?.get('default/a')?.metadata.resourceVersion).toBe('2')
    const orphan = changed(bound, [{ type: 'MODIFIED', key: 'default/a', object: pod('a', 3, 'node-1') }], '3').cache
    expect(orphan.by.owner?.has('web')).toBe(false)
    expect(orphan.by.owner?.get(orphansOf('default'))?.size).toBe(1)
    const gone = changed(orphan, [{ type: 'DELETED', key: 'default/a', object: pod('a', 4, 'node-1') }], '4')
    expect(gone.cache.by.node?.size).toBe(0)
    expect(gone.deltas).toMatchObject([{ key: 'default/a', now: undefined }])
  })

  test('says nothing of a deletion of what it never knew', () => {
    expect(changed(empty, [{ type: 'DELETED', key: 'default/a', object: pod('a', 1) }], '1').deltas).toEqual([])
  })

  test('ends with the same content by watching as by listing', () => {
    const steps = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), node: fc.constantFrom('n1', 'n2') }))
    fc.assert(
      fc.property(steps, fc.array(fc.constantFrom('a', 'b', 'c', 'd')), (puts, removals) => {
        const changes: Change[] = [
          ...puts.map(({ name, node }, i) => ({
            type: 'MODIFIED' as const,
            key: `default/${name}`,
            object: pod(name, i, node),
          })),
          ...removals.map((name, i) => ({
            type: 'DELETED' as const,
            key: `default/${name}`,
            object: pod(name, 99 + i),
          })),
        ]
        const watched = changed(empty, changes, '200').cache
        const listed = replaced(empty, { view: '', objects: watched.objects, resourceVersion: '200' }).cache
        expect(JSON.stringify(watched.by)).toBe(JSON.stringify(listed.by))
      }),
    )
  })
})
