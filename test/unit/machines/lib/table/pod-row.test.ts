import { describe, expect, test } from 'vitest'
import { podCells, podConditions } from '../../../../../machines/lib/table/pod-row.ts'
import { rfc3339 } from '../../../../../machines/lib/time.ts'
import type { Json } from '../recordings.ts'

const NOW = 1_767_225_600_000
const pod = (status: Json, spec: Json = {}, metadata: Json = {}) =>
  ({ metadata: { name: 'p', ...metadata }, spec: { containers: [{ name: 'c' }], ...spec }, status }) as never
const container = (state: Json, rest: Json = {}) => ({ name: 'c', restartCount: 0, ready: false, state, ...rest })

describe('STATUS is', () => {
  test.each([
    ['Pending', pod({ phase: 'Pending' })],
    ['SchedulingGated', pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] })],
    [
      'ContainerCreating',
      pod({ phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] }),
    ],
    [
      'CrashLoopBackOff',
      pod({ phase: 'Running', containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] }),
    ],
    ['Running', pod({ phase: 'Running', containerStatuses: [container({ running: {} }, { ready: true })] })],
    [
      'Completed',
      pod({ phase: 'Succeeded', containerStatuses: [container({ terminated: { reason: 'Completed', exitCode: 0 } })] }),
    ],
    ['ExitCode:3', pod({ phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 3 } })] })],
    [
      'Signal:9',
      pod({ phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })] }),
    ],
    ['Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
    [
      'Init:0/1',
      pod(
        { phase: 'Pending', initContainerStatuses: [container({ running: {} })] },
        { initContainers: [{ name: 'c' }] },
      ),
    ],
    [
      'Init:Error',
      pod(
        { initContainerStatuses: [container({ terminated: { reason: 'Error', exitCode: 1 } })] },
        { initContainers: [{ name: 'c' }] },
      ),
    ],
    [
      'Init:ExitCode:2',
      pod({ initContainerStatuses: [container({ terminated: { exitCode: 2 } })] }, { initContainers: [{ name: 'c' }] }),
    ],
    [
      'Init:ErrImagePull',
      pod(
        { initContainerStatuses: [container({ waiting: { reason: 'ErrImagePull' } })] },
        { initContainers: [{ name: 'c' }] },
      ),
    ],
    ['Terminating', pod({ phase: 'Running' }, {}, { deletionTimestamp: rfc3339(NOW) })],
    ['Succeeded', pod({ phase: 'Succeeded' }, {}, { deletionTimestamp: rfc3339(NOW) })],
    ['Unknown', pod({ phase: 'Running', reason: 'NodeLost' }, {}, { deletionTimestamp: rfc3339(NOW) })],
    [
      'NotReady',
      pod({
        phase: 'Running',
        containerStatuses: [
          container({ terminated: { reason: 'Completed', exitCode: 0 } }),
          container({ running: {} }, { ready: true }),
        ],
      }),
    ],
  ])('%s', (status, object) => {
    expect(podCells(object, NOW)[2]).toBe(status)
  })
})
test('RESTARTS tells the last one', () => {
  const lastState = { terminated: { finishedAt: rfc3339(NOW - 5_000) } }
  const status = {
    phase: 'Running',
    containerStatuses: [container({ running: {} }, { restartCount: 1, lastState, ready: true })],
  }
  expect(podCells(pod(status), NOW).slice(1, 4)).toEqual(['1/1', 'Running', '1 (5s ago)'])
})
test('a sidecar counts as a container', () => {
  const initContainers = [{ name: 'side', restartPolicy: 'Always' }]
  const initContainerStatuses = [{ name: 'side', restartCount: 2, ready: true, started: true, state: { running: {} } }]
  expect(podCells(pod({ phase: 'Running', initContainerStatuses }, { initContainers }), NOW).slice(1, 4)).toEqual([
    '1/2',
    'Running',
    '2',
  ])
})
test('wide columns tell where it runs', () => {
  const status = { podIPs: [{ ip: '10.0.0.1' }], nominatedNodeName: 'n2', conditions: [{ type: 'g', status: 'True' }] }
  const spec = { nodeName: 'n1', readinessGates: [{ conditionType: 'g' }, { conditionType: 'h' }] }
  expect(podCells(pod(status, spec), NOW).slice(5)).toEqual(['10.0.0.1', 'n1', 'n2', '1/2'])
})
test('a running pod marks nothing', () => {
  expect(podConditions(pod({ phase: 'Running' }))).toBeUndefined()
  expect(podConditions(pod({ phase: 'Failed' }))?.[0]?.message).toBe('The pod failed.')
})
