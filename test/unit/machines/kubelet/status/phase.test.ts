import { expect, test } from 'vitest'
import { anyRegularStarted, isTerminal, phaseOf } from '../../../../../machines/kubelet/status/phase.ts'
import type { core } from '../../../../../machines/protocol/objects.ts'
import { pod } from '../fixtures.ts'

const status = (
  name: string,
  state: core.ContainerState,
  lastState: core.ContainerState = {},
): core.ContainerStatus => ({
  name,
  state,
  lastState,
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
})
const RUNNING = { running: {} }
const WAITING = { waiting: {} }
const ended = (exitCode: number) => ({ terminated: { exitCode } })
const two = { containers: [{ name: 'a' }, { name: 'b' }] }

test.each([
  ['one has never started', 'Always', [RUNNING, WAITING], 'Pending'],
  ['one runs', 'Never', [RUNNING, ended(1)], 'Running'],
  ['all ended, but will run again', 'Always', [ended(0), ended(0)], 'Running'],
  ['all succeeded', 'OnFailure', [ended(0), ended(0)], 'Succeeded'],
  ['one failed and will be tried again', 'OnFailure', [ended(0), ended(1)], 'Running'],
  ['one failed for good', 'Never', [ended(0), ended(1)], 'Failed'],
])('%s: with %s', (_, restartPolicy, [a, b], phase) => {
  const statuses = [status('a', a as core.ContainerState), status('b', b as core.ContainerState)]
  expect(phaseOf(pod({ ...two, restartPolicy }), statuses, false)).toBe(phase)
})
test('a pod that is being ended does not count on restarts', () => {
  expect(phaseOf(pod(), [status('c', ended(0))], true)).toBe('Succeeded')
  expect(phaseOf(pod(), [status('c', ended(1))], true)).toBe('Failed')
})
test('init containers', () => {
  const own = (restartPolicy: string) => pod({ restartPolicy, initContainers: [{ name: 'i' }] })
  expect(phaseOf(own('Never'), [status('i', ended(1)), status('c', WAITING)], false)).toBe('Failed')
  expect(phaseOf(own('Always'), [status('i', RUNNING), status('c', WAITING)], false)).toBe('Pending')
  expect(phaseOf(own('Always'), [], false)).toBe('Pending')
})
test('a sidecar beside a crashing container: Pending while that waits, as recorded', () => {
  const own = pod({ initContainers: [{ name: 's', restartPolicy: 'Always' }] })
  expect(phaseOf(own, [status('s', RUNNING), status('c', WAITING, ended(1))], false)).toBe('Pending')
  expect(phaseOf(own, [status('s', RUNNING), status('c', ended(1))], false)).toBe('Running')
})
test('waiting after an end is no start', () => {
  expect(anyRegularStarted(pod().spec, [status('c', WAITING, ended(1))])).toBe(false)
  expect(isTerminal('Failed')).toBe(true)
  expect(isTerminal('Running')).toBe(false)
})
