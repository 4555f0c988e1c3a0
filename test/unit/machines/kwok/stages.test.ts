import { expect, test } from 'vitest'
import {
  completeStatus,
  heartbeatDelayMs,
  nodeStage,
  nodeStatus,
  podStage,
  readyStatus,
} from '../../../../machines/kwok/stages.ts'
import { KWOK, node, pod, runningNode } from './fixtures.ts'

const AT = 1_767_225_600_000
const NOW = '2026-01-01T00:00:00Z'

test('a node is made ready, then beats, and one that somebody else made ready is left alone', () => {
  expect(nodeStage(node('a'))).toBe('node-initialize')
  expect(nodeStage(node('a', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }))).toBe(
    'node-initialize',
  )
  expect(nodeStage(runningNode('a'))).toBe('node-heartbeat-with-lease')
  expect(nodeStage(node('a', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }))).toBeUndefined()
})

test('a heartbeat comes after ten minutes to ten minutes and ten seconds', () => {
  for (let i = 0; i < 50; i++) {
    expect(heartbeatDelayMs(i, '7')).toBeGreaterThanOrEqual(600_000)
    expect(heartbeatDelayMs(i, '7')).toBeLessThan(610_000)
  }
})

test('a condition is as old as its node', () => {
  const old = { ...node('a'), metadata: { ...node('a').metadata, creationTimestamp: '2025-12-31T00:00:00Z' } }
  expect(nodeStatus('node-initialize', old, KWOK, AT)).toMatchObject({
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
        lastHeartbeatTime: NOW,
        lastTransitionTime: '2025-12-31T00:00:00Z',
      },
      { type: 'MemoryPressure' },
      { type: 'DiskPressure' },
      { type: 'PIDPressure' },
      { type: 'NetworkUnavailable', reason: 'RouteCreated' },
    ],
    addresses: [{ address: '192.168.0.5' }, { address: 'kwok', type: 'Hostname' }],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_247 } },
    allocatable: { cpu: '1k', memory: '1Ti', pods: '1M' },
    nodeInfo: { kubeletVersion: 'kwok-v0.7.0', operatingSystem: 'linux' },
    phase: 'Running',
  })
})

test('what a node says of itself stays', () => {
  const told = node('a', {
    status: {
      addresses: [{ type: 'InternalIP', address: '10.1.1.1' }],
      capacity: { cpu: '4' },
      allocatable: { cpu: '3' },
      nodeInfo: { kubeletVersion: 'v1.32.5' } as never,
    },
  })
  expect(nodeStatus('node-initialize', told, { ...KWOK, nodePort: 0 }, AT)).toMatchObject({
    addresses: [{ address: '10.1.1.1' }],
    capacity: { cpu: '4' },
    allocatable: { cpu: '3' },
    nodeInfo: { kubeletVersion: 'v1.32.5' },
  })
  expect(nodeStatus('node-heartbeat-with-lease', told, { ...KWOK, nodePort: 0 }, AT)).not.toHaveProperty(
    'daemonEndpoints',
  )
})

test('a pod is made ready, a pod of a Job completes, and what is to be deleted is', () => {
  const job = { ownerReferences: [{ kind: 'Job', name: 'j', apiVersion: 'batch/v1', uid: 'j' }] }
  const running = { phase: 'Running', podIP: '10.0.1.0' }
  expect(podStage(pod('a'))).toBe('pod-ready')
  expect(podStage(pod('a', { status: running }))).toBeUndefined()
  expect(podStage(pod('a', { metadata: job, status: running }))).toBe('pod-complete')
  expect(podStage(pod('a', { metadata: job, status: { ...running, phase: 'Succeeded' } }))).toBeUndefined()
  expect(podStage(pod('a', { metadata: { deletionTimestamp: NOW } }))).toBe('pod-delete')
})

test('a ready pod has all its containers, its gates open and its init containers behind it', () => {
  const spec = {
    readinessGates: [{ conditionType: 'example.com/open' }],
    initContainers: [
      { name: 'setup', image: 'busybox' },
      { name: 'proxy', image: 'envoy', restartPolicy: 'Always' },
    ],
  }
  expect(readyStatus(pod('a', { spec }), '192.168.0.5', '10.0.1.0', AT)).toMatchObject({
    conditions: [
      { type: 'Initialized' },
      { type: 'Ready' },
      { type: 'ContainersReady' },
      { type: 'example.com/open', status: 'True', lastTransitionTime: NOW },
    ],
    containerStatuses: [{ name: 'web', ready: true, state: { running: { startedAt: NOW } } }],
    initContainerStatuses: [
      { name: 'setup', state: { terminated: { exitCode: 0, reason: 'Completed' } } },
      { name: 'proxy', started: true, state: { running: {} } },
    ],
    phase: 'Running',
    podIP: '10.0.1.0',
  })
})

test('a pod that completed has succeeded', () => {
  expect(completeStatus(pod('a'), AT)).toMatchObject({
    phase: 'Succeeded',
    containerStatuses: [{ ready: false, state: { terminated: { exitCode: 0, finishedAt: NOW } } }],
  })
})
