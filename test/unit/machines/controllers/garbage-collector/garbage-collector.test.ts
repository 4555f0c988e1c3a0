import { describe, expect, test } from 'vitest'
import { garbageCollector } from '../../../../../machines/controllers/garbage-collector/garbage-collector.ts'
import { garbageCollectorWith } from '../../../../../machines/controllers/garbage-collector/index.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { changed, controllerInput, filled, object } from '../objects.ts'

const kinds = [
  { resource: 'configmaps', group: '', kind: 'ConfigMap', namespaced: true },
  { resource: 'secrets', group: '', kind: 'Secret', namespaced: true },
]
const machine = garbageCollector(kinds, [])
const SELF = 'garbage-collector-controller/cp-1'
const owner = (name: string, rest = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: `uid-${name}`, ...rest })
const map = (name: string, ownerReferences: readonly object[] = [], metadata = {}): ApiObject =>
  object('v1', 'ConfigMap', name, { metadata: { namespace: 'default', ownerReferences, ...metadata } })
const ending = (finalizer: string) => ({ deletionTimestamp: '2026-01-01T00:00:30Z', finalizers: [finalizer] })
const collecting = (...maps: readonly ApiObject[]) =>
  born(machine, controllerInput, SELF).on(filled('configmaps', maps)).on(filled('secrets', []))
const finished = (uid: string, outcome: string, rest = {}) => ({
  type: 'attempt.finished',
  task: 'delete',
  uid,
  outcome,
  absent: [],
  ...rest,
})
const attempted = (spawned: readonly { address: string }[]) =>
  spawned.map(({ address }) => address.slice(SELF.length + 1))

describe('the garbage collector', () => {
  test('attempts nothing before it knows everything', () => {
    const building = born(machine, controllerInput, SELF).on(filled('configmaps', [map('b', [owner('a')])]))
    expect([building.state, building.did('spawn')]).toEqual(['building', []])
    expect(attempted(building.on(filled('secrets', [])).did('spawn'))).toEqual(['uid-a'])
  })

  test('attempts the dependents of what is gone, and tells them that it is', () => {
    const gone = collecting(map('a'), map('b', [owner('a')])).on(changed('configmaps', [], [map('a'), undefined]))
    expect(gone.did('spawn')).toMatchObject([
      {
        machine: 'garbage-attempt',
        input: { item: { name: 'b' }, task: 'delete', absent: ['default v1 ConfigMap a uid-a'] },
      },
    ])
    const quiet = collecting(map('a')).on(changed('configmaps', [], [map('a'), map('a', [], { resourceVersion: '2' })]))
    expect(quiet.asked).toEqual([])
  })

  test('tries again what failed, after the back-off', () => {
    const attempting = collecting(map('b', [owner('a')]))
    const later = attempting.on(finished('uid-a', 'failed', { absent: ['x'] }))
    expect(later.did('wake')).toMatchObject([{ afterMs: 5, event: { type: 'attempt.due', key: 'uid-a' } }])
    expect(attempted(later.on({ type: 'attempt.due', key: 'uid-a' }).did('spawn'))).toEqual(['uid-a'])
    expect(later.on(finished('uid-a', 'failed')).did('wake')).toEqual([])
  })

  test('takes an owner that does not exist out, and attempts its dependents', () => {
    const absent = collecting(map('b', [owner('a')])).on(finished('uid-a', 'absent'))
    expect(attempted(absent.did('spawn'))).toEqual(['uid-b'])
    expect(absent.on(finished('uid-b', 'done')).asked).toEqual([])
  })

  test('looks again at an owner that exists and was not seen yet', () => {
    const there = collecting(map('b', [owner('a')])).on(finished('uid-a', 'done'))
    expect(there.did('wake')).toHaveLength(1)
  })

  test('attempts what blocks a foreground deletion', () => {
    const blocks = owner('a', { blockOwnerDeletion: true })
    const waiting = map('a', [], ending('foregroundDeletion'))
    const begun = collecting(map('a'), map('b', [blocks])).on(changed('configmaps', [], [map('a'), waiting]))
    expect(attempted(begun.did('spawn'))).toEqual(['uid-b', 'uid-a'])
    expect(begun.did('spawn')[1]).toMatchObject({ input: { isDeletingDependents: true, isBlocked: true } })
    const blocked = begun.on(finished('uid-b', 'done')).on(finished('uid-a', 'blocked'))
    expect(attempted(blocked.did('spawn'))).toEqual(['uid-b'])
    expect(blocked.on(finished('uid-x', 'blocked')).did('spawn')).toEqual([])
  })

  test('orphans the dependents of who asks for it', () => {
    const orphaning = collecting(map('a'), map('b', [owner('a')])).on(
      changed('configmaps', [], [map('a'), map('a', [], ending('orphan'))]),
    )
    expect(orphaning.did('spawn')).toMatchObject([
      { address: `${SELF}/orphan-uid-a`, input: { task: 'orphan', dependents: [{ name: 'b' }] } },
    ])
    expect(orphaning.on(finished('uid-a', 'done', { task: 'orphan' })).asked).toEqual([])
  })

  test('leaves alone what is on its way out, and what has gone meanwhile', () => {
    const dying = map('b', [owner('a')], { deletionTimestamp: '2026-01-01T00:00:30Z' })
    const gone = collecting(map('a'), dying).on(changed('configmaps', [], [map('a'), undefined]))
    expect(gone.did('spawn')).toEqual([])
    expect(gone.on({ type: 'attempt.due', key: 'uid-nobody' }).did('spawn')).toEqual([])
  })

  test('has an object made again under its name looked at as another', () => {
    const again = map('a', [], { uid: 'second' })
    const replacedMap = collecting(map('a'), map('b', [owner('a')])).on(changed('configmaps', [], [map('a'), again]))
    expect(attempted(replacedMap.did('spawn'))).toEqual(['uid-b'])
  })

  test('tells of an owner in another namespace', () => {
    const far = object('v1', 'ConfigMap', 'b', { metadata: { namespace: 'far', ownerReferences: [owner('a')] } })
    const told = collecting(map('a')).on(changed('configmaps', [], [undefined, far]))
    expect(told.did('send')).toMatchObject([
      {
        event: {
          reason: 'OwnerRefInvalidNamespace',
          message: 'ownerRef [v1/ConfigMap, namespace: far, name: a, uid: uid-a] does not exist in namespace "far"',
        },
      },
    ])
  })

  test('follows kinds of the user too', () => {
    const own = { resource: 'widgets.example.com', group: 'example.com', kind: 'Widget', namespaced: true }
    const { member } = garbageCollectorWith([own])
    expect(member.caches).toContainEqual({ resource: 'widgets.example.com', only: 'ownership' })
  })
})

expectWhole(machine)
