import { expect, test } from 'vitest'
import { discard, finished, remainsSeen, stopProbes } from '../../../../../machines/kubelet/pod/ending.ts'
import { atBirth } from '../../../../../machines/kubelet/pod/worker.ts'
import { container, DAY, exited, pod, running, SELF, workerInput } from '../fixtures.ts'

const context = (rest = {}) => ({ ...atBirth(workerInput()), running: running(container()), ...rest })

test('what the runtime says in the end counts at once, and the sandbox is down', () => {
  const [change, effects] = remainsSeen(context(), [exited(0)], DAY)
  expect(change.running?.sandboxes[0]?.state).toBe('NOTREADY')
  expect(change.status).toMatchObject({ phase: 'Succeeded' })
  expect(effects).toMatchObject([{ to: 'kubelet/node-1' }, { event: { mayRun: false } }])
})
test('of a pod that is gone nothing is told but that it ended', () => {
  const [, effects] = finished(context({ gone: true }), DAY)
  expect(effects).toMatchObject([{ to: 'kubelet/node-1', event: { type: 'pod.terminated', uid: 'u1' } }])
})
test('probes are stopped if there are any; remains discarded likewise', () => {
  const own = pod({ containers: [{ name: 'c', livenessProbe: {}, readinessProbe: {} }] })
  expect(stopProbes(context({ pod: own, probed: true }), SELF, ['liveness', 'startup'])).toMatchObject([
    { do: 'stop', address: 'probe-worker/node-1/default/web/c/liveness' },
  ])
  expect(stopProbes(context({ pod: own }), SELF, ['liveness'])).toEqual([])
  expect(discard(context({ running: { sandboxes: [], containers: [] } }))).toEqual([])
})
