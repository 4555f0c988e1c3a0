import { describe, expect, test } from 'vitest'
import { conditionOf, newCondition } from '../../../../../machines/controllers/deployment/conditions.ts'
import {
  checkedAgainAfterMs,
  rolloutStatusOf,
  statusOf,
} from '../../../../../machines/controllers/deployment/progress.ts'
import { deployment, NAME_1, setOf } from './examples.ts'

const progressing = (reason: string, at = 0, status: 'True' | 'False' | 'Unknown' = 'True') =>
  newCondition('Progressing', status, reason, '', at)
const set = (replicas: number, available = replicas) =>
  setOf('img:1', 4, { replicas, readyReplicas: available, availableReplicas: available })
const judged = (status: object, current = set(4), at = 10_000, spec = {}) =>
  rolloutStatusOf(deployment(spec, status), [current], current, at)

describe('the status of a Deployment', () => {
  test('counts its replica sets and leaves out what is none', () => {
    const status = statusOf(deployment(), [set(3, 2), setOf('img:0', 1)], set(3, 2), 0)
    expect(status).toMatchObject({
      observedGeneration: 1,
      replicas: 4,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      unavailableReplicas: 2,
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        },
      ],
    })
    const none = statusOf(deployment({}, { collisionCount: 1 }), [], undefined, 0)
    expect(Object.keys(none).sort()).toEqual(['collisionCount', 'conditions', 'observedGeneration'])
    expect(none.conditions).toMatchObject([
      {
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      },
    ])
  })

  test('says when the rollout is complete', () => {
    const status = judged({ conditions: [progressing('ReplicaSetUpdated')] })
    expect(conditionOf(status, 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "${NAME_1}" has successfully progressed.`,
      lastTransitionTime: '1970-01-01T00:00:00Z',
    })
    expect(judged({ ...status }, set(4), 99_000)).toEqual(status)
    const over = { replicas: 4, updatedReplicas: 4, conditions: [progressing('NewReplicaSetAvailable')] }
    expect(conditionOf(judged(over, set(4, 2)), 'Progressing')?.reason).toBe('NewReplicaSetAvailable')
  })

  test('notes each progress with a new update time', () => {
    const before = {
      replicas: 4,
      updatedReplicas: 4,
      readyReplicas: 1,
      availableReplicas: 1,
      conditions: [progressing('ReplicaSetUpdated')],
    }
    const condition = conditionOf(judged(before, set(4, 2)), 'Progressing')
    expect(condition).toMatchObject({
      reason: 'ReplicaSetUpdated',
      message: `ReplicaSet "${NAME_1}" is progressing.`,
      lastUpdateTime: '1970-01-01T00:00:10Z',
      lastTransitionTime: '1970-01-01T00:00:00Z',
    })
    const failed = { ...before, conditions: [progressing('ProgressDeadlineExceeded', 0, 'False')] }
    expect(conditionOf(judged(failed, set(4, 2)), 'Progressing')?.lastTransitionTime).toBe('1970-01-01T00:00:10Z')
    expect(conditionOf(judged({}, set(1, 0)), 'Progressing')?.reason).toBe('ReplicaSetUpdated')
    const without = rolloutStatusOf(
      deployment({}, { replicas: 4, updatedReplicas: 1 }),
      [setOf('img:0', 2)],
      undefined,
      0,
    )
    expect(conditionOf(without, 'Progressing')?.message).toBe('Deployment "web" is progressing.')
  })

  test('says when the deadline has passed', () => {
    const stuck = {
      replicas: 4,
      updatedReplicas: 4,
      readyReplicas: 2,
      availableReplicas: 2,
      conditions: [progressing('ReplicaSetUpdated')],
    }
    expect(conditionOf(judged(stuck, set(4, 2), 600_000), 'Progressing')?.reason).toBe('ReplicaSetUpdated')
    const late = conditionOf(judged(stuck, set(4, 2), 600_001), 'Progressing')
    expect(late).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `ReplicaSet "${NAME_1}" has timed out progressing.`,
    })
    const told = { ...stuck, conditions: [late] }
    expect(conditionOf(judged(told, set(4, 2), 700_000), 'Progressing')).toBe(late)
    expect(conditionOf(judged({ ...stuck, conditions: [] }, set(4, 2), 700_000), 'Progressing')).toBeUndefined()
  })

  test('says nothing of progress without a deadline', () => {
    const status = { conditions: [progressing('ReplicaSetUpdated')] }
    expect(
      conditionOf(judged(status, set(4), 0, { progressDeadlineSeconds: 2_147_483_647 }), 'Progressing'),
    ).toBeUndefined()
  })

  test('passes on why pods cannot be made, of the new replica set first', () => {
    const failing = (message: string) => ({
      ...set(1, 0),
      status: {
        ...set(1, 0).status,
        conditions: [
          { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, lastTransitionTime: 't' },
        ],
      },
    })
    const status = rolloutStatusOf(deployment(), [failing('old'), failing('new')] as never, failing('new') as never, 0)
    expect(conditionOf(status, 'ReplicaFailure')).toMatchObject({
      message: 'new',
      lastUpdateTime: 't',
      lastTransitionTime: 't',
    })
    expect(conditionOf(judged(status, set(4)), 'ReplicaFailure')).toBeUndefined()
  })
})

describe('the deadline', () => {
  const at = (status: object, now: number, spec = {}) => checkedAgainAfterMs(deployment(spec, status), now)
  const stuck = { conditions: [progressing('ReplicaSetUpdated')] }

  test('is looked at again a second after it', () => {
    expect(at(stuck, 200_000)).toBe(401_000)
    expect(at(stuck, 599_500)).toBe(100)
  })

  test('is of no interest when there is none, or the rollout is complete or has failed', () => {
    expect(at({}, 0)).toBeUndefined()
    const complete = { ...stuck, replicas: 4, updatedReplicas: 4, availableReplicas: 4, observedGeneration: 1 }
    expect(at(complete, 0)).toBeUndefined()
    expect(at({ conditions: [progressing('ProgressDeadlineExceeded', 0, 'False')] }, 0)).toBeUndefined()
  })
})
