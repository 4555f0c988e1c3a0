import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  arrived,
  backOffFlushed,
  backOffMs,
  EMPTY_QUEUE,
  firstFlushable,
  hopeful,
  popped,
  type Queue,
  rejected,
  removed,
  unschedulableFlushed,
  updated,
  waitingFor,
} from '../../../../machines/scheduler/queue.ts'
import { pod } from './cluster.ts'

const first = (queue: Queue) => popped(queue)?.[0].key
const pop = (queue: Queue): Queue => popped(queue)?.[1] ?? queue
const tried = (plugins: readonly string[], at = 0) =>
  rejected(pop(arrived(EMPTY_QUEUE, pod('a'), 0)), 'default/a', plugins, at)
const laneOf = (queue: Queue, key = 'default/a') => queue.pods.get(key)?.lane

describe('the scheduling queue', () => {
  test('gives the highest priority first, then the longest wait', () => {
    const low = arrived(arrived(EMPTY_QUEUE, pod('b'), 5), pod('a'), 10)
    expect(first(low)).toBe('default/b')
    expect(first(arrived(low, pod('c', { spec: { priority: 1 } }), 20))).toBe('default/c')
    expect(first(arrived(low, pod('d', { spec: { priority: -1 } }), 0))).toBe('default/b')
    expect(popped(EMPTY_QUEUE)).toBeUndefined()
  })
  test('pods that come at the same instant are tried in the order in which they came', () => {
    const both = arrived(arrived(EMPTY_QUEUE, pod('z'), 0), pod('a'), 0)
    expect(first(both)).toBe('default/z')
  })
  test.each([
    [0, 0],
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
    [5, 10_000],
    [40, 10_000],
  ])('after %i attempts a pod backs off for %i ms', (attempts, ms) => {
    expect(backOffMs(attempts)).toBe(ms)
  })
  test('a pod that failed for no reason of its own backs off from the end of its attempt', () => {
    const queue = tried([], 300)
    expect(laneOf(queue)).toBe('backingOff')
    expect(laneOf(backOffFlushed(queue, 1_299))).toBe('backingOff')
    expect(laneOf(backOffFlushed(queue, 1_300))).toBe('active')
  })
  test('a rejected pod waits for something to happen', () => {
    const queue = tried(['NodeAffinity'])
    expect(laneOf(queue)).toBe('unschedulable')
    expect(waitingFor(queue, ['NodeAffinity', 'NodePorts'])).toEqual(['default/a'])
    expect(waitingFor(queue, ['NodePorts'])).toEqual([])
    expect(laneOf(hopeful(queue, 'default/a', 500))).toBe('backingOff')
    expect(laneOf(hopeful(queue, 'default/a', 1_000))).toBe('active')
    expect(hopeful(EMPTY_QUEUE, 'default/a', 0)).toBe(EMPTY_QUEUE)
  })
  test('or for five minutes to pass', () => {
    const queue = tried(['NodeAffinity'])
    expect(firstFlushable(queue)).toBe(300_000)
    expect(firstFlushable(EMPTY_QUEUE)).toBeUndefined()
    expect(laneOf(unschedulableFlushed(queue, 300_000))).toBe('unschedulable')
    expect(laneOf(unschedulableFlushed(queue, 300_001))).toBe('active')
  })
  test('a gated pod is flushed by nothing', () => {
    const queue = arrived(EMPTY_QUEUE, pod('a'), 0, 'SchedulingGates')
    expect(laneOf(unschedulableFlushed(queue, 1_000_000))).toBe('gated')
    expect(laneOf(hopeful(queue, 'default/a', 0))).toBe('active')
  })
  test('an update does not move a pod, a deletion takes it out of its lane', () => {
    const queue = arrived(EMPTY_QUEUE, pod('a'), 0)
    const labelled = updated(queue, pod('a', { metadata: { labels: { x: 'y' } } } as object))
    expect(labelled.pods.get('default/a')?.pod.metadata.labels).toEqual({ x: 'y' })
    expect(updated(EMPTY_QUEUE, pod('a'))).toBe(EMPTY_QUEUE)
    expect(removed(queue, 'default/a').active.size).toBe(0)
    expect(removed(queue, 'default/b')).toBe(queue)
    expect(rejected(queue, 'default/a', [], 0)).toBe(queue)
  })
})

test('whatever happens, a pod lies in exactly one lane', () => {
  const step = fc.record({ what: fc.nat(6), pod: fc.nat(3) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let queue = EMPTY_QUEUE
      steps.forEach(({ what, pod: n }, at) => {
        const key = `default/p${n}`
        const ms = at * 400
        const changes = [
          () => arrived(queue, pod(`p${n}`), ms),
          () => pop(queue),
          () => rejected(queue, key, ['NodeAffinity', 'NodePorts'], ms),
          () => rejected(queue, key, [], ms),
          () => hopeful(queue, key, ms),
          () => backOffFlushed(queue, ms),
          () => removed(queue, key),
        ]
        queue = (changes[what] as () => Queue)()
      })
      const { active, backingOff, unschedulable } = queue
      const lying = [...active.values(), ...backingOff.values(), ...unschedulable.values()].sort()
      expect(new Set(lying).size).toBe(lying.length)
      const expected = queue.pods.entries().filter(([, { lane }]) => lane !== 'inFlight')
      expect(lying).toEqual(expected.map(([key]) => key).sort())
      expect(waitingFor(queue, ['NodePorts'])).toEqual(unschedulable.values().sort())
    }),
    { numRuns: 60 },
  )
})
