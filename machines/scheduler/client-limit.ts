/**
 * The client's own brake (client-go flowcontrol.NewTokenBucketRateLimiter): so many requests at once, so many per second
 * afterwards. With the defaults of kube-scheduler this, not the algorithm, limits how fast many pods are bound.
 */
export interface ClientLimit {
  readonly qps: number
  readonly burst: number
  /** When the last token that was given out is earned. */
  readonly earnedAt: number
}
export const unlimited = (qps = 50, burst = 100): ClientLimit => ({ qps, burst, earnedAt: 0 })

/** One request more: how long it has to wait. */
export function admitted(
  { qps, burst, earnedAt: last }: ClientLimit,
  at: number,
): readonly [waitMs: number, limit: ClientLimit] {
  const perToken = 1_000 / qps
  const earnedAt = Math.max(last, at - burst * perToken) + perToken
  return [Math.max(0, earnedAt - at), { qps, burst, earnedAt }]
}
