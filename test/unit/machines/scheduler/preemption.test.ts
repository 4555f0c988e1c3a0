import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filtered, filtersOf, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import { type Cache, podGone } from '../../../../machines/scheduler/cache.ts'
import { rejectionOf } from '../../../../machines/scheduler/filtering.ts'
import { nominated } from '../../../../machines/scheduler/nominations.ts'
import { type PodInfo, podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import {
  type Candidate,
  candidatesWanted,
  cheapest,
  displacedBy,
  dryRun,
  ineligible,
  moreImportantFirst,
  nodesToTry,
  startOf,
} from '../../../../machines/scheduler/preemption.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { cacheWith, infoOf, node, pod } from './cluster.ts'

const cpu = (amount: string) => ({ containers: [{ name: 'c', resources: { requests: { cpu: amount } } }] })
const running = (name: string, priority: number, startTime = '2026-01-01T00:00:00Z', amount = '1', nodeName = 'a') =>
  pod(name, {
    metadata: { labels: { app: name } },
    spec: { ...cpu(amount), nodeName, priority },
    status: { startTime },
  } as object)
const preemptor = (amount: string, more: object = {}) =>
  podInfoOf(pod('high', { spec: { ...cpu(amount), priority: 100 }, ...more } as object))

function tried(pod: PodInfo, snapshot: Cache) {
  const pre = preFiltered(pod, snapshot)
  return { pod, snapshot, preFiltered: pre, filtered: filtered(pod, snapshot, pre, 0), profile: DEFAULT_PROFILE }
}
const victims = (found: readonly Candidate[]) =>
  found.map(({ node, victims: its }) => `${node}: ${its.map(({ key }) => key.slice(8)).join(' ')}`)
const run = (pod: PodInfo, cache: Cache) => {
  const all = tried(pod, cache)
  return dryRun(all, nodesToTry(all), 0)
}
const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'b', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'p' } } },
}

describe('who may preempt', () => {
  const leaving = {
    ...running('p', 0),
    metadata: { name: 'p', namespace: 'default', uid: 'uid-p', deletionTimestamp: '2026-01-01T00:00:00Z' },
    status: { conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }] },
  }
  const waiting = preemptor('4', { status: { nominatedNodeName: 'a' } })
  test('not who waits for a victim that is on its way out', () => {
    expect(ineligible(tried(waiting, cacheWith([node('a')], [leaving as never])))).toBe(
      'not eligible due to a terminating pod on the nominated node.',
    )
    expect(ineligible(tried(waiting, cacheWith([node('a')], [running('p', 0)])))).toBeUndefined()
  })
  test('but whose node will not do any more', () => {
    const cordoned = { ...node('a'), spec: { unschedulable: true } }
    expect(ineligible(tried(waiting, cacheWith([cordoned], [leaving as never])))).toBeUndefined()
    expect(ineligible({ ...tried(waiting, cacheWith([cordoned])), filtered: undefined })).toBeUndefined()
  })
})

describe('where victims might help', () => {
  test('on nodes that pods keep the pod from; maybe everywhere when it was rejected outright', () => {
    const all = tried(
      preemptor('4'),
      cacheWith([node('a'), { ...node('b'), spec: { unschedulable: true } }], [running('p', 0)]),
    )
    expect(nodesToTry(all).map(({ name }) => name)).toEqual(['a'])
    const rejected = (code: 'Unschedulable' | 'UnschedulableAndUnresolvable') => ({
      ...all,
      filtered: undefined,
      preFiltered: { ...all.preFiltered, rejection: { plugin: 'x', code, reasons: [] } },
    })
    expect(nodesToTry(rejected('Unschedulable'))).toHaveLength(2)
    expect(nodesToTry(rejected('UnschedulableAndUnresolvable'))).toHaveLength(0)
  })
})

describe('the victims on a node', () => {
  test('are the least important that make room', () => {
    const pods = [running('p', 1), running('q', 2), running('r', 0), running('s', 200)]
    expect(victims(run(preemptor('2'), cacheWith([node('a')], pods)).candidates)).toEqual(['a: p r'])
  })
  test('are those who started last, of the same priority', () => {
    const pods = [running('p', 0, '2026-01-01T00:00:02Z'), running('q', 0), running('r', 0, '2026-01-01T00:00:01Z')]
    expect(victims(run(preemptor('2'), cacheWith([node('a')], pods)).candidates)).toEqual(['a: p'])
  })
  test('are rather not those whom a budget protects', () => {
    const pods = [running('p', 0), running('q', 10), running('r', 100), running('s', 100)]
    const cache = cacheWith([node('a')], pods)
    const protecting = { ...cache, budgets: cache.budgets.set('default/b', budget) }
    expect(run(preemptor('1'), protecting).candidates).toMatchObject([
      { violations: 0, victims: [{ key: 'default/q' }] },
    ])
    expect(run(preemptor('2'), protecting).candidates).toMatchObject([{ violations: 1 }])
  })
  test('say why they would not help', () => {
    expect(run(preemptor('8'), cacheWith([node('a')], [running('p', 0)])).rejected['a']?.reasons).toEqual([
      'Insufficient cpu',
    ])
  })
})

