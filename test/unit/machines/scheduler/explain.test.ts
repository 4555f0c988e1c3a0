import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../../machines/protocol/objects.ts'
import type { Cache } from '../../../../machines/scheduler/cache.ts'
import { explain } from '../../../../machines/scheduler/explain.ts'
import { nominated } from '../../../../machines/scheduler/nominations.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { simulatorAnnotations } from '../../../../machines/scheduler/simulator-annotations.ts'
import { cacheWith, node, pod } from './cluster.ts'

const sized = (name: string, cpu: string, spec: object = {}) =>
  node(name, { spec, status: { allocatable: { cpu, memory: '8Gi', pods: '110' } } } as object)
const tainted = sized('c', '8', { taints: [{ key: 'gpu', effect: 'NoSchedule' }] })
const asked = (cache: Cache, it: Pod = pod('web'), more: object = {}) =>
  explain({ cache, profiles: [DEFAULT_PROFILE], nextNode: 0, ...more }, it)
const big = (cpu: string, more: object = {}) =>
  pod('web', { spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], ...more } } as object)

describe('an explanation', () => {
  const found = asked(cacheWith([sized('a', '4'), sized('b', '8'), tainted]))
  test('tells where the pod goes, and what every plugin says of every node', () => {
    expect(found).toMatchObject({ pod: 'default/web', profile: 'default-scheduler', best: ['b'], message: undefined })
    expect(found.preFilter).toMatchObject({ NodeResourcesFit: 'passed', NodePorts: 'skipped' })
    expect(found.nodes.map(({ node, fits, passedOver }) => [node, fits, passedOver])).toEqual([
      ['a', true, false],
      ['b', true, false],
      ['c', false, false],
    ])
    expect(found.nodes[2]?.filter).toMatchObject({
      NodeName: 'passed',
      TaintToleration: { reasons: ['node(s) had untolerated taint {gpu: }'] },
      NodeResourcesFit: 'passed',
    })
  })
  test('tells each score raw, normalized and weighted', () => {
    expect(found.nodes[1]?.scores['TaintToleration']).toEqual({ raw: 0, normalized: 100, weight: 3, weighted: 300 })
    const total = Object.values(found.nodes[1]?.scores ?? {}).reduce((sum, { weighted }) => sum + weighted, 0)
    expect(found.nodes[1]?.total).toBe(total)
    expect(found.nodes[2]).toMatchObject({ scores: {}, total: undefined })
  })
  test('of a pod that runs is as if it had to be placed again', () => {
    const running = pod('web', { spec: { nodeName: 'a', ...big('3').spec } } as object)
    expect(asked(cacheWith([sized('a', '4')], [running]), running).best).toEqual(['a'])
  })
  test('tells why it goes nowhere, and whom it might evict', () => {
    const low = pod('low', { spec: { nodeName: 'a', ...big('2').spec } } as object)
    const stuck = asked(cacheWith([sized('a', '4')], [low]), big('3', { priority: 5 }))
    expect(stuck).toMatchObject({
      best: [],
      message: '0/1 nodes are available: 1 Insufficient cpu.',
      preemption: [{ node: 'a', victims: ['default/low'], violations: 0, best: true }],
    })
  })
  test('knows gates, other profiles, and an empty cluster', () => {
    const gated = asked(cacheWith([]), pod('web', { spec: { schedulingGates: [{ name: 'g' }] } } as object))
    expect(gated).toMatchObject({
      gated: { plugin: 'SchedulingGates' },
      message: 'no nodes available to schedule pods',
    })
    const mine = { ...DEFAULT_PROFILE, schedulerName: 'mine' }
    const named = pod('web', { spec: { schedulerName: 'mine' } })
    expect(asked(cacheWith([]), named, { profiles: [DEFAULT_PROFILE, mine] }).profile).toBe('mine')
    expect(asked(cacheWith([]), named, { profiles: [] }).profile).toBe('default-scheduler')
  })
  test('tells who stands in the way only because it is nominated', () => {
    const cache = cacheWith([sized('a', '4')])
    const nominations = nominated(cache.nominations, pod('other', { spec: big('3').spec } as object), 'a')
    const [there] = asked({ ...cache, nominations }, big('2')).nodes
    expect(there).toMatchObject({ fits: false, besideNominated: { reasons: ['Insufficient cpu'] } })
    expect(there?.filter['NodeResourcesFit']).toBe('passed')
  })
  test('tells of nodes that were passed over, and of those that never came into question', () => {
    const many = cacheWith(Array.from({ length: 200 }, (_, i) => sized(`n${i}`, '4')))
    expect(asked(many).nodes.filter(({ passedOver }) => passedOver)).toHaveLength(100)
    const names = (values: string[]) => ({ matchFields: [{ key: 'metadata.name', operator: 'In', values }] })
    const required = (...nodeSelectorTerms: object[]) =>
      big('1', {
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
      })
    const narrowed = asked(cacheWith([sized('a', '4'), sized('b', '4')]), required(names(['b'])))
    expect(narrowed.nodes.map(({ fits }) => fits)).toEqual([false, true])
    const torn = { matchFields: [...names(['a']).matchFields, ...names(['b']).matchFields] }
    const rejected = asked(cacheWith([sized('a', '4')]), required(torn))
    expect(rejected.preFilter).toEqual({
      NodeAffinity: { code: 'UnschedulableAndUnresolvable', reasons: ['pod affinity terms conflict'] },
    })
    expect(rejected.nodes[0]?.fits).toBe(false)
  })
  test('tells what failed', () => {
    const term = { matchExpressions: [{ key: 'gen', operator: 'Gt', values: ['-1'] }] }
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term }] }
    const odd = big('1', { affinity: { nodeAffinity: preferred } })
    expect(asked(cacheWith([sized('a', '4'), sized('b', '4')]), odd).message).toMatch(/^NodeAffinity: /)
  })
})

test('as the simulator annotates it', () => {
  const found = asked(cacheWith([sized('a', '4'), sized('b', '8'), tainted]))
  const annotations = simulatorAnnotations(found, 'b')
  const told = (name: string) => JSON.parse(annotations[`kube-scheduler-simulator.sigs.k8s.io/${name}`] as string)
  expect(annotations['kube-scheduler-simulator.sigs.k8s.io/selected-node']).toBe('b')
  expect(told('filter-result').c).toEqual({
    NodeUnschedulable: 'passed',
    NodeName: 'passed',
    TaintToleration: 'node(s) had untolerated taint {gpu: }',
  })
  expect(told('score-result').a.TaintToleration).toBe('0')
  expect(told('finalscore-result').a.TaintToleration).toBe('300')
  expect(told('prefilter-result-status')).toMatchObject({ NodeResourcesFit: 'success', NodePorts: '' })
  const low = pod('low', { spec: { nodeName: 'a', ...big('2').spec } } as object)
  const stuck = simulatorAnnotations(asked(cacheWith([sized('a', '4')], [low]), big('3', { priority: 5 })), undefined)
  expect(stuck['kube-scheduler-simulator.sigs.k8s.io/postfilter-result']).toContain('"a"')
  expect(Object.keys(stuck)).not.toContain('kube-scheduler-simulator.sigs.k8s.io/selected-node')
})
