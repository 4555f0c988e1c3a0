import { describe, expect, test } from 'vitest'
import { availableAfterMs, isReported, statusOf } from '../../../../../machines/controllers/replicaset/status.ts'
import { replicaSet } from './examples.ts'

const counts = { active: 2, ready: 1, available: 1, fullyLabeled: 2 }
const condition = {
  type: 'ReplicaFailure',
  status: 'True',
  reason: 'FailedCreate',
  message: 'no room',
  lastTransitionTime: '1970-01-01T00:00:01Z',
}

describe('the status of a ReplicaSet', () => {
  test('leaves out what is none, but for replicas', () => {
    expect(statusOf(replicaSet(), { active: 0, ready: 0, available: 0, fullyLabeled: 0 }, undefined, 0)).toEqual({
      replicas: 0,
      observedGeneration: 1,
    })
    expect(statusOf(replicaSet(), counts, undefined, 0)).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 1,
      availableReplicas: 1,
      observedGeneration: 1,
    })
  })

  test('tells of a failure once and takes it away when it is over', () => {
    const failing = statusOf(replicaSet({ replicas: 3 }), counts, { message: 'no room' }, 1_000)
    expect(failing.conditions).toEqual([condition])
    const set = replicaSet({ replicas: 3 }, failing)
    expect(statusOf(set, counts, { message: 'still no room' }, 9_000)).toEqual(failing)
    expect(isReported(set, failing)).toBe(true)
    expect(statusOf(set, counts, undefined, 9_000).conditions).toBeUndefined()
    expect(statusOf(replicaSet({ replicas: 1 }), counts, { message: 'x' }, 0).conditions?.[0]?.reason).toBe(
      'FailedDelete',
    )
    expect(statusOf(replicaSet({ replicas: 2 }), counts, { message: 'x' }, 0).conditions?.[0]?.reason).toBe('')
  })

  test('asks for another look when the last pods are only to become available', () => {
    const set = replicaSet({ minReadySeconds: 3 })
    expect(availableAfterMs(set, { replicas: 2, readyReplicas: 2 })).toBe(3_000)
    expect(availableAfterMs(set, { replicas: 2, readyReplicas: 2, availableReplicas: 2 })).toBeUndefined()
    expect(availableAfterMs(replicaSet(), { replicas: 2, readyReplicas: 2 })).toBeUndefined()
  })
})
