/**
 * What becomes of an Event before it is written (k8s.io/client-go/tools/record/events_cache.go, EventCorrelator):
 * similar ones are combined, repeated ones are counted, and a source that says too much about one object is silenced.
 */
import type { EventHappened } from '../../protocol/cache.ts'
import { noneRecent, type Recent, recall, remember } from './recent.ts'
import { allowed, fullBucket, type Rate, type TokenBucket } from './token-bucket.ts'

/** How an Event stands in the API: what a repetition of it is counted on. */
export interface Counted {
  readonly name: string
  readonly count: number
  readonly firstAt: number
}
interface Similar {
  /** The different messages of late, oldest first. */
  readonly messages: readonly string[]
  readonly lastAt: number
}
export interface Correlator {
  readonly similar: Recent<Similar>
  readonly counted: Recent<Counted>
  readonly allowance: Recent<TokenBucket>
}
/** What to write: a new Event, or, when it is repeated, a count on the one that is known by this name. */
export interface Correlated extends Counted {
  readonly happened: EventHappened
  /** Under which it is counted. */
  readonly key: string
  readonly repeated: boolean
  readonly at: number
}

/** defaultSpamBurst, defaultSpamQPS */
export const SPAM_RATE: Rate = { perSecond: 1 / 300, burst: 25 }
/** defaultAggregateMaxEvents */
export const SIMILAR_MAX = 10
export const SIMILAR_INTERVAL_MS = 600_000
const COMBINED = '(combined from similar events): '

export const newCorrelator = (): Correlator => ({
  similar: noneRecent(),
  counted: noneRecent(),
  allowance: noneRecent(),
})

/**
 * @param name of the Event, if it is a new one
 * @returns undefined in place of what to write, when it is filtered as spam: then it is counted but never written.
 */
export function correlated(
  correlator: Correlator,
  happened: EventHappened,
  name: () => string,
  at: number,
): readonly [Correlator, Correlated | undefined] {
  const [similar, seen, key] = combined(correlator.similar, happened, at)
  const known = recall(correlator.counted, key)
  const now: Counted =
    known === undefined
      ? { name: name(), count: 1, firstAt: at }
      : { name: known.name, count: known.count + 1, firstAt: known.firstAt }
  const counted = remember(correlator.counted, key, now)
  const source = aboutText(happened)
  const bucket = allowed(recall(correlator.allowance, source) ?? fullBucket(SPAM_RATE, at), SPAM_RATE, at)
  if (bucket === undefined) return [{ similar, counted, allowance: correlator.allowance }, undefined]
  const allowance = remember(correlator.allowance, source, bucket)
  return [
    { similar, counted, allowance },
    { happened: seen, key, repeated: known !== undefined, at, ...now },
  ]
}

/** What the API now holds under a key, after a write (`UpdateState`). */
export const settled = (correlator: Correlator, key: string, counted: Counted): Correlator => ({
  ...correlator,
  counted: remember(correlator.counted, key, counted),
})

/** EventAggregate: the tenth different message about the same thing in ten minutes, and all after it, become one. */
function combined(
  all: Recent<Similar>,
  happened: EventHappened,
  at: number,
): readonly [Recent<Similar>, EventHappened, key: string] {
  const key = similarityKey(happened)
  const known = recall(all, key)
  const before = known === undefined || at - known.lastAt > SIMILAR_INTERVAL_MS ? [] : known.messages
  const messages = before.includes(happened.message) ? before : before.concat(happened.message)
  if (messages.length < SIMILAR_MAX)
    return [remember(all, key, { messages, lastAt: at }), happened, `${key}|${identityText(happened)}`]
  const next = remember(all, key, { messages: messages.slice(1), lastAt: at })
  return [next, { ...happened, message: COMBINED + happened.message }, key]
}

/** An object by its uid, which says everything; by all else when it has none. */
const aboutText = ({ about }: EventHappened): string =>
  about.uid ?? `${about.kind}|${about.namespace ?? ''}|${about.name}|${about.apiVersion}`
const similarityKey = (happened: EventHappened): string => `${aboutText(happened)}|${happened.kind}|${happened.reason}`
const identityText = ({ about, message }: EventHappened): string => `${about.fieldPath ?? ''}|${message}`
