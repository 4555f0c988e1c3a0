/** Endpoints: one object per Service with all its addresses (pkg/controller/endpoint). */
import { concernedServices } from '../../lib/endpoints/concerned.ts'
import type { Delta, View } from '../../protocol/cache.ts'
import type { Pod } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { serviceEndpoints } from './service-endpoints.ts'

export const endpointsController: Controller = {
  name: 'endpoints',
  component: 'endpoint-controller',
  serviceAccount: 'endpoint-controller',
  resource: 'services',
  object: 'service-endpoints',
  workers: 5,
  maxRetries: 15,
  caches: [
    { resource: 'services', indexes: ['namespace'] },
    { resource: 'pods', indexes: ['namespace'] },
    { resource: 'endpoints' },
  ],
  concerns: (resource, delta, view) => {
    if (resource === 'services') return [delta.key]
    // Of Endpoints a deletion alone: they may have been somebody else's mistake.
    if (resource === 'endpoints') return delta.now === undefined ? [delta.key] : []
    const { was, now } = delta as Delta<Pod>
    return concernedServices(view.services?.by.namespace?.get((now ?? was)?.metadata.namespace ?? ''), { was, now })
  },
  leftovers,
}

/** checkLeftoverEndpoints: their Services may have gone meanwhile. Those that leaders are elected by never had one. */
function leftovers({ endpoints }: View): readonly string[] {
  const keys: string[] = []
  endpoints?.objects.each(({ metadata: { annotations = {} } }, key) => {
    if (annotations[LEADER] === undefined) keys.push(key)
  })
  return keys
}
const LEADER = 'control-plane.alpha.kubernetes.io/leader'

export const endpoints: Listed = supervised(endpointsController, serviceEndpoints)
