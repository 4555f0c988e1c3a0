/** What a quota's status is to be: pkg/controller/resourcequota, syncResourceQuota. */
import type { Tree } from '../../../runtime/tree.ts'
import { equal, masked, sum } from '../../lib/quota/amounts.ts'
import { namesFor, type ResourceQuota, usageOfAll } from '../../lib/quota/usage.ts'
import type { ApiObject, ResourceName } from '../../protocol/objects.ts'
import { countedKinds } from './kinds.ts'

/** The kinds that a quota limits in any way. */
export const kindsLimitedBy = ({ spec }: ResourceQuota): readonly ResourceName[] => {
  const names = Object.keys(spec?.hard ?? {})
  return countedKinds.filter((resource) => namesFor(resource, names).length > 0)
}

/** @returns undefined when its status is right */
export function recounted(
  quota: ResourceQuota,
  objectsOf: (resource: ResourceName) => Tree<ApiObject> | undefined,
  at: number,
): ResourceQuota | undefined {
  const { spec = {}, status } = quota
  const hard = spec.hard ?? {}
  let used = status?.used ?? {}
  for (const resource of kindsLimitedBy(quota)) {
    const all = objectsIn(objectsOf(resource), quota.metadata.namespace ?? '')
    used = { ...used, ...usageOfAll(spec, resource, namesFor(resource, Object.keys(hard)), all, at) }
  }
  used = masked(used, Object.keys(hard))
  const isRight =
    status?.hard !== undefined && status.used !== undefined && equal(hard, status.hard) && equal(used, status.used)
  return isRight ? undefined : { ...quota, status: { hard: sum({}, hard), used } }
}

function objectsIn(objects: Tree<ApiObject> | undefined, namespace: string): readonly ApiObject[] {
  const found: ApiObject[] = []
  objects?.range(`${namespace}/`, `${namespace}0`, (object) => {
    found.push(object)
    return true
  })
  return found
}
