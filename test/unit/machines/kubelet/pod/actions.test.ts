import { describe, expect, test } from 'vitest'
import { actionsFor, endsAfter, killAll } from '../../../../../machines/kubelet/pod/actions.ts'
import type { Running } from '../../../../../machines/protocol/kubelet.ts'
import { container, exited, pod, running, sandbox } from '../fixtures.ts'

const nothing: Running = { sandboxes: [], containers: [] }
const dead = (...containers: ReturnType<typeof container>[]): Running => ({
  sandboxes: [sandbox('NOTREADY')],
  containers,
})

describe('without a sandbox', () => {
  test('one is made, and everything started from the beginning', () => {
    expect(actionsFor(pod(), nothing, {})).toMatchObject({
      killPod: true,
      createSandbox: true,
      attempt: 0,
      start: ['c'],
    })
    const init = pod({ initContainers: [{ name: 'i' }] })
    expect(actionsFor(init, nothing, {}).start).toEqual(['i'])
  })
  test('a pod that never restarts is not begun again', () => {
    expect(actionsFor(pod({ restartPolicy: 'Never' }), dead(exited(1)), {})).toMatchObject({
      killPod: true,
      createSandbox: false,
    })
  })
  test('one whose containers all succeeded neither', () => {
    const own = pod({ restartPolicy: 'OnFailure' })
    expect(actionsFor(own, dead(exited(0)), {}).createSandbox).toBe(false)
    expect(actionsFor(own, dead(exited(1)), {}).createSandbox).toBe(true)
  })
})

describe('init containers', () => {
  const own = pod({
    initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always', startupProbe: {} }, { name: 'j' }],
  })
  const start = (...containers: ReturnType<typeof container>[]) =>
    actionsFor(own, running(...containers), { s0: { startup: 'success' } }).start
  const sidecar = container({ name: 's' })
  test('they come one after another; a sidecar need only have started', () => {
    expect(start()).toEqual(['i'])
    expect(start(container({ name: 'i' }))).toEqual([])
    expect(start(exited(0, { name: 'i' }))).toEqual(['s'])
    expect(start(exited(0, { name: 'i' }), sidecar)).toEqual(['j'])
    expect(start(exited(0, { name: 'i' }), sidecar, exited(0, { name: 'j' }))).toEqual(['c'])
    expect(actionsFor(own, running(exited(0, { name: 'i' }), sidecar), {}).start).toEqual([])
  })
  test('one that fails is restarted, or ends the pod', () => {
    expect(start(exited(1, { name: 'i' }))).toEqual(['i'])
    expect(
      actionsFor({ ...own, spec: { ...own.spec, restartPolicy: 'Never' } }, running(exited(1, { name: 'i' })), {})
        .killPod,
    ).toBe(true)
  })
  test('sidecars are kept running, whatever the policy', () => {
    expect(start(exited(0, { name: 'i' }), exited(1, { name: 's' }), container({ name: 'j' }))).toEqual(['s'])
    expect(start(exited(1, { name: 's' }), container())).toEqual(['s'])
    const failed = actionsFor(own, running(sidecar, container()), { s0: { liveness: 'failure', startup: 'success' } })
    expect(failed.kill).toMatchObject([{ message: 'Init container s failed liveness probe' }])
    expect(failed.start).toEqual(['s'])
  })
})

describe('containers', () => {
  test('nothing is done when all run', () => {
    expect(actionsFor(pod(), running(container()), {})).toMatchObject({ killPod: false, kill: [], start: [] })
  })
  test('a failed startup probe kills and restarts; with Never it ends the pod', () => {
    const probes = { c0: { startup: 'failure' as const } }
    expect(actionsFor(pod(), running(container()), probes).kill).toMatchObject([
      { message: 'Container c failed startup probe, will be restarted' },
    ])
    expect(actionsFor(pod({ restartPolicy: 'Never' }), running(container()), probes).killPod).toBe(true)
  })
})

test('sidecars end after the containers and after later sidecars', () => {
  const own = pod({
    initContainers: [
      { name: 's', restartPolicy: 'Always' },
      { name: 't', restartPolicy: 'Always' },
    ],
  })
  const kills = killAll(
    own,
    running(container(), container({ name: 't' }), container({ name: 's' }), exited(0, { name: 'x' })),
  )
  expect(kills.map(({ name }) => name)).toEqual(['s', 't', 'c'])
  expect(endsAfter(own, 's', kills)).toEqual(['t', 'c'])
  expect(endsAfter(own, 't', kills)).toEqual(['c'])
  expect(endsAfter(own, 'c', kills)).toEqual([])
})