test('enough candidates are enough, but one should break no budget', () => {
  const args = DEFAULT_PROFILE.args.DefaultPreemption
  expect([candidatesWanted(5, args), candidatesWanted(500, args), candidatesWanted(5_000, args)]).toEqual([5, 100, 500])
  const few = { minCandidateNodesPercentage: 1, minCandidateNodesAbsolute: 1 }
  const nodes = ['a', 'b', 'c'].map((name) => node(name))
  const pods = ['a', 'b', 'c'].map((name) => running(name === 'a' ? 'p' : `p${name}`, 0, undefined, '4', name))
  const cache = cacheWith(nodes, pods)
  const protecting = { ...cache, budgets: cache.budgets.set('default/b', budget) }
  const all = tried(preemptor('4'), protecting)
  const profile = { ...DEFAULT_PROFILE, args: { ...DEFAULT_PROFILE.args, DefaultPreemption: few } }
  expect(victims(dryRun({ ...all, profile }, nodesToTry(all), 0).candidates)).toEqual(['b: pb', 'a: p'])
  expect(victims(dryRun({ ...all, profile }, nodesToTry(all), 2).candidates)).toEqual(['c: pc'])
})

describe('which node costs least', () => {
  const candidate = (violations: number, ...pods: readonly (readonly [number, string?])[]): Candidate => ({
    node: `${violations}`,
    violations,
    victims: pods.map(([priority, start], i) => podInfoOf(running(`v${i}`, priority, start))),
  })
  const best = (...all: readonly Candidate[]) => cheapest(all).map((one) => all.indexOf(one))
  test.each([
    ['the fewest budgets broken', [candidate(1, [0]), candidate(0, [9])], [1]],
    ['the least important of the most important victims', [candidate(0, [9]), candidate(0, [8], [8])], [1]],
    ['the smallest sum of priorities', [candidate(0, [9], [5]), candidate(0, [9], [4])], [1]],
    ['fewer victims, even of negative priority', [candidate(0, [-1], [-5]), candidate(0, [-1])], [1]],
    [
      'whose most important victims started last',
      [candidate(0, [9], [9, '2026-01-02T00:00:00Z']), candidate(0, [9, '2026-01-01T00:00:01Z'], [9])],
      [0, 1],
    ],
    ['the later start', [candidate(0, [9]), candidate(0, [9, '2026-01-01T00:00:01Z'])], [1]],
    ['all that are equal', [candidate(0, [9]), candidate(0, [9])], [0, 1]],
  ] as const)('%s', (_, all, chosen) => {
    expect(best(...all)).toEqual(chosen)
  })
  test('a pod that has not started starts now', () => {
    const [late, early] = [podInfoOf(pod('x')), podInfoOf(running('y', 0))]
    expect(startOf(late)).toBe(Number.POSITIVE_INFINITY)
    expect([late, early].sort(moreImportantFirst)).toEqual([early, late])
    expect(moreImportantFirst(late, podInfoOf(pod('z')))).toBe(0)
  })
})

test('nominated pods of lower priority have to look again', () => {
  const cache = cacheWith([node('a')])
  const nominations = [pod('low', { spec: { priority: 1 } }), pod('even', { spec: { priority: 100 } })].reduce(
    (all, one) => nominated(all, one, 'a'),
    cache.nominations,
  )
  expect(displacedBy(preemptor('1'), 'a', { ...cache, nominations }).map(({ key }) => key)).toEqual(['default/low'])
})

test('nobody of the same or a higher priority goes, nor more than is needed', () => {
  const others = fc.array(
    fc.record({ priority: fc.integer({ min: 0, max: 5 }), cpu: fc.integer({ min: 1, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  fc.assert(
    fc.property(others, fc.integer({ min: 1, max: 8 }), (list, wanted) => {
      const pods = list.map((one, i) => running(`p${i}`, one.priority, undefined, `${one.cpu}`))
      const cache = cacheWith([node('a', { status: { allocatable: { cpu: '8', pods: '9' } } } as object)], pods)
      const high = podInfoOf(pod('high', { spec: { ...cpu(`${wanted}`), priority: 3 } } as object))
      const fits = (left: Cache) => {
        const pre = preFiltered(high, left)
        return rejectionOf(filtersOf(pre), high, { node: infoOf(left, 'a'), states: pre.states }, left) === undefined
      }
      for (const { victims: its } of run(high, cache).candidates) {
        expect(its.every(({ priority }) => priority < 3)).toBe(true)
        const without = its.reduce((left, { key }) => podGone(left, key), cache)
        expect(fits(without)).toBe(true)
        for (const spared of its) {
          const rest = its.filter((one) => one !== spared).reduce((left, { key }) => podGone(left, key), cache)
          expect(fits(rest)).toBe(false)
        }
      }
    }),
    { numRuns: 100 },
  )
})
