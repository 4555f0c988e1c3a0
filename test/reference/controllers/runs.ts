/**
 * A recording is one run of a scenario whose races may go either way: ours is looked for among several runs that differ
 * in how fast the machine is, in what is drawn, and at which phase of its periodic loops the scenario begins. The run
 * that matched is kept in runs.json, to be tried first.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Latency } from '../../../runtime/network.ts'
import type { Trace } from './trace.ts'

export interface Run {
  readonly seed: number
  readonly loopback: Latency
  readonly phaseMs: number
  /** Pods become Running and Ready no earlier than the recorded ones, whose kubelets had much to do. */
  readonly lagging: boolean
}

/** Categories in which periodic loops act, with their periods. */
const PERIODS: Readonly<Record<string, number>> = { 'node-lifecycle': 5_000, 'pod-gc': 20_000 }
const STEP_MS = 500
/** Ours at its best, and busy as the recorder's was with scenarios side by side. */
const PACES: readonly Latency[] = [
  { baseMs: 0.05, jitterMs: 0.02 },
  { baseMs: 0.5, jitterMs: 4 },
  { baseMs: 1, jitterMs: 12 },
  { baseMs: 2, jitterMs: 30 },
]
const SEEDS = [7, 8, 9, 10, 11, 12]

/** The runs among which the recorded one is looked for, the likeliest first. */
export function runsOf({ category }: Trace): readonly Run[] {
  const period = PERIODS[category] ?? STEP_MS
  const phases = Array.from({ length: period / STEP_MS }, (_, i) => i * STEP_MS)
  const varied = SEEDS.flatMap((seed) =>
    PACES.flatMap((loopback) => [false, true].map((lagging): Run => ({ seed, loopback, phaseMs: 0, lagging }))),
  )
  const [first, ...others] = varied as [Run, ...Run[]]
  return [...phases.map((phaseMs): Run => ({ ...first, phaseMs })), ...others]
}

const FILE = join(dirname(fileURLToPath(import.meta.url)), 'runs.json')
const known: Record<string, number> = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>

/** Which run matched a trace; undefined when none has. */
export const knownRun = ({ name }: Trace): number | undefined => known[name]
export function matchedIn({ name }: Trace, run: number): void {
  known[name] = run
}
export function keepRuns(): void {
  const all = Object.fromEntries(Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`)
}
