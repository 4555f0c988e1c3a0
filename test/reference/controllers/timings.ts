/**
 * How exactly the times of a scenario are held: the delays that timings.json names to 0.3 s beyond the spread of their
 * samples, everything else to a second, since some scenarios were recorded on a busy machine.
 */
import { join } from 'node:path'
import { jsonOf } from '../folder.ts'
import type { Tolerance } from './compare.ts'
import type { Trace } from './trace.ts'

const BEYOND_SECONDS = 0.3
const OTHERWISE_SECONDS = 1
/** Which of 30 equal Deployments waits longest for the client's limit is drawn. */
const TURN_SECONDS = 1.9

interface Timings {
  readonly namespaceDeletion?: Readonly<Record<string, unknown>>
}
interface Deletion {
  readonly deleted: readonly number[]
  readonly gone: readonly number[]
  readonly statusWrites: readonly number[]
}

export type Tolerances = (trace: Trace) => Tolerance

export function tolerancesOf(folder: string): Tolerances {
  const timings = jsonOf<Timings>(join(folder, 'controllers', 'timings.json')) ?? {}
  const namespaces = Object.values(timings.namespaceDeletion ?? {}).filter(
    (each): each is Deletion => typeof each === 'object' && each !== null && 'statusWrites' in each,
  )
  const spread = spreadOf(namespaces.map(({ deleted, statusWrites }) => (statusWrites[0] ?? 0) - (deleted[0] ?? 0)))
  return ({ name, category }) => {
    if (category === 'namespace') return () => spread + BEYOND_SECONDS
    if (name === 'throttle-deploys-30') return () => TURN_SECONDS
    return (t) => (NAMED.has(name) && t > OTHERWISE_SECONDS ? BEYOND_SECONDS : OTHERWISE_SECONDS)
  }
}
const spreadOf = (samples: readonly number[]): number =>
  samples.length === 0 ? 0 : Math.max(...samples) - Math.min(...samples)

/** The scenarios from which the samples of timings.json come. */
const NAMED: ReadonlySet<string> = new Set([
  'deploy-min-ready',
  'deploy-progress-deadline',
  'deploy-progress-deadline-create',
  'ep-burst-batching',
  'events-aggregation',
  'node-lost',
  'node-no-heartbeat-ever',
  'node-zone-partial',
  'node-zone-rate',
  'podgc-node-deleted',
  'podgc-unscheduled-terminating',
  'rs-min-ready',
  'rs-slow-start-failing',
])
