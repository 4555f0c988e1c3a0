import { expect, test } from 'vitest'
import {
  containerNamed,
  fieldPathOf,
  merged,
  sandboxChange,
  shouldRestart,
  superseded,
} from '../../../../../machines/kubelet/pod/restart.ts'
import { container, exited, pod, running, sandbox } from '../fixtures.ts'

const own = pod({ initContainers: [{ name: 'i' }] })
test('where an Event is about', () => {
  expect(fieldPathOf(own, 'c')).toBe('spec.containers{c}')
  expect(fieldPathOf(own, 'i')).toBe('spec.initContainers{i}')
  expect(containerNamed(own, 'i').name).toBe('i')
})
test.each([
  ['Always', 0, true],
  ['Always', 1, true],
  ['OnFailure', 0, false],
  ['OnFailure', 1, true],
  ['Never', 1, false],
])('with %s a container that ended with %i runs again: %s', (restartPolicy, code, expected) => {
  expect(shouldRestart({ name: 'c' }, pod({ restartPolicy }), running(exited(code)))).toBe(expected)
})
test('one that runs, or whose pod is deleted, is left alone; one that never ran or hangs is started', () => {
  expect(shouldRestart({ name: 'c' }, own, running(container()))).toBe(false)
  expect(shouldRestart({ name: 'c' }, pod({}, { deletionTimestamp: 'x' }), running())).toBe(false)
  expect(shouldRestart({ name: 'c' }, own, running())).toBe(true)
  expect(shouldRestart({ name: 'c' }, own, running(container({ state: 'CREATED' })))).toBe(true)
})
test('a sandbox is made anew with the next attempt', () => {
  expect(sandboxChange({ sandboxes: [], containers: [] })).toEqual({ changed: true, attempt: 0 })
  expect(sandboxChange(running())).toEqual({ changed: false, attempt: 0 })
  expect(sandboxChange({ sandboxes: [sandbox('NOTREADY', 1)], containers: [] })).toEqual({ changed: true, attempt: 2 })
})
test('the newest come first, the same id replaces, what is gone is out', () => {
  const known = running(container(), exited(1, { attempt: 1 }))
  const after = merged(known, { sandboxes: [], containers: [container({ attempt: 2 }), exited(0)] }, ['c1'])
  expect(after.containers.map(({ id, state }) => `${id} ${state}`)).toEqual(['c2 RUNNING', 'c0 EXITED'])
})
test('of the exited ones of a name only the newest is kept', () => {
  expect(superseded(running(exited(1, { attempt: 2 }), exited(1, { attempt: 1 }), exited(1, { name: 'b' })))).toEqual([
    'c1',
  ])
})
