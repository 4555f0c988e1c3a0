/** EndpointSlices: who can be reached behind a Service (pkg/controller/endpointslice). */
import { concernedServices } from '../../lib/endpoints/concerned.ts'
import type { Delta, View } from '../../protocol/cache.ts'
import { type ApiObject, keyFor, type Pod } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { serviceSlices } from './service-slices.ts'
import { MANAGED_BY, MANAGER, SERVICE_NAME } from './slice.ts'

const SLICES = 'endpointslices.discovery.k8s.io'

export const endpointSliceController: Controller = {
  name: 'endpointslice',
  resource: 'services',
  object: 'service-slices',
  workers: 5,
  maxRetries: 15,
  caches: [
    { resource: 'services', indexes: ['namespace'] },
    { resource: 'pods', indexes: ['namespace'] },
    { resource: 'nodes' },
    { resource: SLICES, indexes: ['namespace'] },
  ],
  concerns: (resource, delta, view) => {
    if (resource === 'services') return [delta.key]
    if (resource === 'pods') return concernedBy(delta as Delta<Pod>, view)
    return resource === SLICES ? [...new Set([...serviceOf(delta.was), ...serviceOf(delta.now)])] : []
  },
}
export const endpointSlice: Listed = supervised(endpointSliceController, serviceSlices)

const concernedBy = (delta: Delta<Pod>, view: View): readonly string[] =>
  concernedServices(view.services?.by.namespace?.get((delta.now ?? delta.was)?.metadata.namespace ?? ''), delta)

/** A slice of this controller belongs to the Service that its label names. */
function serviceOf(slice: ApiObject | undefined): readonly string[] {
  const { namespace, labels } = slice?.metadata ?? {}
  const name = labels?.[SERVICE_NAME]
  return labels?.[MANAGED_BY] !== MANAGER || name === undefined ? [] : [keyFor(namespace, name)]
}
