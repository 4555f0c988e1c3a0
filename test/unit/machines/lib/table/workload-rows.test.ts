import { expect, test } from 'vitest'
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
