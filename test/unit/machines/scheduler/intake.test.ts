import { describe, expect, test } from 'vitest'
import { EMPTY_CACHE } from '../../../../machines/scheduler/cache.ts'
import { type Known, takenIn } from '../../../../machines/scheduler/intake.ts'
import { EMPTY_QUEUE, popped, rejected } from '../../../../machines/scheduler/queue.ts'
import { became, changedTo, node, pod } from './cluster.ts'

const intake = { profiles: [{ schedulerName: 'default-scheduler' }], at: 2_000 }
const after = (known: Known, ...events: readonly ReturnType<typeof became>[]) =>
  events.reduce((all, event) => takenIn(all, event, intake), known)
const nothing: Known = { cache: EMPTY_CACHE, queue: EMPTY_QUEUE }
const laneOf = ({ queue }: Known) => queue.pods.get('default/web')?.lane
/** A pod that was tried and rejected by the plugin. */
function waiting(plugin: string, spec: object = {}): Known {
  const { cache, queue } = after(
    nothing,
    became('nodes', undefined, node('a')),
    became('pods', undefined, pod('web', { spec } as object)),
  )
  return { cache, queue: rejected(popped(queue)?.[1] ?? queue, 'default/web', [plugin], 0) }
}
const placed = (name: string, more: object = {}) => pod(name, { ...more, spec: { nodeName: 'a' } } as object)

describe('what the reflectors tell', () => {
  test('a pod without a node is queued, one with a node is counted', () => {
    const known = after(nothing, changedTo('pods', [pod('web'), placed('other')]))
    expect([known.queue.active.values(), known.cache.placed.keys()]).toEqual([['default/web'], ['default/other']])
    const bound = after(known, became('pods', pod('web'), placed('web')))
    expect([bound.queue.pods.size, bound.cache.placed.size]).toEqual([0, 2])
    expect(after(bound, became('pods', placed('web'), undefined)).cache.placed.size).toBe(1)
  })
  test('a pod of the same name and another uid is another pod', () => {
    const known = after(nothing, became('pods', undefined, placed('web')))
    const again = after(known, became('pods', placed('web'), pod('web', { metadata: { uid: 'new' } } as object)))
    expect([again.cache.placed.size, laneOf(again)]).toEqual([0, 'active'])
  })
  test('a pod that was dropped comes back with its next update', () => {
    expect(laneOf(after(nothing, became('pods', pod('web'), pod('web'))))).toBe('active')
    expect(laneOf(after(nothing, became('pods', pod('web'), undefined)))).toBeUndefined()
  })
  test('a waiting pod is moved by what its plugin hopes for, and by nothing else', () => {
    const resources = waiting('NodeResourcesFit')
    expect(laneOf(after(resources, became('nodes', undefined, node('b'))))).toBe('active')
    expect(laneOf(after(resources, became('pods', undefined, placed('other'))))).toBe('unschedulable')
    const freed = after(
      resources,
      became('pods', undefined, placed('other')),
      became('pods', placed('other'), undefined),
    )
    expect(laneOf(freed)).toBe('active')
    expect(laneOf(after(waiting('NodeName'), became('nodes', node('a'), undefined)))).toBe('unschedulable')
    expect(laneOf(after(waiting('PodTopologySpread'), became('nodes', node('a'), undefined)))).toBe('active')
  })
  test('news of the pod itself is news for it alone', () => {
    const tolerating = pod('web', { spec: { tolerations: [{ operator: 'Exists' }] } } as object)
    expect(laneOf(after(waiting('TaintToleration'), became('pods', pod('web'), tolerating)))).toBe('active')
    expect(laneOf(after(waiting('NodeAffinity'), became('pods', pod('web'), tolerating)))).toBe('unschedulable')
  })
  test('changed labels of a pod on a node may help', () => {
    const known = after(waiting('PodTopologySpread'), became('pods', undefined, placed('other')))
    const labelled = placed('other', { metadata: { labels: { app: 'x' } } })
    expect(laneOf(after(known, became('pods', placed('other'), labelled)))).toBe('unschedulable')
  })
  test('namespaces, services and owners are kept for the plugins', () => {
    const thing = (name: string) => ({ apiVersion: 'v1', kind: 'Any', metadata: { name, namespace: 'default' } })
    const known = after(
      nothing,
      became('namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } }),
      became('services', undefined, thing('web')),
      became('replicasets.apps', undefined, thing('web')),
    )
    expect(known.cache.namespaces.keys()).toEqual(['default'])
    expect(known.cache.services.get('default')?.keys()).toEqual(['default/web'])
    expect(known.cache.owners.keys()).toEqual(['replicasets.apps/default/web'])
    expect(after(known, became('services', thing('web'), undefined)).cache.services.size).toBe(0)
  })
})
