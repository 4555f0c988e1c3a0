/** Keeps the status of quotas true (pkg/controller/resourcequota). */
import { equal } from '../../lib/quota/amounts.ts'
import { isCharged } from '../../lib/quota/pod.ts'
import { namesFor, type ResourceQuota } from '../../lib/quota/usage.ts'
import type { Delta, View } from '../../protocol/cache.ts'
import type { ApiObject, Pod, ResourceName } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { caches } from './kinds.ts'
import { resourceQuota } from './resource-quota.ts'

export const resourceQuotaController: Controller = {
  name: 'resourcequota',
  resource: 'resourcequotas',
  object: 'resource-quota',
  workers: 5,
  caches,
  concerns: (resource, delta, view) => [
    ...(resource === 'resourcequotas' && isNews(delta) ? [delta.key] : []),
    ...(givesBack(resource, delta) ? quotasThatLimit(resource, delta, view) : []),
  ],
}
export const resourceQuotas: Listed = supervised(resourceQuotaController, resourceQuota)

/** A quota whose limits are as they were tells nothing new: its status is written by this controller and the API server. */
const isNews = ({ was, now }: Delta): boolean =>
  was === undefined ||
  now === undefined ||
  !equal((was as ResourceQuota).spec?.hard ?? {}, (now as ResourceQuota).spec?.hard ?? {})

/** Replenishment: what is gone, a pod that is over, a service of another type, a claim of another size. */
function givesBack(resource: ResourceName, { was, now }: Delta): boolean {
  if (was === undefined) return false
  if (now === undefined) return true
  if (resource === 'pods') return isCharged(was as Pod, 0) && !isCharged(now as Pod, 0)
  if (resource === 'services') return typeOf(was) !== typeOf(now)
  return resource === 'persistentvolumeclaims' && sizeOf(was) !== sizeOf(now)
}
const typeOf = (service: ApiObject): string | undefined => (service as { spec?: { type?: string } }).spec?.type
const sizeOf = (claim: ApiObject): string => {
  const { spec, status } = claim as { spec?: { resources?: unknown }; status?: { allocatedResources?: unknown } }
  return JSON.stringify([spec?.resources, status?.allocatedResources])
}

function quotasThatLimit(resource: ResourceName, { was }: Delta, view: View): readonly string[] {
  const namespace = was?.metadata.namespace ?? ''
  const keys: string[] = []
  view['resourcequotas']?.objects.range(`${namespace}/`, `${namespace}0`, (quota, key) => {
    const names = Object.keys((quota as ResourceQuota).spec?.hard ?? {})
    if (namesFor(resource, names).length > 0) keys.push(key)
    return true
  })
  return keys
}
