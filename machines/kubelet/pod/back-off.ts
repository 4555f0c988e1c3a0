/** Back-off of what fails again and again (k8s.io/client-go/util/flowcontrol.Backoff): 10 s, doubled, at most 5 min. */
export interface BackOff {
  readonly ms: number
  /** When it was last lengthened. */
  readonly at: number
}
const FIRST_MS = 10_000
const LONGEST_MS = 300_000

/** Forgotten after twice the longest back-off without a failure. */
const expired = (backOff: BackOff, at: number): boolean => at - backOff.at > 2 * LONGEST_MS

/** A container that ended at `since` is not restarted yet (IsInBackOffSince). */
export const backsOffSince = (backOff: BackOff | undefined, since: number, now: number): boolean =>
  backOff !== undefined && !expired(backOff, since) && now - since < backOff.ms

/** A pull that failed when the back-off was last lengthened is not tried again yet (IsInBackOffSinceUpdate). */
export const backsOff = (backOff: BackOff | undefined, now: number): boolean =>
  backOff !== undefined && !expired(backOff, now) && now - backOff.at < backOff.ms

/** After one more failure, seen at `since`. */
export const longer = (backOff: BackOff | undefined, since: number, now: number): BackOff => ({
  ms: backOff === undefined || expired(backOff, since) ? FIRST_MS : Math.min(backOff.ms * 2, LONGEST_MS),
  at: now,
})
