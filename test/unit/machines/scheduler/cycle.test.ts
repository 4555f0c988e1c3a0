import { describe, expect, test } from 'vitest'
import { filtered, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import { assume, nodeSeen } from '../../../../machines/scheduler/cache.ts'
import { atBirth, begun, chosen, waiting } from '../../../../machines/scheduler/cycle.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { arrived, EMPTY_QUEUE, popped, type Queue, type QueuedPod } from '../../../../machines/scheduler/queue.ts'
import { cacheWith, node, pod } from './cluster.ts'

const [queued, queue] = popped(arrived(EMPTY_QUEUE, pod('web'), 0)) as readonly [QueuedPod, Queue]

describe('an attempt', () => {
  test('is about one life of a pod', () => {
    expect(waiting(queue, begun(queued, [DEFAULT_PROFILE]))?.key).toBe('default/web')
    expect(waiting(queue, { ...begun(queued, [DEFAULT_PROFILE]), uid: 'other' })).toBeUndefined()
    expect(waiting(EMPTY_QUEUE, begun(queued, [DEFAULT_PROFILE]))).toBeUndefined()
    expect(waiting(queue, undefined)).toBeUndefined()
  })
  test('breaks ties by a draw of its own: the same for the same dice, spread over all that are best', () => {
    const snapshot = cacheWith(['a', 'b', 'c'].map((name) => node(name)))
    const info = podInfoOf(pod('web'))
    const pre = preFiltered(info, snapshot)
    const attempt = {
      ...begun(queued, [DEFAULT_PROFILE]),
      snapshot,
      filtered: filtered(info, snapshot, pre, 0, DEFAULT_PROFILE),
    }
    const picks = Array.from({ length: 40 }, (_, dice) => chosen(attempt, dice).node)
    expect(new Set(picks)).toEqual(new Set(['a', 'b', 'c']))
    expect(chosen(attempt, 7)).toEqual(chosen(attempt, 7))
    const second = { ...attempt, ordinal: 2 }
    expect(picks).not.toEqual(Array.from({ length: 40 }, (_, dice) => chosen(second, dice).node))
  })
  test('has a profile, of which settings replace parts', () => {
    const input = { apiserver: 'a', user: { name: 'u', groups: [] }, recorder: 'r' }
    expect(atBirth(input, 5)).toMatchObject({
      startedAt: 5,
      profiles: [DEFAULT_PROFILE],
      client: { qps: 50, burst: 100 },
    })
    expect(atBirth({ ...input, profile: { percentageOfNodesToScore: 7 } }, 0).profiles).toMatchObject([
      { percentageOfNodesToScore: 7 },
    ])
    const backOff = { initialMs: 5, maxMs: 50 }
    expect(atBirth({ ...input, backOff, profiles: [] }, 0)).toMatchObject({ queue: { backOff }, profiles: [] })
  })
  test('takes the profile that the pod names', () => {
    const mine = { ...DEFAULT_PROFILE, schedulerName: 'mine' }
    const named = { ...queued, pod: pod('web', { spec: { schedulerName: 'mine' } }) }
    expect(begun(named, [DEFAULT_PROFILE, mine]).profile).toBe(mine)
    expect(begun(named, []).profile).toBe(DEFAULT_PROFILE)
  })
  test('an assumed pod is on one node only', () => {
    const known = nodeSeen(cacheWith([node('a')]), node('b'))
    const twice = assume(assume(known, podInfoOf(pod('web')), 'a'), podInfoOf(pod('web')), 'b')
    expect(twice.nodes.get('a')?.pods.size).toBe(0)
  })
})
