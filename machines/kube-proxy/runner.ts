/**
 * How often the rules may be written: once per `minSyncPeriod` in the long run, two at once in the short.
 *
 * Modelled on k8s.io/kubernetes/pkg/util/async/bounded_frequency_runner.go with `burstSyncs` 2.
 */
export const MIN_SYNC_PERIOD_MS = 1_000
const BURST = 2

export interface Tokens {
  readonly count: number
  readonly at: number
}
export const fullBucket = (at: number): Tokens => ({ count: BURST, at })

const refilled = ({ count, at }: Tokens, now: number): number =>
  Math.min(BURST, count + (now - at) / MIN_SYNC_PERIOD_MS)

export const taken = (tokens: Tokens, now: number): Tokens => ({ count: refilled(tokens, now) - 1, at: now })

/** How long until the next run is allowed; 0 when it is now. */
export const waitMs = (tokens: Tokens, now: number): number =>
  Math.max(0, Math.ceil((1 - refilled(tokens, now)) * MIN_SYNC_PERIOD_MS))
