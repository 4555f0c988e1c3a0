/** Rows of the plain kinds: node-row, service-row, endpoints-rows, event-row, core-rows, workload-rows. */
import { describe, expect, test } from 'vitest'
import {
  configMapCells,
  leaseCells,
  namespaceCells,
  secretCells,
  serviceAccountCells,
} from '../../../../../machines/lib/table/core-rows.ts'
import { endpointSliceCells, endpointsCells } from '../../../../../machines/lib/table/endpoints-rows.ts'
import { eventCells } from '../../../../../machines/lib/table/event-row.ts'
import { nodeCells } from '../../../../../machines/lib/table/node-row.ts'
import { labelsText, serviceCells } from '../../../../../machines/lib/table/service-row.ts'
import {
  daemonSetCells,
  deploymentCells,
  replicaSetCells,
  statefulSetCells,
} from '../../../../../machines/lib/table/workload-rows.ts'
import type { Json } from '../recordings.ts'

const NOW = Date.UTC(2026, 0, 1)
const of = (object: Json): never =>
  ({ metadata: { name: 'x', creationTimestamp: '2025-12-31T23:59:00Z' }, ...object }) as never

test('the core’s plain kinds', () => {
  expect(namespaceCells(of({ status: { phase: 'Active' } }), NOW)).toEqual(['x', 'Active', '60s'])
  expect(configMapCells(of({ data: { a: '1' }, binaryData: { b: '' } }), NOW)).toEqual(['x', 2, '60s'])
  expect(secretCells(of({ type: 'Opaque' }), NOW)).toEqual(['x', 'Opaque', 0, '60s'])
  expect(serviceAccountCells(of({}), NOW)).toEqual(['x', 0, '60s'])
  expect(leaseCells(of({ spec: { holderIdentity: 'n1' } }), NOW)).toEqual(['x', 'n1', '60s'])
})
describe('a Service shows where it is reached', () => {
  test.each([
    [
      { type: 'ClusterIP', clusterIPs: ['10.0.0.1'], ports: [{ port: 80, protocol: 'TCP' }] },
      ['10.0.0.1', '<none>', '80/TCP'],
    ],
    [
      { type: 'NodePort', externalIPs: ['1.2.3.4'], ports: [{ port: 80, nodePort: 30_080, protocol: 'TCP' }] },
      ['<none>', '1.2.3.4', '80:30080/TCP'],
    ],
    [{ type: 'ExternalName', externalName: 'a.example' }, ['<none>', 'a.example', '<none>']],
    [{ type: 'LoadBalancer' }, ['<none>', '<pending>', '<none>']],
  ])('%j', (spec, expected) => {
    expect(serviceCells(of({ spec }), NOW).slice(2, 5)).toEqual(expected)
  })
  test('and the addresses of its balancer', () => {
    const status = { loadBalancer: { ingress: [{ ip: '1.1.1.2' }, { hostname: 'a.example' }, { ip: '1.1.1.1' }] } }
    expect(serviceCells(of({ spec: { type: 'LoadBalancer', externalIPs: ['9.9.9.9'] }, status }), NOW)[3]).toBe(
      '1.1.1.1,1.1.1.2,a.example,9.9.9.9',
    )
  })
  test('and its selector', () => {
    expect([labelsText({ b: '2', a: '1' }), labelsText({})]).toEqual(['a=1,b=2', '<none>'])
  })
})
test('endpoints show three addresses', () => {
  const addresses = ['1.0.0.1', '1.0.0.2', '1.0.0.3', '1.0.0.4'].map((ip) => ({ ip }))
  expect(endpointsCells(of({ subsets: [{ addresses, ports: [{ port: 80 }] }] }), NOW)[1]).toBe(
    '1.0.0.1:80,1.0.0.2:80,1.0.0.3:80 + 1 more...',
  )
  expect(endpointsCells(of({ subsets: [{ addresses: [{ ip: '::1' }, { ip: '1.0.0.1' }] }] }), NOW)[1]).toBe(
    '::1,1.0.0.1',
  )
  expect(endpointsCells(of({}), NOW)[1]).toBe('<none>')
  const slice = {
    addressType: 'IPv4',
    ports: [{ port: 80 }, { name: 'x' }, {}],
    endpoints: [{ addresses: ['1.0.0.1'] }],
  }
  expect(endpointSliceCells(of(slice), NOW).slice(1, 4)).toEqual(['IPv4', '80,x,*', '1.0.0.1'])
  expect(endpointSliceCells(of({ addressType: 'IPv4', ports: null, endpoints: null }), NOW).slice(2, 4)).toEqual([
    '<unset>',
    '<unset>',
  ])
})
test('an Event shows when it was seen last', () => {
  const event = {
    type: 'Normal',
    reason: 'Pulled',
    message: ' hello ',
    involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec' },
    source: { component: 'kubelet', host: 'n1' },
    firstTimestamp: '2025-12-31T23:50:00Z',
    lastTimestamp: '2025-12-31T23:59:30Z',
    count: 5,
  }
  expect(eventCells(of(event), NOW)).toEqual([
    '30s',
    'Normal',
    'Pulled',
    'pod/p',
    'spec',
    'kubelet, n1',
    'hello',
    '10m',
    5,
    'x',
  ])
  const newer = {
    regarding: { kind: 'Pod' },
    note: 'n',
    eventTime: '2025-12-31T23:59:30Z',
    reportingController: 'c',
    series: { count: 3, lastObservedTime: '2025-12-31T23:59:59Z' },
  }
  expect(eventCells(of(newer), NOW)).toEqual(['1s', '', '', 'pod', '', 'c', 'n', '30s', 3, 'x'])
})
test('a node shows its state and its roles', () => {
  const node = {
    metadata: { name: 'x', labels: { 'node-role.kubernetes.io/control-plane': '', 'kubernetes.io/role': 'master' } },
    spec: { unschedulable: true },
    status: {
      conditions: [{ type: 'Ready', status: 'Unknown' }],
      addresses: [{ type: 'InternalIP', address: '1.2.3.4' }],
      nodeInfo: { kubeletVersion: 'v1' },
    },
  }
  expect(nodeCells(node as never, NOW)).toEqual([
    'x',
    'NotReady,SchedulingDisabled',
    'control-plane,master',
    '<unknown>',
    'v1',
    '1.2.3.4',
    '<none>',
    '<unknown>',
    '<unknown>',
    '<unknown>',
  ])
  expect(nodeCells(of({ status: {} }), NOW).slice(1, 3)).toEqual(['Unknown', '<none>'])
})
test('workloads show how far they are', () => {
  const template = {
    spec: {
      containers: [
        { name: 'c', image: 'i' },
        { name: 'd', image: 'j' },
      ],
    },
  }
  const selector = { matchLabels: { a: 'b' } }
  const status = { replicas: 2, readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 }
  expect(deploymentCells(of({ spec: { replicas: 3, template, selector }, status }), NOW)).toEqual([
    'x',
    '1/3',
    2,
    1,
    '60s',
    'c,d',
    'i,j',
    'a=b',
  ])
  expect(replicaSetCells(of({ spec: { replicas: 3, template, selector }, status }), NOW)).toEqual([
    'x',
    3,
    2,
    1,
    '60s',
    'c,d',
    'i,j',
    'a=b',
  ])
  expect(replicaSetCells(of({ spec: { selector: { a: 'b' } } }), NOW)[7]).toBe('a=b')
  expect(statefulSetCells(of({ spec: { replicas: 3, template }, status }), NOW)).toEqual([
    'x',
    '1/3',
    '60s',
    'c,d',
    'i,j',
  ])
  expect(daemonSetCells(of({ spec: { template, selector } }), NOW)).toEqual([
    'x',
    0,
    0,
    0,
    0,
    0,
    '<none>',
    '60s',
    'c,d',
    'i,j',
    'a=b',
  ])
})
