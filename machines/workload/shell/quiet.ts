/**
 * Scripts that go round and round without any effect (`while true; do sleep 1; done`) need not be woken for it: once
 * the processes stand as they stood some time ago, they will do so again after the same time. Found by Brent's method:
 * the state kept for comparison is renewed at the wake-ups 1, 2, 4, 8 …
 */
import type { Process, Processes } from './process.ts'

export interface Watch {
  readonly wakes: number
  readonly kept: Processes | undefined
}
export const FRESH: Watch = { wakes: 0, kept: undefined }

/** After a wake-up: how long one round takes, once it is known; `silent` tells that nothing was written since the last. */
export function observed(
  watch: Watch,
  state: Processes,
  silent: boolean,
): readonly [Watch, periodMs: number | undefined] {
  if (!silent) return [FRESH, undefined]
  const { kept } = watch
  if (kept !== undefined && kept.files === state.files && sameProcesses(kept, state))
    return [watch, state.now - kept.now]
  const wakes = watch.wakes + 1
  return [{ wakes, kept: (wakes & (wakes - 1)) === 0 ? state : kept }, undefined]
}

/** The same processes some whole rounds later. */
export function fastForwarded(state: Processes, at: number, periodMs: number): Processes {
  const by = Math.floor((at - state.now) / periodMs) * periodMs
  if (by <= 0) return state
  return {
    ...state,
    now: state.now + by,
    processes: state.processes.map((process) => ({ ...process, blocked: later(process, by) })),
  }
}

function sameProcesses(a: Processes, b: Processes): boolean {
  return same(
    a.processes.map((each) => standing(each, a.now)),
    b.processes.map((each) => standing(each, b.now)),
  )
}

/** With times told from now. */
const standing = (process: Process, now: number): unknown => ({ ...process, blocked: later(process, -now) })

function later({ blocked }: Process, by: number): Process['blocked'] {
  return blocked?.on === 'time' || blocked?.on === 'memory' ? { ...blocked, until: blocked.until + by } : blocked
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  )
}
