import { expect, test } from 'vitest'
import {
  type Facts,
  finalStatus,
  podStatus,
  rejectedStatus,
  withProbe,
} from '../../../../../machines/kubelet/status/pod-status.ts'
import { container, DAY, exited, pod, running } from '../fixtures.ts'

const facts = (rest: Partial<Facts> = {}): Facts => ({
  pod: pod(),
  running: { sandboxes: [], containers: [] },
  old: {},
  startErrors: {},
  probes: {},
  probing: true,
  hostIP: '192.168.1.1',
  ending: false,
  verdict: undefined,
  ...rest,
})

test('conditions keep their time while they stay, and the pod its start', () => {
  const first = podStatus(facts(), DAY)
  const second = podStatus(facts({ old: first, running: running(container()) }), DAY + 5_000)
  expect(second).toMatchObject({
    phase: 'Running',
    startTime: '1970-01-02T00:00:00Z',
    podIP: '10.0.0.1',
    podIPs: [{ ip: '10.0.0.1' }],
  })
  expect(
    second.conditions?.map(({ type, lastTransitionTime }) => `${type} ${lastTransitionTime?.slice(17, 19)}`),
  ).toEqual(['PodReadyToStartContainers 05', 'Initialized 00', 'Ready 05', 'ContainersReady 05', 'PodScheduled 00'])
})
test('a second look changes nothing', () => {
  const once = podStatus(facts({ running: running(container()) }), DAY)
  expect(podStatus(facts({ running: running(container()), old: once }), DAY + 9_000)).toEqual(once)
})
test('a terminal phase is never left; a verdict overrules', () => {
  expect(
    podStatus(facts({ old: { phase: 'Failed', reason: 'Evicted' }, running: running(container()) }), DAY),
  ).toMatchObject({
    phase: 'Failed',
    reason: 'Evicted',
  })
  const verdict = { reason: 'DeadlineExceeded', message: 'late' }
  expect(podStatus(facts({ running: running(container()), verdict }), DAY)).toMatchObject({
    phase: 'Failed',
    ...verdict,
  })
})
test('a pod on the host’s network has its address; others keep theirs when the sandbox is gone', () => {
  expect(podStatus(facts({ pod: pod({ hostNetwork: true }) }), DAY).podIP).toBe('192.168.1.1')
  expect(podStatus(facts({ old: { podIPs: [{ ip: '10.0.0.9' }] } }), DAY).podIP).toBe('10.0.0.9')
})
test('conditions of others come first and stay', () => {
  const gate = { type: 'x/g', status: 'True' }
  const own = { ...pod(), status: { conditions: [gate] } }
  expect(podStatus(facts({ pod: own }), DAY).conditions?.[0]).toEqual(gate)
})
test('a probe changes one container and the readiness, nothing else', () => {
  const own = pod({ containers: [{ name: 'c', image: 'x', readinessProbe: {} }] })
  const before = podStatus(facts({ pod: own, running: running(container()) }), DAY)
  const after = withProbe(own, before, 'containerd://c0', { ready: true }, DAY + 1_000)
  expect(after.containerStatuses?.[0]?.ready).toBe(true)
  expect(after.conditions?.filter(({ status }) => status === 'True')).toHaveLength(5)
})
test('in the end what has no end is lost, unless the pod was never initialized', () => {
  const never = podStatus(facts(), DAY)
  expect(finalStatus(pod(), never, DAY)).toMatchObject({
    phase: 'Failed',
    containerStatuses: [{ state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } } }],
  })
  const init = pod({ initContainers: [{ name: 'i' }] })
  expect(
    finalStatus(init, podStatus(facts({ pod: init }), DAY), DAY).containerStatuses?.[0]?.state?.waiting,
  ).toBeDefined()
  const done = {
    ...init,
    status: {
      initContainerStatuses: [
        { name: 'i', image: '', imageID: '', ready: true, restartCount: 0, state: { terminated: { exitCode: 0 } } },
      ],
    },
  }
  const seen = podStatus(facts({ pod: done, running: running(exited(0, { name: 'i' })) }), DAY)
  expect(finalStatus(done, seen, DAY).containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(137)
})
test('a rejected pod has no more than the reason', () => {
  expect(rejectedStatus(pod(), 'OutOfcpu', 'no', DAY)).toEqual({
    phase: 'Failed',
    reason: 'OutOfcpu',
    message: 'Pod was rejected: no',
    startTime: '1970-01-02T00:00:00Z',
  })
})
