import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  blocking,
  type Graph,
  type GraphNode,
  observed,
  vanished,
} from '../../../../../machines/controllers/garbage-collector/graph.ts'
import type { ApiObject, OwnerReference } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { object } from '../objects.ts'

const owner = (name: string, rest: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name,
  uid: `uid-${name}`,
  ...rest,
})
const map = (name: string, ownerReferences: readonly OwnerReference[] = [], metadata = {}): ApiObject =>
  object('v1', 'ConfigMap', name, { metadata: { namespace: 'default', ownerReferences, ...metadata } })
const ending = (finalizer: string) => ({ deletionTimestamp: '2026-01-01T00:00:30Z', finalizers: [finalizer] })
const empty: Graph = Tree.of<GraphNode>()
const resourceOf = () => 'configmaps'
const see = (graph: Graph, now: ApiObject, was?: ApiObject) => observed(graph, 'configmaps', was, now, resourceOf)
const seen = (...objects: readonly ApiObject[]): Graph => objects.reduce((graph, each) => see(graph, each).graph, empty)

describe('the graph', () => {
  test('has a virtual node for an owner that nobody has seen, and attempts it', () => {
    const moved = see(empty, map('b', [owner('a')]))
    expect(moved.attempts).toEqual(['uid-a'])
    expect(moved.graph.get('uid-a')).toMatchObject({ isVirtual: true, namespace: 'default', name: 'a' })
    const real = see(moved.graph, map('a'))
    expect(real.graph.get('uid-a')).toMatchObject({ isVirtual: false })
    expect(real.graph.get('uid-a')?.dependents.keys()).toEqual(['uid-b'])
    expect(real.attempts).toEqual([])
  })

  test('attempts the dependents of what is gone, and remembers that it is', () => {
    const moved = vanished(seen(map('a'), map('b', [owner('a')]), map('c', [owner('a')])), 'uid-a')
    expect(moved).toMatchObject({ attempts: ['uid-b', 'uid-c'], absent: 'uid-a' })
    expect(vanished(moved.graph, 'uid-a').attempts).toEqual([])
    expect(vanished(seen(map('a')), 'uid-a').absent).toBeUndefined()
  })

  test('attempts an owner that waits for its dependents when one of them is gone', () => {
    const waiting = map('a', [], ending('foregroundDeletion'))
    const moved = vanished(seen(waiting, map('b', [owner('a')])), 'uid-b')
    expect(moved.attempts).toEqual(['uid-a'])
    expect(moved.graph.get('uid-a')?.dependents.size).toBe(0)
  })

  test('attempts all when a foreground deletion begins, and orphans when that is asked for', () => {
    const graph = seen(map('a'), map('b', [owner('a', { blockOwnerDeletion: true })]), map('c', [owner('a')]))
    const waiting = see(graph, map('a', [], ending('foregroundDeletion')), map('a'))
    expect(waiting.attempts).toEqual(['uid-b', 'uid-c', 'uid-a'])
    const node = waiting.graph.get('uid-a') as GraphNode
    expect(node.isDeletingDependents).toBe(true)
    expect(blocking(waiting.graph, node).map(({ name }) => name)).toEqual(['b'])
    expect(see(graph, map('a', [], ending('orphan')), map('a')).orphans).toEqual(['uid-a'])
  })

  test('follows changes of owners, and attempts one that is no longer blocked', () => {
    const was = map('c', [owner('a', { blockOwnerDeletion: true }), owner('b')])
    const graph = seen(map('a'), map('b'), was)
    const moved = see(graph, map('c', [owner('b'), owner('d')]), was)
    expect(moved.graph.get('uid-a')?.dependents.size).toBe(0)
    expect(moved.attempts).toEqual(['uid-d', 'uid-a'])
  })

  test('notices an owner in another namespace, or of another name', () => {
    const far = { ...map('a'), metadata: { ...map('a').metadata, namespace: 'far' } } as ApiObject
    const moved = see(seen(far), map('b', [owner('a')]))
    expect([moved.attempts, moved.misplaced]).toEqual([['uid-b'], [owner('a')]])
    const renamed = see(seen(map('a')), map('b', [owner('a', { name: 'other' })]))
    expect([renamed.attempts, renamed.misplaced]).toEqual([['uid-b'], []])
    const virtual = see(empty, map('b', [owner('a')])).graph
    const elsewhere = object('v1', 'ConfigMap', 'c', { metadata: { namespace: 'far', ownerReferences: [owner('a')] } })
    expect(see(virtual, elsewhere)).toMatchObject({ attempts: ['uid-c'], misplaced: [] })
  })

  test('names dependents exactly where they name owners, while those are there', () => {
    const names = ['a', 'b', 'c', 'd']
    const step = fc.record({ name: fc.constantFrom(...names), owners: fc.option(fc.subarray(names)) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let graph = empty
        const gone = new Set<string>()
        for (const { name, owners } of steps) {
          if (gone.has(name)) continue
          if (owners === null) gone.add(name)
          const named = (owners ?? []).map((each) => owner(each))
          graph = owners === null ? vanished(graph, `uid-${name}`).graph : see(graph, map(name, named)).graph
        }
        graph.each((node, uid) => {
          const named = node.owners.filter((each) => !gone.has(each.name))
          for (const each of named) expect(graph.get(each.uid)?.dependents.has(uid)).toBe(true)
          for (const dependent of node.dependents.keys())
            expect(graph.get(dependent)?.owners.some((each) => each.uid === uid)).toBe(true)
        })
      }),
      { numRuns: 100 },
    )
  })
})
