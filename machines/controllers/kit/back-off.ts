/** wait.NewExponentialBackoffManager as the reflector uses it: 800 ms × 2 to 30 s, jitter 1.0, anew after 2 min. */

export interface BackOff {
  /** Steps taken since it last began anew. */
  readonly steps: number
  readonly lastAt: number
}
export const noBackOff: BackOff = { steps: 0, lastAt: Number.NEGATIVE_INFINITY }

export const INITIAL_BACK_OFF_MS = 800
export const MAX_BACK_OFF_MS = 30_000
export const BACK_OFF_RESET_MS = 120_000

export const nextBackOff = ({ steps, lastAt }: BackOff, at: number): BackOff => ({
  steps: at - lastAt > BACK_OFF_RESET_MS ? 1 : steps + 1,
  lastAt: at,
})

/** How long the current step lasts; `drawn` is a 32-bit number and stretches it by up to its double. */
export const backOffMs = ({ steps }: BackOff, drawn: number): number =>
  Math.min(INITIAL_BACK_OFF_MS * 2 ** (steps - 1), MAX_BACK_OFF_MS) * (1 + drawn / 2 ** 32)
