import { expect, test } from 'vitest'
import { readinessOf, unheardOf } from '../../../../../machines/controllers/node-lifecycle/conditions.ts'
import { AT, CREATED, neverHeard, node } from '../objects.ts'

test('a node that is no longer heard of is unknown in all that its kubelet reports', () => {
  const pressed = node('a', 'True', {
    status: {
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: CREATED },
        { type: 'DiskPressure', status: 'Unknown', reason: 'old' },
        { type: 'NetworkUnavailable', status: 'False' },
      ],
    },
  })
  const conditions = unheardOf(pressed, AT + 50_000).status?.conditions
  expect(conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
    ['Ready', 'Unknown', 'NodeStatusUnknown'],
    ['DiskPressure', 'Unknown', 'old'],
    ['NetworkUnavailable', 'False', undefined],
    ['MemoryPressure', 'Unknown', 'NodeStatusNeverUpdated'],
    ['PIDPressure', 'Unknown', 'NodeStatusNeverUpdated'],
  ])
  expect(conditions?.[0]).toMatchObject({
    message: 'Kubelet stopped posting node status.',
    lastHeartbeatTime: CREATED,
    lastTransitionTime: '2026-01-01T00:00:50Z',
  })
})

test('one that was never heard of says that', () => {
  const first = unheardOf(neverHeard('a'), AT).status?.conditions?.[0]
  expect(first).toMatchObject({
    type: 'Ready',
    message: 'Kubelet never posted node status.',
    lastHeartbeatTime: CREATED,
  })
  expect(readinessOf(neverHeard('a'))).toBeUndefined()
})
