/** When a process that ended is started again. */
import type { RestartPolicy } from '../protocol/host.ts'

/** @param restarts how often it was restarted since it last ran for long enough */
export function restartDelayMs({ firstMs, baseMs, maxMs }: RestartPolicy, restarts: number): number {
  if (restarts === 0) return firstMs
  let delay = baseMs
  for (let i = 1; i < restarts && delay < maxMs; i++) delay *= 2
  return Math.min(delay, maxMs)
}

/** The restarts that still count when a process ends after running for so long. */
export const restartsCounted = ({ resetMs }: RestartPolicy, restarts: number, ranMs: number): number =>
  ranMs >= resetMs ? 0 : restarts
