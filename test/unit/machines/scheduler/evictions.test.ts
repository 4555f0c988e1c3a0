import { expect, test } from 'vitest'
import { type Attempt, atBirth, begun } from '../../../../machines/scheduler/cycle.ts'
import type { EvictionInput } from '../../../../machines/scheduler/eviction.ts'
import { candidateTaken, evictionNoted, evictionsStarted } from '../../../../machines/scheduler/evictions.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import type { PostFiltered } from '../../../../machines/scheduler/post-filter.ts'
import type { Candidate } from '../../../../machines/scheduler/preemption.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { arrived, EMPTY_QUEUE, popped, type Queue, type QueuedPod } from '../../../../machines/scheduler/queue.ts'
import { pod } from './cluster.ts'

const [queued] = popped(arrived(EMPTY_QUEUE, pod('high'), 0)) as readonly [QueuedPod, Queue]
const candidate = (node: string, ...names: string[]): Candidate => ({
  node,
  violations: 0,
  victims: names.map((name) => podInfoOf(pod(name))),
})
const best = [candidate('a', 'p', 'q'), candidate('b', 'r')]
const attempt = { ...begun(queued, [DEFAULT_PROFILE]), postFiltered: { best } as unknown as PostFiltered } as Attempt

test('any of the cheapest candidates is taken, the same for the same dice', () => {
  const nodes = Array.from({ length: 40 }, (_, dice) => candidateTaken(attempt, dice).nominate)
  expect(new Set(nodes)).toEqual(new Set(['a', 'b']))
  expect(candidateTaken(attempt, 3)).toEqual(candidateTaken(attempt, 3))
})
test('every victim takes two turns of the client', () => {
  const input = { apiserver: 'a', user: { name: 'u', groups: [] }, recorder: 'r', client: { qps: 50, burst: 1 } }
  const taken = { ...attempt, node: 'a' }
  const [change, effects] = evictionsStarted({ ...atBirth(input, 0), attempt: taken }, 'scheduler/cp', 1_000_000)
  const turns = effects.map((effect) => (effect as unknown as { input: EvictionInput }).input.turns)
  expect(turns.flat().map((turn) => turn - 1_000_000)).toEqual([0, 20, 40, 60])
  expect(change.client).toBeDefined()
})
test('the first error is kept', () => {
  const one = evictionNoted({ ...attempt, evicting: ['x', 'y'] }, { type: 'eviction.finished', key: 'x', error: 'no' })
  expect([one.evicting, one.evictionError]).toEqual([['y'], 'no'])
  expect(evictionNoted(one, { type: 'eviction.finished', key: 'y', error: 'nor' }).evictionError).toBe('no')
})
