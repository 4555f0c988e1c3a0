import { expect, test } from 'vitest'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import {
  asked,
  capacityOf,
  heightAt,
  type ScoringStrategy,
  scorerOf,
  usedOf,
} from '../../../../machines/scheduler/scoring-strategy.ts'
import { cacheWith, infoOf, node, pod } from './cluster.ts'

const GPU = 'example.com/gpu'
const resources = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 3 },
  { name: 'ephemeral-storage', weight: 1 },
  { name: GPU, weight: 2 },
]
const sized = (name: string, allocatable: object) => node(name, { status: { allocatable } } as object)
const cache = cacheWith(
  [
    sized('all', { cpu: '4', memory: '8Gi', 'ephemeral-storage': '10Gi', [GPU]: '4', pods: '9' }),
    sized('some', { cpu: '4', pods: '9' }),
    sized('none', {}),
  ],
  [pod('p', { spec: { nodeName: 'all' } })],
)
const web = (requests: object) =>
  podInfoOf(pod('web', { spec: { containers: [{ name: 'c', resources: { requests } }] } } as object))
const score = (strategy: Omit<ScoringStrategy, 'resources'>, requests: object) => {
  const scorer = scorerOf({ ...strategy, resources })
  const asks = asked(web(requests), resources, true)
  return ['all', 'some', 'none'].map((name) => scorer(infoOf(cache, name), asks))
}
const shape = [
  { utilization: 20, score: 0 },
  { utilization: 60, score: 10 },
  { utilization: 100, score: 5 },
]

test('the emptier the better, or the fuller, by weight', () => {
  const requests = { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi', [GPU]: '1' }
  expect(score({ type: 'LeastAllocated' }, requests)).toEqual([73, 75, 0])
  expect(score({ type: 'MostAllocated' }, requests)).toEqual([26, 25, 0])
})
test('an extended resource counts for those who ask for it; too much is full', () => {
  expect(score({ type: 'LeastAllocated' }, { cpu: '8', memory: '1Gi' })).toEqual([65, 0, 0])
  expect(score({ type: 'MostAllocated' }, { cpu: '8', memory: '1Gi' })).toEqual([35, 100, 0])
})
test('along a line of the user, where what scores 0 has no weight', () => {
  expect(score({ type: 'RequestedToCapacityRatio', shape }, { cpu: '1', memory: '1Gi' })).toEqual([28, 12, 0])
  expect(score({ type: 'RequestedToCapacityRatio', shape }, { cpu: '9', memory: '1Ki' })).toEqual([50, 50, 0])
})
test('the line is level outside its points', () => {
  expect([0, 20, 21, 40, 60, 80, 100, 120].map((at) => heightAt(shape, at))).toEqual([0, 0, 2, 50, 100, 75, 50, 50])
})
test('silent containers are taken to use a little cpu and memory, where that is wanted', () => {
  expect(asked(web({}), resources, true)).toEqual([100, 200 * 2 ** 20, 0, 0])
  expect(asked(web({}), resources, false)).toEqual([0, 0, 0, 0])
  const all = infoOf(cache, 'all')
  expect([usedOf(all, 'cpu', false), usedOf(all, 'memory', false), usedOf(all, GPU, true)]).toEqual([1_000, 2 ** 30, 0])
  expect([capacityOf(all, GPU, 0), capacityOf(all, GPU, 1), capacityOf(all, 'unknown', 1)]).toEqual([0, 4, 0])
})
