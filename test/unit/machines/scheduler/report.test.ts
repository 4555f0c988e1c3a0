import { expect, test } from 'vitest'
import {
  clearedNomination,
  disruptionPatch,
  failedEvent,
  failurePatch,
  isMarked,
  isNews,
  preemptedEvent,
  scheduledEvent,
} from '../../../../machines/scheduler/report.ts'
import { pod } from './cluster.ts'

const user = { name: 'system:kube-scheduler', groups: [] }
const failure = { reason: 'Unschedulable', message: 'why' } as const
const condition = { type: 'PodScheduled', status: 'False', ...failure, lastTransitionTime: '2026-01-01T00:00:00Z' }
const told = pod('web', { status: { conditions: [condition] } } as object)
const conditionOf = (request: { body?: unknown }) =>
  (request.body as { status: { conditions: { lastTransitionTime: string }[] } }).status.conditions[0]

test('a condition is news unless it says the same, word for word', () => {
  expect([isNews(pod('web'), failure, undefined), isNews(told, failure, undefined)]).toEqual([true, false])
  expect(isNews(told, { ...failure, message: 'something else' }, undefined)).toBe(true)
  expect([isNews(told, failure, ''), isNews(told, failure, 'node-1')]).toEqual([false, true])
})
test('the time of a condition is that of its status', () => {
  const first = failurePatch(user, pod('web'), failure, undefined, 0)
  expect(conditionOf(first)?.lastTransitionTime).toBe('1970-01-01T00:00:00Z')
  const again = failurePatch(user, told, { ...failure, message: 'new' }, undefined, 0)
  expect(conditionOf(again)?.lastTransitionTime).toBe('2026-01-01T00:00:00Z')
})
test('only what changes is written', () => {
  expect(failurePatch(user, told, failure, 'node-1', 0).body).toEqual({ status: { nominatedNodeName: 'node-1' } })
  const waiting = pod('web', { status: { nominatedNodeName: 'node-1', conditions: [condition] } } as object)
  expect(failurePatch(user, waiting, failure, '', 0).body).toEqual({ status: { nominatedNodeName: null } })
  expect(clearedNomination(user, waiting).body).toEqual({ status: { nominatedNodeName: null } })
})
test('a victim is told what it is', () => {
  const preemptor = pod('high', { spec: { schedulerName: 'mine' } })
  const patch = disruptionPatch(user, pod('low'), preemptor, 0)
  expect(conditionOf(patch)).toMatchObject({
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'PreemptionByScheduler',
    message: 'mine: preempting to accommodate a higher priority pod',
  })
  const marked = pod('low', { status: { conditions: [conditionOf(patch)] } } as object)
  expect([isMarked(pod('low'), preemptor), isMarked(marked, preemptor)]).toEqual([false, true])
  expect(preemptedEvent(pod('low'), preemptor, 'n').message).toBe('Preempted by pod uid-high on node n')
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
