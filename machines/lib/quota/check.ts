/**
 * Whether an object still fits into the quotas of its namespace, and what they have used then:
 * k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go, CheckRequest.
 */
import type { ApiObject, Pod, ResourceName } from '../../protocol/objects.ts'
import { type Amounts, exceeding, masked, nonZero, sum, surplus, told } from './amounts.ts'
import { unsaid } from './pod.ts'
import { isAbout, namesFor, type ResourceQuota, usageOf } from './usage.ts'

/** What is to be charged: a new object, or what it has become. */
export interface Charge {
  readonly resource: ResourceName
  readonly object: ApiObject
  /** Undefined for a new object. */
  readonly was: ApiObject | undefined
}

/** @returns the quotas with what they have used then, or why it is forbidden */
export function charged(
  quotas: readonly ResourceQuota[],
  { resource, object, was }: Charge,
  at: number,
): readonly ResourceQuota[] | string {
  const concerned = quotas.filter(
    (quota) => namesFor(resource, limitedBy(quota)).length > 0 && isAbout(quota.spec ?? {}, resource, object),
  )
  for (const quota of concerned) {
    const why = objectionOf(quota, resource, object)
    if (why !== undefined) return why
  }
  const usage = usageOf(resource, object, at)
  const more = nonZero(was === undefined ? usage : surplus(usage, usageOf(resource, was, at)))
  if (Object.keys(more).length === 0) return quotas
  const next: ResourceQuota[] = []
  for (const quota of quotas) {
    const result = concerned.includes(quota) ? increased(quota, more) : quota
    if (typeof result === 'string') return result
    next.push(result)
  }
  return next
}

const limitedBy = ({ status }: ResourceQuota): readonly string[] => Object.keys(status?.hard ?? {})

/** Before anything is counted: what the object does not say, and what nobody has counted yet. */
function objectionOf(quota: ResourceQuota, resource: ResourceName, object: ApiObject): string | undefined {
  const names = namesFor(resource, limitedBy(quota))
  const missing = resource === 'pods' ? unsaid(object as Pod, names) : undefined
  if (missing !== undefined) return `failed quota: ${quota.metadata.name}: ${missing}`
  const isCounted = names.every((name) => quota.status?.used?.[name] !== undefined)
  return isCounted
    ? undefined
    : `status unknown for quota: ${quota.metadata.name}, resources: ${[...names].sort().join(',')}`
}

function increased(quota: ResourceQuota, more: Amounts): ResourceQuota | string {
  const { hard = {}, used = {} } = quota.status ?? {}
  const requested = masked(more, Object.keys(hard))
  const next = sum(used, requested)
  const over = exceeding(masked(next, Object.keys(requested)), hard)
  if (over.length === 0) return { ...quota, status: { ...quota.status, used: next } }
  const said = [requested, used, hard].map((amounts) => told(masked(amounts, over)))
  return `exceeded quota: ${quota.metadata.name}, requested: ${said[0]}, used: ${said[1]}, limited: ${said[2]}`
}
