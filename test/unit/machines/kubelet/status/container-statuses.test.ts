import { expect, test } from 'vitest'
import {
  awaitsReadiness,
  idOf,
  initStatuses,
  type Known,
  regularStatuses,
} from '../../../../../machines/kubelet/status/container-statuses.ts'
import { container, exited, pod, running } from '../fixtures.ts'

const known = (rest: Partial<Known> = {}): Known => ({
  pod: pod(),
  running: { sandboxes: [], containers: [] },
  old: {},
  startErrors: {},
  probes: {},
  probing: true,
  ...rest,
})
const one = (rest: Partial<Known>) => regularStatuses(known(rest))[0]
const error = { c: { reason: 'CrashLoopBackOff', message: 'back-off' } }

test('a container that never was waits to be created', () => {
  expect(one({})).toEqual({
    name: 'c',
    image: 'nginx:1',
    imageID: '',
    lastState: {},
    ready: false,
    restartCount: 0,
    started: false,
    state: { waiting: { reason: 'ContainerCreating' } },
  })
  expect(one({ pod: pod({ initContainers: [{ name: 'i' }] }) })?.state).toEqual({
    waiting: { reason: 'PodInitializing' },
  })
})
test('one that was running and is lost counts as a restart', () => {
  const old = {
    containerStatuses: [{ name: 'c', image: '', imageID: '', ready: true, restartCount: 1, state: { running: {} } }],
  }
  expect(one({ old })).toMatchObject({
    restartCount: 2,
    lastState: { terminated: { reason: 'ContainerStatusUnknown', exitCode: 137 } },
  })
})
test('the end before this life is the last state', () => {
  expect(one({ running: running(container({ attempt: 1 }), exited(3)) })).toMatchObject({
    containerID: 'containerd://c1',
    restartCount: 1,
    ready: true,
    started: true,
    lastState: { terminated: { exitCode: 3, containerID: 'containerd://c0', reason: 'Error' } },
  })
})
test('what should run but cannot be started waits, and its end moves to the last state', () => {
  expect(one({ running: running(exited(1)), startErrors: error })).toMatchObject({
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
    lastState: { terminated: { exitCode: 1 } },
  })
  expect(
    one({ pod: pod({ restartPolicy: 'Never' }), running: running(exited(1)), startErrors: error })?.state?.terminated
      ?.exitCode,
  ).toBe(1)
})
test('the termination message is the container’s own, or the end of its log', () => {
  const chatty = { name: 'c', image: 'x', terminationMessagePolicy: 'FallbackToLogsOnError' }
  const message = (rest: object) =>
    one({ pod: pod({ containers: [chatty] }), running: running(exited(1, rest)) })?.state?.terminated?.message
  expect(message({ logTail: 'log' })).toBe('log')
  expect(message({ terminationMessage: 'own', logTail: 'log', message: 'why' })).toBe('why: own')
  expect(message({})).toBeUndefined()
})
test('readiness is what the probe says, once the probes are there', () => {
  const own = pod({ containers: [{ name: 'c', image: 'x', readinessProbe: {}, startupProbe: {} }] })
  const at = (probes: Known['probes'], probing = true) =>
    one({ pod: own, running: running(container()), probes, probing })
  expect(at({})).toMatchObject({ started: false, ready: false })
  expect(at({ c0: { startup: 'success' } })).toMatchObject({ started: true, ready: false })
  expect(at({ c0: { startup: 'success', readiness: 'success' } })).toMatchObject({ started: true, ready: true })
  expect(at({}, false)).toMatchObject({ started: true, ready: true })
  expect(awaitsReadiness(own.spec.containers[0] as never, at({ c0: { startup: 'success' } }) as never, {})).toBe(true)
})
test('an init container is ready when it succeeded, a sidecar while it runs', () => {
  const own = pod({ initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }] })
  const statuses = initStatuses(
    known({ pod: own, running: running(exited(0, { name: 'i' }), container({ name: 's' })) }),
  )
  expect(statuses.map(({ ready }) => ready)).toEqual([true, true])
})
test('regular statuses are in the order of their names', () => {
  const own = pod({ containers: [{ name: 'b' }, { name: 'a' }] })
  expect(regularStatuses(known({ pod: own })).map(({ name }) => name)).toEqual(['a', 'b'])
  expect(idOf('containerd://x')).toBe('x')
})
test('mounts are shown as the runtime took them', () => {
  const own = pod({
    containers: [
      {
        name: 'c',
        volumeMounts: [
          { name: 'v', mountPath: '/v', readOnly: true },
          { name: 'w', mountPath: '/w' },
        ],
      },
    ],
  })
  expect(one({ pod: own })?.volumeMounts).toEqual([
    { name: 'v', mountPath: '/v', readOnly: true, recursiveReadOnly: 'Disabled' },
    { name: 'w', mountPath: '/w' },
  ])
})
