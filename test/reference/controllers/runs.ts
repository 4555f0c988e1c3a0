/**
 * A recording is one run of a scenario whose races may go either way: ours is looked for among several runs, in order
 * and up to a bound. They differ in what is drawn, in how fast the machine is, and in the phase of periodic loops, which
 * is first taken from what the runs before were late by.
 */
import type { Latency } from '../../../runtime/network.ts'
import type { Difference } from './compare.ts'
import { middleOf, phasesOf } from './phase.ts'
import type { Trace } from './trace.ts'

export interface Run {
  readonly seed: number
  readonly loopback: Latency
  readonly phaseMs: number
}
/** What came of a run. */
export interface Tried {
  readonly run: Run
  readonly differences: readonly Difference[]
}

/** Categories in which periodic loops act, with their periods. */
const PERIODS: Readonly<Record<string, number>> = { 'node-lifecycle': 5_000, 'pod-gc': 20_000 }
/** Ours at its best, and busy as the recorder's was with scenarios side by side. */
const PACES: readonly Latency[] = [
  { baseMs: 0.05, jitterMs: 0.02 },
  { baseMs: 0.5, jitterMs: 4 },
  { baseMs: 1, jitterMs: 12 },
  { baseMs: 2, jitterMs: 30 },
]
const SEEDS = [7, 8, 9, 10, 11, 12]
const STEP_MS = 1_000
const ALIGNMENTS = 3

/** The runs in the order in which they are tried; what was tried so far is told to it. */
export function* runsOf(trace: Trace): Generator<Run, void, Tried> {
  const [seed = 0, ...seeds] = SEEDS
  const [loopback, ...paces] = PACES as [Latency, ...Latency[]]
  let best = yield { seed, loopback, phaseMs: middleOf(phasesOf(trace)) }
  for (const phaseMs of phases(trace)) {
    const aligned = yield { seed, loopback, phaseMs: phaseMs(best) }
    if (aligned.differences.length < best.differences.length) best = aligned
  }
  const { phaseMs } = best.run
  for (const pace of paces) yield { seed, loopback: pace, phaseMs }
  for (const other of seeds) for (const pace of PACES) yield { seed: other, loopback: pace, phaseMs }
}

/** First as the best run so far was off; of a loop then one after another, else no other than what the recording tells. */
function phases(trace: Trace): readonly ((best: Tried) => number)[] {
  const period = PERIODS[trace.category]
  const { from, to } = phasesOf(trace)
  const shifted = Array.from({ length: ALIGNMENTS }, (_, i) => (best: Tried) => {
    const phaseMs = best.run.phaseMs + (offsets(best)[i] ?? 0) * 1_000
    if (period === undefined) return Math.min(Math.max(from, phaseMs), to)
    return ((phaseMs % period) + period) % period
  })
  if (period === undefined) return shifted
  return [...shifted, ...Array.from({ length: period / STEP_MS }, (_, i) => () => i * STEP_MS)]
}
/** By how much it was off, s: the most frequent first. */
function offsets({ differences }: Tried): readonly number[] {
  const counts = new Map<number, number>()
  for (const { lateBy } of differences)
    if (lateBy !== undefined) {
      const rounded = Math.round(lateBy * 10) / 10
      counts.set(rounded, (counts.get(rounded) ?? 0) + 1)
    }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([off]) => off)
}
