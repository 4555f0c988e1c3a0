import { expect, test } from 'vitest'
import { endpoints, endpointsController } from '../../../../../machines/controllers/endpoints/index.ts'
import { object, pod, service, viewOf } from '../objects.ts'

const view = viewOf({ services: [service('web')], pods: [], endpoints: [] })
const { concerns } = endpointsController

test('a Service is concerned by itself, by its pods, and by the loss of its Endpoints', () => {
  expect(concerns('services', { key: 'default/web', was: undefined, now: service('web') }, view)).toEqual([
    'default/web',
  ])
  expect(concerns('pods', { key: 'default/a', was: undefined, now: pod('a') }, view)).toEqual(['default/web'])
  const found = object('v1', 'Endpoints', 'web', { metadata: { namespace: 'default' } })
  expect(concerns('endpoints', { key: 'default/web', was: found, now: undefined }, view)).toEqual(['default/web'])
  expect(concerns('endpoints', { key: 'default/web', was: undefined, now: found }, view)).toEqual([])
  expect(endpoints.machines.map(({ id }) => id)).toEqual(['endpoints-controller', 'service-endpoints'])
})

test('at the start it looks at all Endpoints, whose Services may have gone, but for those that leaders are elected by', () => {
  const leader = { 'control-plane.alpha.kubernetes.io/leader': '{}' }
  const found = [
    object('v1', 'Endpoints', 'web', { metadata: { namespace: 'default' } }),
    object('v1', 'Endpoints', 'old-scheduler', { metadata: { namespace: 'kube-system', annotations: leader } }),
  ]
  expect(endpointsController.leftovers?.(viewOf({ endpoints: found }))).toEqual(['default/web'])
})
