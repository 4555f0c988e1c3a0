/**
 * A story about a cluster, as a test of it: what is done, what must hold all along, what must hold in the end. The same
 * story is played once (a test), under many seeds and faults (`orrery check`), or told with pictures (`orrery run`).
 */
import type { Recording } from '../../runtime/record.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { type Cluster, NeverHappened } from './cluster.ts'
import { createCluster } from './create.ts'
import type { Faults } from './faults.ts'
import type { Kubectl } from './kubectl.ts'
import type { ClusterOptions } from './options.ts'
import { toMs } from './time.ts'

type Condition = (cluster: Cluster) => boolean | undefined

/** What a story has at hand. */
export interface Stage {
  readonly cluster: Cluster
  readonly kubectl: Kubectl
  readonly faults: Faults
  apply(manifests: string | ApiObject | readonly ApiObject[]): void
  run(duration: number | string): void
  runUntil(condition: Condition, options: { within: number | string }): void
  /** Must hold from now on, whenever it is looked at (after every write to the API, and every 50 ms). */
  always(sentence: string, condition: Condition): void
  /** Must hold at the latest so long after the story's end. */
  eventually(sentence: string, condition: Condition, options?: { within: number | string }): void
  /** Should be seen at least once over all plays of the story: else the story does not test what it says. */
  sometimes(sentence: string, condition: Condition): void
}
export type Story = (stage: Stage) => void

export interface Scenario {
  readonly name: string
  readonly options: Partial<ClusterOptions>
  readonly story: Story
}

/** Names a story and the cluster it is about. */
export const scenario = (name: string, options: Partial<ClusterOptions>, story: Story): Scenario => ({
  name,
  options,
  story,
})

export interface PlayOptions {
  readonly seed?: number
  /** Called with the cluster before the story begins: to observe it, or to disturb it. */
  readonly before?: (cluster: Cluster) => void
}
/** What came of a play. */
export interface Played {
  readonly seed: number
  /** What did not hold, in sentences; empty when all is well. */
  readonly broken: readonly string[]
  /** Which of the `sometimes` were seen. */
  readonly seen: Readonly<Record<string, boolean>>
  readonly cluster: Cluster
  readonly recording: Recording<Partial<ClusterOptions>>
}

/** Plays a story once. An `always` that breaks ends it at once; errors of the story itself are thrown on. */
export function play({ options, story }: Scenario, { seed, before }: PlayOptions = {}): Played {
  const setting = { ...options, ...(seed === undefined ? {} : { seed }) }
  const cluster = createCluster(setting)
  before?.(cluster)
  const ending: Ending = { broken: [], seen: {}, last: [] }
  told(() => story(stageOf(cluster, ending)), ending)
  for (const { sentence, condition, within } of ending.last) {
    if (ending.broken.length > 0) break
    told(() => cluster.runUntil(condition, { within }), ending, `eventually: ${sentence}`)
  }
  const { broken, seen } = ending
  const recording = { ...cluster.recording, setting }
  return { seed: cluster.world.seed, broken, seen, cluster, recording }
}

interface Ending {
  readonly broken: string[]
  readonly seen: Record<string, boolean>
  readonly last: { readonly sentence: string; readonly condition: Condition; readonly within: number | string }[]
}
/** Leaves the story when something does not hold. */
class Broken extends Error {}

function told(tell: () => void, { broken }: Ending, sentence?: string): void {
  try {
    tell()
  } catch (error) {
    if (!(error instanceof Broken) && !(error instanceof NeverHappened)) throw error
    broken.push(sentence === undefined ? error.message : `${sentence} (${error.message})`)
  }
}

const stageOf = (cluster: Cluster, ending: Ending): Stage => ({
  cluster,
  kubectl: cluster.kubectl,
  faults: cluster.faults,
  apply: (manifests) => cluster.apply(manifests),
  run: (duration) => cluster.run(duration),
  runUntil: (condition, options) => cluster.runUntil(condition, options),
  always: (sentence, condition) => {
    cluster.look(() => {
      if (condition(cluster) === false) throw new Broken(`always: ${sentence} (broken at ${cluster.now} ms)`)
    })
  },
  eventually: (sentence, condition, { within } = { within: '10m' }) => {
    toMs(within)
    ending.last.push({ sentence, condition, within })
  },
  sometimes: (sentence, condition) => {
    ending.seen[sentence] ??= false
    cluster.look(() => {
      if (condition(cluster) === true) ending.seen[sentence] = true
    })
  },
})
