import { describe, expect, test } from 'vitest'
import { EVERYTHING, type Selection } from '../../../../machines/apiserver/selection.ts'
import type { Moved } from '../../../../machines/apiserver/watch-cache.ts'
import {
  bookmarked,
  changeFor,
  joined,
  NOBODY,
  told,
  type Watchers,
  wantsBookmarks,
  without,
} from '../../../../machines/apiserver/watchers.ts'
import type { ApiObject } from '../../../../machines/protocol/objects.ts'

const pod = (labels: Record<string, string>, nodeName?: string): ApiObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', resourceVersion: '11', labels },
    spec: { nodeName },
  }) as ApiObject
const moved = (
  was: ApiObject | undefined,
  object: ApiObject,
  type: 'ADDED' | 'MODIFIED' | 'DELETED' = 'MODIFIED',
): Moved => ({
  revision: 12,
  change: { type, key: 'default/p', object },
  was,
})
const labelled: Selection = { ...EVERYTHING, labels: [{ key: 'a', operator: 'In', values: ['b'] }] }
const ofNode = (node: string): Selection => ({
  ...EVERYTHING,
  node,
  fields: [{ field: 'spec.nodeName', value: node, equal: true }],
})
const watching = (...selections: readonly Selection[]): Watchers =>
  selections.reduce(
    (all, selection, i) => joined(all, 'pods', { stream: i + 1, selection, bookmarks: true, after: 0 }),
    NOBODY,
  )
const streamsTold = (watchers: Watchers, move: Moved) =>
  told(watchers, { pods: [move] }, 12).map((effect) => (effect as { stream: number }).stream)

describe('a change as a watcher sees it', () => {
  test.each([
    ['stays in the selection', pod({ a: 'b' }), pod({ a: 'b', c: 'd' }), 'MODIFIED'],
    ['enters it', pod({}), pod({ a: 'b' }), 'ADDED'],
    ['leaves it', pod({ a: 'b' }), pod({}), 'DELETED'],
    ['is outside', pod({}), pod({}), undefined],
  ])('an object that %s', (_, was, now, type) => {
    expect(changeFor(labelled, moved(was, now))?.type).toBe(type)
  })
  test('a leaving object is shown as it last was, with the new revision', () => {
    expect(changeFor(labelled, moved(pod({ a: 'b' }), pod({})))?.object.metadata).toMatchObject({
      labels: { a: 'b' },
      resourceVersion: '12',
    })
  })
  test('a deletion is told only to those who had it', () => {
    expect(changeFor(labelled, moved(pod({ a: 'b' }), pod({ a: 'b' }), 'DELETED'))?.type).toBe('DELETED')
    expect(changeFor(labelled, moved(pod({}), pod({}), 'DELETED'))).toBeUndefined()
  })
})

describe('who is told', () => {
  const named: Selection = {
    ...EVERYTHING,
    namespace: 'default',
    name: 'p',
    fields: [{ field: 'metadata.name', value: 'p', equal: true }],
  }
  const watchers = watching(EVERYTHING, ofNode('node-1'), ofNode('node-2'), named, {
    ...EVERYTHING,
    namespace: 'other',
  })
  test('those of everything, of the node, of the name; not those of elsewhere', () => {
    expect(streamsTold(watchers, moved(undefined, pod({}, 'node-1'), 'ADDED')).toSorted()).toEqual([1, 2, 4])
  })
  test('nobody twice, and nobody of another resource', () => {
    expect(streamsTold(watchers, moved(pod({}, 'node-1'), pod({ a: 'b' }, 'node-1')))).toHaveLength(3)
    expect(told(watchers, { nodes: [moved(undefined, pod({}))] }, 12)).toEqual([])
  })
  test('nobody who has gone', () => {
    expect(streamsTold(without(watchers, 1), moved(undefined, pod({}), 'ADDED'))).toEqual([4])
    expect(without(watchers, 99)).toBe(watchers)
  })
  test('nobody who knows that revision already from another server', () => {
    const ahead = joined(NOBODY, 'pods', { stream: 1, selection: EVERYTHING, bookmarks: false, after: 12 })
    expect(told(ahead, { pods: [moved(undefined, pod({}), 'ADDED')] }, 12)).toEqual([])
  })
})

test('bookmarks go to those who asked for them and do not see everything', () => {
  expect(wantsBookmarks(watching(EVERYTHING), 'pods')).toBe(false)
  expect(wantsBookmarks(watching(EVERYTHING, labelled), 'pods')).toBe(true)
  expect(bookmarked(watching(EVERYTHING, labelled), 'pods', 12)).toMatchObject([
    { do: 'push', stream: 2, event: { changes: [], resourceVersion: '12' } },
  ])
})
