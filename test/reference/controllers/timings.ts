/**
 * The delays that timings.json names, measured in any story in which they occur, whatever its name: each is held to 0.3 s
 * beyond the spread of its samples. All other times of a scenario are held to a second, since some were recorded on a
 * busy machine; where a client's limit makes equal objects wait, to their longest turn.
 */
import { join } from 'node:path'
import { jsonOf } from '../folder.ts'
import type { Difference } from './compare.ts'
import {
  arrears,
  availabilities,
  CLIENT,
  collections,
  creations,
  deadlines,
  disposalSamples,
  disposals,
  endpointWrites,
  failures,
  firstLooks,
  latencies,
  looks,
  type Measured,
  nodeChanges,
} from './delays.ts'
import type { Json, Story, Trace } from './trace.ts'

const BEYOND_SECONDS = 0.3
const OTHERWISE_SECONDS = 1

type Timings = Readonly<Record<string, Json>>
export interface Delays {
  /** By how many seconds a change may come earlier or later than recorded. */
  readonly within: number
  differ(ours: Story, theirs: Story): readonly Difference[]
}

/** @param folder where timings.json lies, in `controllers` */
export function delaysOf(folder: string): (trace: Trace) => Delays {
  const timings = jsonOf<Timings>(join(folder, 'controllers', 'timings.json')) ?? {}
  return (trace) => ({
    within: withinOf(trace, timings),
    differ: (ours, theirs) =>
      NAMED.filter(({ entry, isIn }) => entry in timings && isIn(trace)).flatMap(({ entry, measured, spread }) => {
        const samples = spread?.(timings[entry] as Json) ?? []
        return delaysDiffer(entry, measured(ours, trace), measured(theirs, trace), spreadOf(samples) + BEYOND_SECONDS)
      }),
  })
}

function withinOf({ category, requests }: Trace, timings: Timings): number {
  if (category === 'namespace') return spreadOf(firstLooks(timings['namespaceDeletion'] ?? {})) + BEYOND_SECONDS
  if (category !== 'throttling') return OTHERWISE_SECONDS
  const counts = new Map<string, number>()
  for (const [, who] of requests) counts.set(who, (counts.get(who) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return OTHERWISE_SECONDS + Math.max(0, most - CLIENT.burst) / CLIENT.perSecond
}
const spreadOf = (samples: readonly number[]): number =>
  samples.length === 0 ? 0 : Math.max(...samples) - Math.min(...samples)

/** What only one of the two has is missing, or one too many: that is seen by what changed, not by when. */
function delaysDiffer(entry: string, ours: Measured, theirs: Measured, within: number): readonly Difference[] {
  return [...theirs].flatMap(([name, wanted]) => {
    const own = ours.get(name)
    if (own === undefined || Math.abs(own - wanted) <= within) return []
    const text = `${entry}: ${name}: ${own.toFixed(2)} s, not ${wanted.toFixed(2)} s`
    return [{ text, lateBy: own - wanted }]
  })
}

interface Named {
  /** Of timings.json. */
  readonly entry: string
  readonly isIn: (trace: Trace) => boolean
  readonly measured: (story: Story, trace: Trace) => Measured
  /** The samples of one and the same delay, where there are several. */
  readonly spread?: (entry: Json) => readonly number[]
}
const always = (): boolean => true
const of = (category: string) => (trace: Trace) => trace.category === category

const NAMED: readonly Named[] = [
  { entry: 'deploymentProgressCheck', isIn: always, measured: deadlines },
  { entry: 'minReadySeconds', isIn: always, measured: availabilities },
  { entry: 'slowStartAndClientRate', isIn: of('throttling'), measured: creations, spread: arrears },
  { entry: 'controllerKeyBackoff', isIn: always, measured: failures },
  { entry: 'eventAggregation', isIn: always, measured: failures },
  { entry: 'endpointBatching', isIn: of('endpoints'), measured: endpointWrites },
  { entry: 'garbageCollectorLatency', isIn: of('garbage-collector'), measured: collections, spread: latencies },
  { entry: 'namespaceDeletion', isIn: of('namespace'), measured: looks, spread: firstLooks },
  { entry: 'nodeLost', isIn: of('node-lifecycle'), measured: nodeChanges },
  { entry: 'nodeNoExecuteTaintRate', isIn: of('node-lifecycle'), measured: nodeChanges },
  { entry: 'nodeStartupGrace', isIn: of('node-lifecycle'), measured: nodeChanges },
  { entry: 'podGC', isIn: of('pod-gc'), measured: disposals, spread: disposalSamples },
]
