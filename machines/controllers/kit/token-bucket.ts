/**
 * A token bucket, as golang.org/x/time/rate counts it: `burst` tokens at first, `perSecond` come back, and a
 * reservation may go into debt, which is how long its owner waits.
 */

export interface TokenBucket {
  readonly tokens: number
  readonly countedAt: number
}
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

export const fullBucket = ({ burst }: Rate, at: number): TokenBucket => ({ tokens: burst, countedAt: at })

/** What is in the bucket by now. */
export const filled = ({ tokens, countedAt }: TokenBucket, { perSecond, burst }: Rate, at: number): TokenBucket => ({
  tokens: Math.min(burst, tokens + (Math.max(0, at - countedAt) * perSecond) / 1_000),
  countedAt: Math.max(at, countedAt),
})

/** Takes a token and says in how many ms it may be used (`Limiter.Reserve().Delay()`). */
export function reserved(bucket: TokenBucket, rate: Rate, at: number): readonly [bucket: TokenBucket, waitMs: number] {
  const { tokens, countedAt } = filled(bucket, rate, at)
  const left = tokens - 1
  return [{ tokens: left, countedAt }, left >= 0 ? 0 : (-left * 1_000) / rate.perSecond]
}

/** Takes a token if there is a whole one (`Limiter.Allow`); undefined when there is none. */
export function allowed(bucket: TokenBucket, rate: Rate, at: number): TokenBucket | undefined {
  const { tokens, countedAt } = filled(bucket, rate, at)
  return tokens >= 1 ? { tokens: tokens - 1, countedAt } : undefined
}
