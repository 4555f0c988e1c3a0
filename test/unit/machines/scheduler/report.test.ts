import { expect, test } from 'vitest'
import { conditionPatch, failedEvent, isNews, scheduledEvent } from '../../../../machines/scheduler/report.ts'
import { pod } from './cluster.ts'

const user = { name: 'system:kube-scheduler', groups: [] }
const failure = { reason: 'Unschedulable', message: 'why' } as const
const condition = { type: 'PodScheduled', status: 'False', ...failure, lastTransitionTime: '2026-01-01T00:00:00Z' }
const told = pod('web', { status: { conditions: [condition] } } as object)
const conditionOf = (request: { body?: unknown }) =>
  (request.body as { status: { conditions: { lastTransitionTime: string }[] } }).status.conditions[0]

test('a condition is news unless it says the same, word for word', () => {
  expect([isNews(pod('web'), failure), isNews(told, failure)]).toEqual([true, false])
  expect(isNews(told, { ...failure, message: 'something else' })).toBe(true)
})
test('the time of a condition is that of its status', () => {
  expect(conditionOf(conditionPatch(user, pod('web'), failure, 0))?.lastTransitionTime).toBe('1970-01-01T00:00:00Z')
  const again = conditionPatch(user, told, { ...failure, message: 'new' }, 0)
  expect(conditionOf(again)?.lastTransitionTime).toBe('2026-01-01T00:00:00Z')
})
test('events name the pod', () => {
  expect(scheduledEvent(pod('web'), 'node-1')).toMatchObject({
    kind: 'Normal',
    reason: 'Scheduled',
    message: 'Successfully assigned default/web to node-1',
    about: { kind: 'Pod', namespace: 'default', name: 'web', uid: 'uid-web' },
  })
  expect(failedEvent(pod('web'), 'why')).toMatchObject({ kind: 'Warning', reason: 'FailedScheduling', message: 'why' })
})
