/**
 * What must hold of the parts that every client process has. Reflectors are held against what etcd has committed, which
 * who asks has to tell; electors against their own timings.
 */
import type { ApiAnswered, ApiRequest, Change, Listing, WatchEvents } from '../../protocol/api.ts'
import type { Cache } from '../../protocol/cache.ts'
import type { Step } from '../../protocol/invariants.ts'
import type { Lease } from '../../protocol/objects.ts'

/** What a reflector's own context has to show for it. */
export interface Reflecting {
  readonly cache: Cache
}

/** What changed for a watcher, as it was committed. */
export type Committed = Pick<Change, 'type' | 'key'> & { readonly revision: number }

/** Inside one watch no event is missed or out of order. `committed`: between the two versions of the cache, in order. */
export function watched(step: Step<Reflecting>, committed: readonly Committed[]): string | undefined {
  const { changes } = step.event as WatchEvents
  for (let i = 0; i < Math.max(changes.length, committed.length); i++) {
    const [told, was] = [changes[i], committed[i]]
    if (told === undefined || was === undefined || !isSameChange(told, was))
      return `was told ${inWords(told)} where ${was === undefined ? 'nothing more' : inWords(was)} was committed`
  }
  return applied(step.after.cache, changes)
}

/** What the last change of each key says is what the cache holds. */
function applied({ objects }: Cache, changes: readonly Change[]): string | undefined {
  const last = new Map(changes.map((change) => [change.key, change]))
  for (const [key, { type, object }] of last) {
    const held = objects.get(key)
    if (held === (type === 'DELETED' ? undefined : object)) continue
    return `holds version ${held?.metadata.resourceVersion ?? 'none'} of ${key} after ${inWords({ type, key, object })}`
  }
  return undefined
}

/** A relist ends in the listed state. */
export function relisted({ after, event }: Step<Reflecting>): string | undefined {
  const { objects, resourceVersion } = (event as ApiAnswered).list as Listing
  const { cache } = after
  if (cache.resourceVersion !== resourceVersion)
    return `is at ${cache.resourceVersion} after a list of ${resourceVersion}`
  if (cache.objects === objects) return undefined
  let wrong: string | undefined
  objects.each((object, key) => {
    const held = cache.objects.get(key)
    if (held?.metadata.resourceVersion !== object.metadata.resourceVersion) wrong ??= key
  })
  if (wrong !== undefined) return `does not hold ${wrong} as it was listed`
  const more = cache.objects.size - objects.size
  return more === 0 ? undefined : `holds ${more} objects more than were listed`
}

function isSameChange({ type, key, object }: Change, was: Committed): boolean {
  return key === was.key && type === was.type && Number(object.metadata.resourceVersion) === was.revision
}

function inWords(change: Change | Committed | undefined): string {
  if (change === undefined) return 'nothing'
  const revision = 'revision' in change ? change.revision : change.object.metadata.resourceVersion
  return `${change.type} ${change.key} at ${revision}`
}

/** Since when a process leads on, as far as its own elector can know; in ms of virtual time. */
export interface Leadership {
  /** When its last renewal was answered. */
  readonly renewedAt: number
  /** When it last went on after a freeze. */
  readonly thawedAt: number
}

/** leaderelection.LeaderElector: RetryPeriod until the next round of renewals begins, RenewDeadline for the round. */
const RETRY_PERIOD_MS = 2_000
const RENEW_DEADLINE_MS = 10_000

/** A leader acts no longer than its lease timings allow; after a freeze at most the renew deadline longer. */
export function overstayed(step: Step, { renewedAt, thawedAt }: Leadership): string | undefined {
  const until = Math.max(renewedAt + RETRY_PERIOD_MS, thawedAt) + RENEW_DEADLINE_MS
  const written = step.at > until ? writeIn(step) : undefined
  if (written === undefined) return undefined
  const last = thawedAt > renewedAt ? `was frozen until ${thawedAt} ms and` : ''
  return `asks to ${written} at ${step.at} ms, but ${last} renewed its lease at ${renewedAt} ms for the last time`
}

const MUTATING: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

/** The first thing that a step asks the API to change, in words. */
function writeIn({ effects }: Step): string | undefined {
  for (const effect of effects) {
    if (effect.do !== 'call' || effect.event.type !== 'api.request') continue
    const { verb, resource, namespace, name } = effect.event as ApiRequest
    if (MUTATING.has(verb)) return `${verb} ${resource} ${namespace === undefined ? '' : `${namespace}/`}${name ?? ''}`
  }
  return undefined
}

/** What an elector's context has to show. */
export interface Electing {
  readonly identity: string
  readonly tell: string
  readonly seen: { readonly lease: Lease | undefined }
}

/** Whether this step of an elector ends a renewal, or makes it the leader. */
export function hasRenewed({ was, state }: Step<Electing>): boolean {
  const [before, now] = [leadingOf(was), leadingOf(state)]
  return now !== undefined && (before === undefined || (now === 'holding' && before !== 'holding'))
}

const leadingOf = (state: unknown): unknown =>
  typeof state === 'object' && state !== null && 'leading' in state ? state.leading : undefined
