/**
 * Claims on the quotas of one namespace, judged together: one writing of a quota serves all that wait for it.
 * k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go, checkQuotas.
 */
import type { Address } from '../../runtime/contract.ts'
import type { Tree } from '../../runtime/tree.ts'
import { equal } from '../lib/quota/amounts.ts'
import { type Charge, charged } from '../lib/quota/check.ts'
import type { ResourceQuota } from '../lib/quota/usage.ts'
import type { ApiRequest, Status } from '../protocol/api.ts'
import type { ApiObject, ResourceName } from '../protocol/objects.ts'
import { forbidden } from './statuses.ts'
import { cacheOf, type WatchCache } from './watch-cache.ts'

/** A request asks whether its object fits: a call, answered by `quota.judged`. */
export interface QuotaClaimed extends Charge {
  readonly type: 'quota.claimed'
  readonly dryRun: boolean
}
export interface QuotaJudged {
  readonly type: 'quota.judged'
  /** Absent when it fits. */
  readonly refusal?: Status
}
export interface Claim {
  readonly from: Address
  readonly call: number
  readonly claimed: QuotaClaimed
  readonly refusal?: Status
}

/** What is never counted, because nobody keeps it or because it tells of others. */
const UNCOUNTED: ReadonlySet<ResourceName> = new Set(['events', 'events.events.k8s.io', 'bindings'])
/** Of these a change may use up more than was there. */
const CHANGEABLE: ReadonlySet<ResourceName> = new Set(['services', 'persistentvolumeclaims'])

/** Whether the namespace of a request has quotas, and the request may use something up. */
export function claimsQuota(cache: WatchCache, { verb, resource, subresource, namespace }: ApiRequest): boolean {
  if (namespace === undefined || subresource !== undefined || UNCOUNTED.has(resource)) return false
  const mayCharge = verb === 'create' || ((verb === 'update' || verb === 'patch') && CHANGEABLE.has(resource))
  return mayCharge && quotasIn(cache, namespace).length > 0
}

export function quotasIn(cache: WatchCache, namespace: string): readonly ResourceQuota[] {
  const { objects } = cacheOf(cache, 'resourcequotas')
  return objects.size === 0 ? [] : within(objects, namespace)
}
function within(objects: Tree<ApiObject>, namespace: string): readonly ResourceQuota[] {
  const found: ResourceQuota[] = []
  objects.range(`${namespace}/`, `${namespace}0`, (quota) => {
    found.push(quota as ResourceQuota)
    return true
  })
  return found
}

/** What was written here may be newer than what the cache has. */
export const newest = (cached: readonly ResourceQuota[], written: readonly ResourceQuota[]): readonly ResourceQuota[] =>
  cached.map((quota) => {
    const own = written.find(({ metadata }) => metadata.uid === quota.metadata.uid)
    return own !== undefined && versionOf(own) > versionOf(quota) ? own : quota
  })
const versionOf = ({ metadata }: ResourceQuota): number => Number(metadata.resourceVersion ?? 0)

export interface Judgement {
  readonly claims: readonly Claim[]
  /** Those of which more is used now. */
  readonly changed: readonly ResourceQuota[]
}

/** One claim after another, each on what those before it have left. */
export function judged(quotas: readonly ResourceQuota[], claims: readonly Claim[], at: number): Judgement {
  let now = quotas
  const all = claims.map((claim): Claim => {
    if (claim.refusal !== undefined) return claim
    const result = charged(now, claim.claimed, at)
    if (typeof result === 'string') return { ...claim, refusal: refusalOf(claim, result) }
    if (!claim.claimed.dryRun) now = result
    return claim
  })
  return { claims: all, changed: now.filter((quota, i) => !equal(usedOf(quota), usedOf(quotas[i]))) }
}
const usedOf = (quota: ResourceQuota | undefined) => quota?.status?.used ?? {}
const refusalOf = ({ claimed: { resource, object } }: Claim, why: string): Status =>
  forbidden(resource, object.metadata.name, why)
