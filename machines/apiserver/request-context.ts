/** One request that writes: what it knows on its way, and what can be read off that. Without the chart. */
import type { Address } from '../../runtime/contract.ts'
import type { ApiAnswered, ApiRequest, Status } from '../protocol/api.ts'
import type { EtcdAnswered } from '../protocol/etcd.ts'
import type { ApiObject, Pod } from '../protocol/objects.ts'
import type { DisruptionClaimed, DisruptionJudged } from './disruption-claim.ts'
import { objectIn } from './etcd-calls.ts'
import { etcdKey } from './etcd-keys.ts'
import { unversioned, versioned } from './frozen.ts'
import { claimsQuota, type QuotaClaimed } from './quota-claims.ts'
import { pathOf } from './reads.ts'
import type { Attempt, Draft, Found, LookUp, Outcome } from './registry/attempt.ts'
import { holdsForOneVersion, isDryRun, isEviction, needsNoBudget } from './registry/eviction.ts'
import { isCreation } from './registry/index.ts'
import { reply, replyOfRemoval } from './replies.ts'
import { factsOf, type OwnKinds, served } from './served.ts'
import { alreadyExists, beingDeleted, generatedNameTaken } from './statuses.ts'
import { cacheOf, type WatchCache } from './watch-cache.ts'

export interface RequestInput {
  readonly request: ApiRequest
  readonly client: Address
  readonly call: number
  readonly server: Address
  /** The members of etcd, the one that the server is connected to first. */
  readonly etcd: readonly Address[]
  readonly ownKinds: OwnKinds
  readonly cache: WatchCache
  /** The server's own: names and uids are drawn by what they name, whatever the number of the request. */
  readonly dice: number
  readonly ordinal: number
  /** For Events: the lease that they share at present. */
  readonly lease: number | undefined
}
export interface RequestContext extends RequestInput {
  readonly current: ApiObject | undefined
  /** Whether `current` is from etcd: what a cached object leads to is never the last word. */
  readonly certain: boolean
  readonly found: Found
  readonly lookUps: number
  /** How many generated names were taken. */
  readonly attempt: number
  readonly members: number
  /** What the budget of a pod that is to be evicted said; until then undefined. */
  readonly granted: DisruptionJudged | undefined
  readonly step: Draft | LookUp | Outcome | undefined
}
export const facts = ({ ownKinds, request }: RequestContext) => {
  const known = factsOf(ownKinds, request.resource)
  if (known === undefined) throw new Error(`the server serves ${request.resource}`)
  return known
}
export const attemptOf = (context: RequestContext, at: number): Attempt => ({
  request: context.request,
  facts: facts(context),
  profile: served(context.ownKinds).profile,
  cache: context.cache,
  found: context.found,
  at,
  dice: context.dice,
  ordinal: context.ordinal,
  attempt: context.attempt,
})
export const keyOfCurrent = (context: RequestContext): string => etcdKey(facts(context), pathOf(context.request))
export const revisionOf = (object: ApiObject | undefined): number => Number(object?.metadata.resourceVersion ?? 0)
export const draftOf = ({ step }: RequestContext): ApiObject => (step as Draft).object
export const isNew = ({ request, current }: RequestContext): boolean => isCreation(request) || current === undefined
/** The key under which the outcome is stored: of a new object it has the name that was just given. */
export const keyOfOutcome = (context: RequestContext): string => {
  const { step } = context
  if (!isNew(context) || step?.does !== 'store') return keyOfCurrent(context)
  return etcdKey(facts(context), pathOf({ ...context.request, name: step.value.metadata.name }))
}
export const nameOf = ({ step, request }: RequestContext): string =>
  step?.does === 'store' ? step.value.metadata.name : (request.name ?? '')

/** What the watch cache has of the object that a request names. */
export const cached = ({ cache, request }: RequestInput): ApiObject | undefined =>
  isCreation(request) ? undefined : cacheOf(cache, request.resource).objects.get(pathOf(request))

/** What is charged to the quotas of the namespace, when there are any and the object counts. */
export function claimOf(context: RequestContext): QuotaClaimed | undefined {
  const { cache, request, step, current } = context
  if (step?.does !== 'store' || !claimsQuota(cache, request)) return undefined
  const { resource, options } = request
  const was = isNew(context) ? undefined : current
  return { type: 'quota.claimed', resource, object: step.value, was, dryRun: options?.dryRun === true }
}

/** What the budgets are asked before a pod is evicted; undefined when they have no say, or have had it. */
export function disruptionClaimOf({ request, step, current, granted }: RequestContext): DisruptionClaimed | undefined {
  if (!isEviction(request) || granted !== undefined || (step?.does !== 'store' && step?.does !== 'remove'))
    return undefined
  const pod = current as Pod
  return needsNoBudget(pod) ? undefined : { type: 'disruption.claimed', pod, dryRun: isDryRun(request) }
}
/** A pod that could go because it was not well has changed: perhaps it is well now. */
export const isSparedNoLonger = ({ request, granted }: RequestContext): boolean =>
  granted?.sparedBy !== undefined && !holdsForOneVersion(request)

/** Only a proposal may have happened although its answer is lost. */
export const isWrite = (step: RequestContext['step']): boolean => step?.does === 'store' || step?.does === 'remove'

export function isGenerated({ request }: RequestContext): boolean {
  const { metadata } = request.body as Partial<ApiObject>
  return (metadata?.name ?? '') === '' && metadata?.generateName !== undefined
}

export function keyOfLookUp({ ownKinds, step }: RequestContext): string {
  const { resource, key } = step as LookUp
  const looked = factsOf(ownKinds, resource)
  if (looked === undefined) throw new Error(`${resource} are served`)
  return etcdKey(looked, key)
}

/** What was taken away: as the client wrote it when that ended its life, else as it last was, at the end's revision. */
export function removed({ step, current, request }: RequestContext, revision: number): ApiObject {
  if (step?.does === 'remove' && request.verb !== 'delete') return step.object
  return versioned(unversioned(current as ApiObject), revision)
}

export function dryReply(context: RequestContext): ApiAnswered {
  const { step, current, request } = context
  if (step?.does === 'remove') return replyOfRemoval(request, facts(context), step.object)
  const { value } = step as Extract<Outcome, { does: 'store' }>
  const unchanged = current === undefined ? value : versioned(value, revisionOf(current))
  return reply(request, unchanged, isNew(context))
}

export function takenStatus(context: RequestContext, event: EtcdAnswered): Status {
  const { resource, body } = context.request
  const { generateName } = (body as Partial<ApiObject>).metadata ?? {}
  const name = nameOf(context)
  if (isGenerated(context)) return generatedNameTaken(resource, generateName ?? '', name)
  const taken = objectIn(event)?.metadata.deletionTimestamp !== undefined
  return taken ? beingDeleted(resource, name) : alreadyExists(resource, name)
}
