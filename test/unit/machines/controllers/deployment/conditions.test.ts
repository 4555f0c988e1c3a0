import { expect, test } from 'vitest'
import {
  conditionOf,
  newCondition,
  withCondition,
  withoutCondition,
} from '../../../../../machines/controllers/deployment/conditions.ts'

const first = newCondition('Progressing', 'True', 'NewReplicaSetCreated', 'Created new replica set "web"', 0)
const other = newCondition('Available', 'True', 'MinimumReplicasAvailable', '', 0)

test('a condition keeps its transition time while its status stays, and moves to the end', () => {
  const status = { conditions: [first, other] }
  const same = newCondition('Progressing', 'True', 'NewReplicaSetCreated', 'something else', 5_000)
  expect(withCondition(status, same)).toBe(status)
  const updated = withCondition(status, newCondition('Progressing', 'True', 'ReplicaSetUpdated', '', 5_000))
  expect(updated.conditions).toMatchObject([
    { type: 'Available' },
    { type: 'Progressing', lastTransitionTime: '1970-01-01T00:00:00Z', lastUpdateTime: '1970-01-01T00:00:05Z' },
  ])
  const failed = withCondition(status, newCondition('Progressing', 'False', 'ProgressDeadlineExceeded', '', 5_000))
  expect(conditionOf(failed, 'Progressing')?.lastTransitionTime).toBe('1970-01-01T00:00:05Z')
})

test('the last condition that is taken away leaves no list', () => {
  expect(withoutCondition({ replicas: 1, conditions: [first] }, 'Progressing')).toEqual({ replicas: 1 })
  expect(withoutCondition({ conditions: [first, other] }, 'Progressing').conditions).toEqual([other])
  const status = { conditions: [other] }
  expect(withoutCondition(status, 'Progressing')).toBe(status)
})
