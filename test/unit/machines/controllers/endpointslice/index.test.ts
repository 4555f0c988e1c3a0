import { expect, test } from 'vitest'
import { endpointSlice, endpointSliceController } from '../../../../../machines/controllers/endpointslice/index.ts'
import { newSlice, written } from '../../../../../machines/controllers/endpointslice/slice.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { node, pod, service, viewOf } from '../objects.ts'

const view = viewOf({ services: [service('web')], pods: [], nodes: [], 'endpointslices.discovery.k8s.io': [] })
const { concerns } = endpointSliceController

test('pods, slices and the Service itself concern a Service; nodes do not', () => {
  expect(concerns('services', { key: 'default/web', was: undefined, now: service('web') }, view)).toEqual([
    'default/web',
  ])
  expect(concerns('pods', { key: 'default/a', was: pod('a'), now: undefined }, view)).toEqual(['default/web'])
  const slice = written(newSlice(service('web'), 'IPv4', [])) as ApiObject
  const delta = { key: 'default/s', was: undefined, now: slice }
  expect(concerns('endpointslices.discovery.k8s.io', delta, view)).toEqual(['default/web'])
  expect(concerns('nodes', { key: 'node-1', was: undefined, now: node('node-1') }, view)).toEqual([])
  expect(endpointSlice.machines.map(({ id }) => id)).toEqual(['endpointslice-controller', 'service-slices'])
})

test("somebody else's slices concern nobody", () => {
  const slice = { ...newSlice(service('web'), 'IPv4', []), metadata: { name: 's', labels: {} } } as unknown as ApiObject
  const delta = { key: 'default/s', was: undefined, now: slice }
  expect(concerns('endpointslices.discovery.k8s.io', delta, view)).toEqual([])
})
