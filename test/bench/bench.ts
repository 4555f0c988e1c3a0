/** What a benchmark says: one number against a goal. Nothing here is asserted in the tests: machines differ. */

export interface Benchmark {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The value may be at most this, or has to be at least this. */
  readonly goal: number
  readonly atLeast?: true
  readonly holds: boolean
}
export interface Measured {
  readonly benchmarks: readonly Benchmark[]
  /** What a reader of the table wants to know besides: shares, sizes. */
  readonly notes: readonly string[]
}

export const atMost = (goal: number, name: string, value: number, unit: string): Benchmark => ({
  name,
  value: rounded(value),
  unit,
  goal,
  holds: value <= goal,
})

export const atLeast = (goal: number, name: string, value: number, unit: string): Benchmark => ({
  name,
  value: rounded(value),
  unit,
  goal,
  atLeast: true,
  holds: value >= goal,
})

/** Three digits that mean something. */
export const rounded = (value: number): number => Number(value.toPrecision(3))

/** How long a piece of work takes, in ms of real time. */
export function timed(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

/**
 * How long a piece of work takes at most where nothing else runs, in ms. Beside other programs a clock shows more than
 * that; and so does always the processor time of all threads, since the compiler and the collector run beside the work.
 */
export function quietMs(work: () => void): number {
  const began = process.cpuUsage()
  const byClock = timed(work)
  const { user, system } = process.cpuUsage(began)
  return Math.min(byClock, (user + system) / 1_000)
}
