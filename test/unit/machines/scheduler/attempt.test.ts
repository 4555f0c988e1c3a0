import { describe, expect, test } from 'vitest'
import { filtered, filtersOf, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import type { Cache } from '../../../../machines/scheduler/cache.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { cacheWith, node, pod } from './cluster.ts'

const sized = (name: string, cpu: string) =>
  node(name, { status: { allocatable: { cpu, memory: '8Gi', pods: '110' } } } as object)
function feasible(spec: object, cache: Cache, start = 0, percentageOfNodesToScore = 0) {
  const info = podInfoOf(pod('web', { spec } as object))
  const pre = preFiltered(info, cache)
  return filtered(info, cache, pre, start, { ...DEFAULT_PROFILE, percentageOfNodesToScore })
}
const named = (...values: string[]) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values }] }],
    },
  },
})

describe('an attempt', () => {
  test('names the first plugin that rejects a node', () => {
    const cordoned = { ...sized('b', '0'), spec: { unschedulable: true } }
    const { feasible: fit, rejected } = feasible({}, cacheWith([sized('a', '4'), cordoned]))
    expect(fit.map(({ name }) => name)).toEqual(['a'])
    expect(rejected['b']).toMatchObject({ plugin: 'NodeUnschedulable', code: 'UnschedulableAndUnresolvable' })
  })
  test('looks at no other nodes when the pod names some', () => {
    const { feasible: fit, rejected } = feasible(
      { affinity: named('b') },
      cacheWith([sized('a', '4'), sized('b', '4')]),
    )
    expect([fit.map(({ name }) => name), rejected]).toEqual([['b'], {}])
  })
  test('in a large cluster stops when enough fit and goes on from there', () => {
    const many = cacheWith(Array.from({ length: 200 }, (_, i) => sized(`n${String(i).padStart(3, '0')}`, '4')))
    const first = feasible({}, many)
    expect([first.feasible.length, first.next]).toEqual([100, 100])
    expect(feasible({}, many, first.next).feasible[0]?.name).toBe('n100')
    expect(feasible({}, many, 150).next).toBe(50)
    expect(feasible({}, many, 0, 100).feasible).toHaveLength(200)
  })
  test('asks no plugin that has nothing to say', () => {
    const pre = preFiltered(podInfoOf(pod('web')), cacheWith([sized('a', '4')]))
    expect(pre.active).toEqual(['NodeResourcesFit'])
    expect(filtersOf(pre).map(({ name }) => name)).toEqual([
      'NodeUnschedulable',
      'NodeName',
      'TaintToleration',
      'NodeResourcesFit',
    ])
  })
})
