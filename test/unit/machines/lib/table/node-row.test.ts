import { expect, test } from 'vitest'
import { nodeCells } from '../../../../../machines/lib/table/node-row.ts'
import type { Json } from '../recordings.ts'

const NOW = Date.UTC(2026, 0, 1)
const of = (object: Json): never =>
  ({ metadata: { name: 'x', creationTimestamp: '2025-12-31T23:59:00Z' }, ...object }) as never

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
