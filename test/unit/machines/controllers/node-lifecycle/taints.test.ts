import { expect, test } from 'vitest'
import { isTaintedToExecute, nextTaints } from '../../../../../machines/controllers/node-lifecycle/taints.ts'
import { AT, neverHeard, node } from '../objects.ts'

const own = { key: 'dedicated', effect: 'NoSchedule' }
const taint = (name: string, effect: string) => ({ key: `node.kubernetes.io/${name}`, effect })
const tainted = (ready: string, ...taints: readonly object[]) => node('a', ready, { spec: { taints } })

test('conditions become NoSchedule taints: added in one patch, removed in another', () => {
  const lost = tainted('Unknown', own, taint('not-ready', 'NoSchedule'))
  const added = nextTaints(lost, 'as it is', AT)
  expect(added).toEqual([
    own,
    taint('not-ready', 'NoSchedule'),
    { ...taint('unreachable', 'NoSchedule'), timeAdded: '2026-01-01T00:00:00Z' },
  ])
  const removed = nextTaints(tainted('Unknown', ...(added ?? [])), 'as it is', AT)
  expect(removed?.map(({ key }) => key)).toEqual(['dedicated', 'node.kubernetes.io/unreachable'])
  expect(nextTaints(tainted('Unknown', ...(removed ?? [])), 'as it is', AT)).toBeUndefined()
})

test('pressure and cordoning do too', () => {
  const conditions = [
    { type: 'Ready', status: 'True' },
    { type: 'MemoryPressure', status: 'True' },
    { type: 'NetworkUnavailable', status: 'True' },
    { type: 'PIDPressure', status: 'False' },
  ]
  const pressed = node('a', 'True', { spec: { unschedulable: true }, status: { conditions } })
  expect(nextTaints(pressed, 'as it is', AT)?.map(({ key }) => key)).toEqual([
    'node.kubernetes.io/memory-pressure',
    'node.kubernetes.io/network-unavailable',
    'node.kubernetes.io/unschedulable',
  ])
})

test('NoExecute taints follow the state only when their turn has come', () => {
  const silent = taint('unreachable', 'NoSchedule')
  const lost = tainted('Unknown', silent, taint('not-ready', 'NoExecute'))
  expect(nextTaints(lost, 'as it is', AT)).toBeUndefined()
  const swapped = nextTaints(lost, 'by state', AT)
  expect(swapped).toHaveLength(3)
  const after = nextTaints(tainted('Unknown', ...(swapped ?? [])), 'by state', AT)
  expect(after?.map(({ key, effect }) => [key, effect])).toEqual([
    ['node.kubernetes.io/unreachable', 'NoSchedule'],
    ['node.kubernetes.io/unreachable', 'NoExecute'],
  ])
  expect(nextTaints(tainted('True', taint('unreachable', 'NoExecute'), own), 'none', AT)).toEqual([own])
  expect(isTaintedToExecute(lost, 'node.kubernetes.io/not-ready')).toBe(true)
})

test('a node that nobody heard of has no state to be tainted by', () => {
  expect(nextTaints(neverHeard('a'), 'by state', AT)).toBeUndefined()
})
