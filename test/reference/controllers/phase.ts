/**
 * At which part of a second a recording began. Its instants are whole seconds counted from the whole second before the
 * beginning, its arrivals seconds since the beginning: the two together tell what lies between.
 */
import type { Recorded, Trace } from './trace.ts'

const GRID_MS = 20
/** By how much an arrival lags behind the writing, s. */
const LAG = 0.06
const CREATED = /^<t\+(\d+)>$/

/** ms after a whole second. */
export interface Phases {
  readonly from: number
  readonly to: number
}
/** Those that fit the most objects. */
export function phasesOf({ objects }: Trace): Phases {
  const created = objects.flatMap(creationOf)
  if (created.length === 0) return { from: 0, to: 1_000 }
  const phases = Array.from({ length: 1_000 / GRID_MS }, (_, i) => i * GRID_MS)
  const fitting = phases.map((ms) => created.filter(([t, second]) => secondAt(t, ms) === second).length)
  const most = Math.max(...fitting)
  const best = longestRun(fitting.map((count) => count === most))
  const from = best.from * GRID_MS
  return { from, to: from + best.length * GRID_MS }
}
export const middleOf = ({ from, to }: Phases): number => Math.floor((from + to) / 2)
const secondAt = (t: number, phaseMs: number): number => Math.floor(Math.max(0, t - LAG) + phaseMs / 1_000)

/** When an object arrived, and the second in which it was created. */
function creationOf({ history }: Recorded): readonly (readonly [t: number, second: number])[] {
  const [first] = history
  const { creationTimestamp } = (first?.object?.['metadata'] ?? {}) as { readonly creationTimestamp?: string }
  const second = CREATED.exec(creationTimestamp ?? '')?.[1]
  return first === undefined || first.type !== 'ADDED' || second === undefined ? [] : [[first.t, Number(second)]]
}

function longestRun(all: readonly boolean[]): { readonly from: number; readonly length: number } {
  let best = { from: 0, length: 0 }
  let from = 0
  for (const [i, fits] of all.entries()) {
    if (!fits) from = i + 1
    else if (i + 1 - from > best.length) best = { from, length: i + 1 - from }
  }
  return best
}
