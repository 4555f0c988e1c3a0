/**
 * What may come between a controller and the end: everything that design calls by name. Each is a list of strokes after
 * the moment at which it begins; the last one leaves everything whole.
 */
import { type Address, draw } from '../../../runtime/contract.ts'
import type { Cache, CacheChanged } from '../../protocol/cache.ts'
import type { Cluster } from '../cluster.ts'
import type { Exam } from './exam.ts'
import { FAR, MANAGER, NEAR, type Reads, reflectorOf, reflectorsOf } from './setting.ts'

export interface Stroke {
  readonly afterMs: number
  readonly strike: (cluster: Cluster) => void
}
export interface Disturbance {
  readonly words: string
  readonly reads: Reads
  /** From before its first step on, or at a step. */
  readonly from: 'the beginning' | 'any step'
  readonly strokes: readonly Stroke[]
  /** Every change of a cache is told twice. */
  readonly twice?: true
}

/** Those that may strike at any step. */
export const AT_ANY_STEP: readonly Disturbance[] = [
  atAnyStep('it crashes', [[0, crashed(MANAGER)]]),
  atAnyStep('it crashes, and once more when it is back', [
    [0, crashed(MANAGER)],
    [19_000, crashed(MANAGER)],
  ]),
  atAnyStep('its API server crashes: calls are open', [[0, crashed(NEAR)]]),
  atAnyStep('the connection breaks', [[0, ({ faults }) => faults.reset('manager', 'cp-1')]]),
  atAnyStep('its API server is away for 20 s: what changes is unobserved', [
    [0, ({ faults }) => faults.stop(NEAR)],
    [20_000, ({ faults }) => faults.start(NEAR)],
  ]),
  atAnyStep('answers come after the time-out', [
    [0, paused(NEAR)],
    [70_000, resumed(NEAR)],
  ]),
  atAnyStep('it is frozen for 30 s', [
    [0, paused(MANAGER)],
    [30_000, resumed(MANAGER)],
  ]),
  {
    ...atAnyStep('it crashes, and lists from a server that lags', [
      [0, ({ faults }) => faults.holdWatches(FAR)],
      [1_500, crashed(MANAGER)],
      [26_000, ({ faults }) => faults.releaseWatches(FAR)],
    ]),
    reads: 'far',
  },
]

/** Those that go on all the time. */
export function allAlong(exam: Exam): readonly Disturbance[] {
  const reflectors = reflectorsOf(exam)
  const resource = (reflector: Address): string => reflector.slice(reflector.lastIndexOf('/') + 1)
  return [
    {
      ...fromTheBeginning('everything is told twice', 'near'),
      strokes: strokes(RESYNCS_MS.map((ms) => [ms, (cluster) => resynced(cluster, exam)] as const)),
      twice: true,
    },
    ...reflectors.map(
      (reflector): Disturbance => ({
        ...fromTheBeginning(`${resource(reflector)} are heard of last`, 'near'),
        strokes: strokes([
          [3_000, ({ faults }) => faults.holdWatches(reflector)],
          [18_000, ({ faults }) => faults.releaseWatches(reflector)],
        ]),
      }),
    ),
    ...[1, 2, 3].map(
      (seed): Disturbance => ({
        ...fromTheBeginning(`resources are reordered (${seed})`, 'near'),
        strokes: reflectors.flatMap((reflector) => byTurns(seed, reflector)),
      }),
    ),
    ...[1, 2].map(
      (seed): Disturbance => ({
        ...fromTheBeginning(`two API servers are reordered (${seed})`, 'both'),
        strokes: [...byTurns(seed, FAR), ...byTurns(seed + 7, NEAR)],
      }),
    ),
    { ...fromTheBeginning('it reads from a server that lags', 'far'), strokes: byTurns(5, FAR) },
  ]
}

type Timed = readonly [afterMs: number, strike: Stroke['strike']]
function strokes(all: readonly Timed[]): readonly Stroke[] {
  return all.map(([afterMs, strike]) => ({ afterMs, strike }))
}

function atAnyStep(words: string, all: readonly Timed[]): Disturbance {
  return { words, reads: 'near', from: 'any step', strokes: strokes(all) }
}
const fromTheBeginning = (words: string, reads: Reads): Disturbance => ({
  words,
  reads,
  from: 'the beginning',
  strokes: [],
})

const isThere = ({ world }: Cluster, process: Address): boolean => world.snapshot(process) !== undefined
function crashed(process: Address): Stroke['strike'] {
  return (cluster) => (isThere(cluster, process) ? cluster.faults.crash(process) : undefined)
}
function paused(process: Address): Stroke['strike'] {
  return (cluster) => (isThere(cluster, process) ? cluster.faults.pause(process) : undefined)
}
function resumed(process: Address): Stroke['strike'] {
  return (cluster) => cluster.faults.resume(process)
}

const RESYNCS_MS = [3_000, 6_000, 10_000, 15_000, 25_000, 40_000]
/** What it has in its caches is told once more, as changes that change nothing. */
function resynced({ world }: Cluster, exam: Exam): void {
  const controller = `${exam.controller.member.name}-controller/manager`
  for (const { resource } of exam.controller.member.caches) {
    const reflector = world.snapshot(reflectorOf(resource))?.context as { readonly cache: Cache } | undefined
    if (reflector === undefined || world.snapshot(controller) === undefined) continue
    const { cache } = reflector
    const deltas = cache.objects.entries().map(([key, object]) => ({ key, was: object, now: object }))
    const event: CacheChanged = { type: 'cache.changed', resource, cache, deltas, filled: false }
    world.send(controller, event, MANAGER)
  }
}

const TURNS = 14
const LONGEST_MS = 3_000
/** For most of a minute its watches tell nothing for a while, and then all at once. */
function byTurns(seed: number, of: Address): readonly Stroke[] {
  let at = 1_000
  const lasting = (turn: number, what: string): number => draw(seed, of, turn, what) % LONGEST_MS
  return Array.from({ length: TURNS }, (_, turn) => {
    const from = at + lasting(turn, 'free')
    at = from + lasting(turn, 'held')
    return strokes([
      [from, ({ faults }) => faults.holdWatches(of)],
      [at, ({ faults }) => faults.releaseWatches(of)],
    ])
  }).flat()
}
