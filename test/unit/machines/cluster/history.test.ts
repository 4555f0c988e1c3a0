import { describe, expect, test } from 'vitest'
import { EVERYTHING } from '../../../../machines/apiserver/selection.ts'
import { History } from '../../../../machines/cluster/history.ts'
import { type Change, emptyStore, type Store } from '../../../../machines/etcd/mvcc/store.ts'
import v132 from '../../../../machines/profiles/v1.32/index.ts'

const pod = (name: string, nodeName = 'node-1') => ({
  kind: 'Pod',
  metadata: { name, namespace: 'a' },
  spec: { nodeName },
})
const kv = (name: string, modRevision: number, version: number, value: object) => ({
  ...{ key: `/registry/pods/a/${name}`, value, version, modRevision, createRevision: 3 },
})
const change = (name: string, revision: number, version = 1, was?: object, value: object = pod(name)): Change => ({
  kv: kv(name, revision, version, value),
  prev: was === undefined ? undefined : kv(name, revision - 1, 1, was),
})
const storeOf = (changes: Readonly<Record<number, readonly Change[]>>): Store =>
  Object.entries(changes).reduce<Store>(
    (store, [revision, list]) => ({
      ...store,
      revision: Number(revision),
      changes: store.changes.with({ revision: Number(revision), changes: list }),
    }),
    emptyStore,
  )
const ofNode = (node: string) => ({
  ...EVERYTHING,
  node,
  fields: [{ field: 'spec.nodeName', value: node, equal: true }],
})

describe('the history', () => {
  const first = [change('x', 3)]
  const second = [change('y', 4)]
  test('knows what was written, and believes what came before', () => {
    const history = new History(v132, 2)
    expect(history.applied(undefined, storeOf({ 3: first, 4: second }))).toBeUndefined()
    expect(history.revision).toBe(4)
    expect([history.wrote(1, 'anything'), history.wrote(3, 'x'), history.wrote(3, 'y'), history.wrote(5, 'x')]).toEqual(
      [true, true, false, false],
    )
  })

  test('sees another member apply something else at the same revision', () => {
    const history = new History(v132, 2)
    history.applied(undefined, storeOf({ 3: first, 4: second }))
    expect(history.applied(undefined, storeOf({ 3: first, 4: second }))).toBeUndefined()
    expect(history.applied(undefined, storeOf({ 3: second }))).toBe(
      'revision 3 was /registry/pods/a/x, and now it is /registry/pods/a/y',
    )
    expect(history.applied(storeOf({ 3: first }), storeOf({ 3: first, 4: first }))).toMatch(/^revision 4 was/)
  })

  test('tells what a watcher must be told, as it selects', () => {
    const history = new History(v132, 2)
    const moved = [change('x', 5, 2, pod('x'), pod('x', 'node-2'))]
    const gone = [change('x', 6, 0, pod('x', 'node-2'))]
    history.applied(undefined, storeOf({ 3: first, 4: second, 5: moved, 6: gone }))
    const told = (selection: typeof EVERYTHING, after: number, upTo: number) =>
      history.between('pods', selection, after, upTo).map(({ type, key, revision }) => `${type} ${key} ${revision}`)
    expect(told(EVERYTHING, 3, 9)).toEqual(['ADDED a/y 4', 'MODIFIED a/x 5', 'DELETED a/x 6'])
    expect(told(EVERYTHING, 2, 3)).toEqual(['ADDED a/x 3'])
    expect(told(ofNode('node-1'), 2, 9)).toEqual(['ADDED a/x 3', 'ADDED a/y 4', 'DELETED a/x 5'])
    expect(told(ofNode('node-2'), 2, 9)).toEqual(['ADDED a/x 5', 'DELETED a/x 6'])
    expect(history.between('nodes', EVERYTHING, 0, 9)).toEqual([])
  })
})
