import { expect, test } from 'vitest'
import {
  noTriggerTimes,
  TRIGGER_TIME,
  triggered,
  withTriggerTime,
} from '../../../../../machines/lib/endpoints/trigger-time.ts'
import { CREATED, pod, service } from '../../controllers/objects.ts'

const readyAt = (name: string, lastTransitionTime: string) =>
  pod(name, { status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] } })

test('the earliest new change counts, and what was seen before does not', () => {
  const [first, created] = triggered(noTriggerTimes, service('web'), [])
  expect(created).toBe(CREATED)
  const [second, earliest] = triggered(first, service('web'), [
    readyAt('a', '2026-01-01T00:00:07Z'),
    readyAt('b', '2026-01-01T00:00:05Z'),
    pod('c', { status: { conditions: [] } }),
  ])
  expect(earliest).toBe('2026-01-01T00:00:05Z')
  const [third, nothing] = triggered(second, service('web'), [readyAt('a', '2026-01-01T00:00:07Z')])
  expect(nothing).toBeUndefined()
  expect(third.pods.toJSON()).toEqual({ a: '2026-01-01T00:00:07Z' })
})

test('without a trigger the annotation is removed', () => {
  expect(withTriggerTime({ x: 'y' }, CREATED)).toEqual({ x: 'y', [TRIGGER_TIME]: CREATED })
  expect(withTriggerTime({ x: 'y', [TRIGGER_TIME]: CREATED }, undefined)).toEqual({ x: 'y' })
  expect(withTriggerTime({ [TRIGGER_TIME]: CREATED }, undefined)).toBeUndefined()
})
