/**
 * A story about a cluster, as a test of it: what is done, what must hold all along, what must hold in the end. The same
 * story is played once (a test), under many seeds and faults (`orrery check`), or told with pictures (`orrery run`).
 */
import type { Recording } from '../../runtime/record.ts'
import { MachineCrashed } from '../../runtime/world.ts'
import { History } from '../etcd/history/recorded.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { type Cluster, NeverHappened } from './cluster.ts'
import { createCluster } from './create.ts'
import type { Weather } from './disturb.ts'
import { brokenPromises } from './etcd-alone/order.ts'
import type { Faults } from './faults.ts'
import { inWords, Watch } from './invariants.ts'
import { type Kubectl, KubectlFailed } from './kubectl.ts'
import { membersOf } from './layout.ts'
import type { ClusterOptions } from './options.ts'
import { unsettled } from './settled.ts'
import { toMs } from './time.ts'

type Condition = (cluster: Cluster) => boolean | undefined

/** What a story has at hand. */
export interface Stage {
  readonly cluster: Cluster
  readonly kubectl: Kubectl
  readonly faults: Faults
  /** `kubectl apply`, as often as it takes while the API cannot be reached. */
  apply(manifests: string | ApiObject | readonly ApiObject[]): void
  /** Does it again every five seconds, for ten minutes, while the API cannot be reached: as a user in bad weather. */
  patiently<T>(command: () => T): T
  run(duration: number | string): void
  runUntil(condition: Condition, options: { within: number | string }): void
  /**
   * Must hold from now on, whenever it is looked at: after every write to the API, and every 50 ms, while there is an
   * etcd member that can be read.
   */
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
  /** How `orrery check` treats it when the command line does not say. */
  readonly weather?: Partial<Weather>
}

/** Names a story and the cluster it is about. */
export const scenario = (
  name: string,
  options: Partial<ClusterOptions>,
  story: Story,
  { weather }: Pick<Scenario, 'weather'> = {},
): Scenario => ({ name, options, story, ...(weather === undefined ? {} : { weather }) })

export interface PlayOptions {
  readonly seed?: number
  /** Called with the cluster before the story begins: to observe it, or to disturb it. */
  readonly before?: (cluster: Cluster) => void
  /** Also holds etcd to its promises: every key linearizable, every watch whole and in order. */
  readonly linearizable?: boolean
  /** Whether what every component promises is checked after each step; it is when nothing is said. */
  readonly invariants?: boolean
  /** Whether in the end, once the faults have stopped, everything has to come to what was asked. */
  readonly settles?: boolean
  /** Of an earlier play, to look for what is needed: which doings to leave out, and when the others begin at the earliest. */
  readonly script?: Script
}
export interface Script {
  readonly without: ReadonlySet<number>
  /** What came after these is left out too. */
  readonly begin: readonly number[]
}
/** What did not hold: what a machine promises whatever happens, an `always` of the story, or what it waited for or asked kubectl. */
export type Broke = 'promise' | 'always' | 'expectation'
/** What came of a play. */
export interface Played {
  readonly seed: number
  /** What did not hold, in sentences; empty when all is well. */
  readonly broken: readonly string[]
  /** Of which kind the first of them is. */
  readonly broke: Broke | undefined
  /** Which of the `sometimes` were seen. */
  readonly seen: Readonly<Record<string, boolean>>
  readonly cluster: Cluster
  /** When the story began each thing that it did, in virtual ms. */
  readonly begun: readonly number[]
  /** Which of these only let time pass. */
  readonly waits: ReadonlySet<number>
  readonly recording: Recording<Partial<ClusterOptions>>
}

/** Plays a story once. An `always` that breaks ends it at once; so does a machine that throws; errors of the story itself are thrown on. */
export function play({ options, story }: Scenario, how: PlayOptions = {}): Played {
  const { seed, before, linearizable = false, invariants = true, settles = false, script } = how
  const setting = { ...options, ...(seed === undefined ? {} : { seed }) }
  const cluster = createCluster(setting)
  const history = new History()
  if (linearizable) cluster.world.observe(history.sink)
  if (invariants) watched(cluster)
  before?.(cluster)
  const ending: Ending = { broken: [], broke: undefined, seen: {}, last: [], doings: new Doings(cluster, script) }
  told(() => story(stageOf(cluster, ending)), ending)
  if (settles) ending.last.push(SETTLED)
  for (const { sentence, condition, within } of ending.last) {
    if (ending.broken.length > 0) break
    told(() => cluster.runUntil(condition, { within }), ending, `eventually: ${sentence}`)
  }
  if (settles && ending.broken.length > 0) ending.broken.push(...unsettled(cluster))
  const { seen, doings } = ending
  const broken = linearizable ? [...ending.broken, ...brokenPromises(history)] : ending.broken
  const broke = ending.broke ?? (broken.length > 0 ? 'promise' : undefined)
  const recording = { ...cluster.recording, setting }
  return { seed: cluster.world.seed, broken, broke, seen, cluster, begun: doings.begun, waits: doings.waits, recording }
}

/** Ends the story at the first step that breaks what its machine promises. */
function watched(cluster: Cluster): void {
  const { world, profile, options } = cluster
  const watch = new Watch(world, profile, membersOf(options))
  world.observe(watch.see)
  cluster.look(() => {
    if (watch.breach !== undefined) throw new Unkept(inWords(watch.breach))
  })
}

/** A cluster that was treated badly has long back-offs behind it. */
const SETTLED = {
  sentence: 'everything has come to what was asked',
  condition: (cluster: Cluster) => cluster.revision > 0 && unsettled(cluster).length === 0,
  within: '20m',
}

/** What a story does, one thing after another, but for what is left out. What is done inside of one is part of it. */
class Doings {
  readonly begun: number[] = []
  readonly waits = new Set<number>()
  private isInside = false
  private readonly cluster: Cluster
  private readonly script: Script | undefined

  constructor(cluster: Cluster, script: Script | undefined) {
    this.cluster = cluster
    this.script = script
  }

  /** @returns what came of it; undefined when it is left out */
  do<T>(doing: () => T): T {
    if (this.isInside) return doing()
    const { cluster, script, begun } = this
    const begin = script === undefined || script.without.has(begun.length) ? undefined : script.begin[begun.length]
    if (begin !== undefined) cluster.run(Math.max(0, begin - cluster.now))
    begun.push(cluster.now)
    if (script !== undefined && begin === undefined) return undefined as T
    this.isInside = true
    try {
      return doing()
    } finally {
      this.isInside = false
    }
  }

  /** A doing that only lets time pass. */
  wait(waiting: () => void): void {
    if (!this.isInside) this.waits.add(this.begun.length)
    this.do(waiting)
  }

  /** Every method of it is a doing. */
  by<T extends object>(doer: T): T {
    return new Proxy(doer, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => this.do((): unknown => value.apply(target, given))
      },
    })
  }
}

interface Ending {
  readonly doings: Doings
  readonly broken: string[]
  broke: Broke | undefined
  readonly seen: Record<string, boolean>
  readonly last: { readonly sentence: string; readonly condition: Condition; readonly within: number | string }[]
}
/** Leaves the story when an `always` of it does not hold. */
class Broken extends Error {}
/** Leaves the story when a machine does not keep its promise. */
class Unkept extends Error {}
/** What ends a story without its author being at fault; the rest is thrown on. */
const FAILURES = [
  [Broken, 'always'],
  [Unkept, 'promise'],
  [MachineCrashed, 'promise'],
  [NeverHappened, 'expectation'],
  [KubectlFailed, 'expectation'],
] as const

function told(tell: () => void, ending: Ending, sentence?: string): void {
  try {
    tell()
  } catch (error) {
    const [, broke] = FAILURES.find(([known]) => error instanceof known) ?? []
    if (!(error instanceof Error) || broke === undefined) throw error
    ending.broke ??= broke
    ending.broken.push(sentence === undefined ? error.message : `${sentence} (${error.message})`)
  }
}

const stageOf = (cluster: Cluster, ending: Ending): Stage => ({
  cluster,
  kubectl: ending.doings.by(cluster.kubectl),
  faults: ending.doings.by(cluster.faults),
  apply: (manifests) => ending.doings.do(() => patiently(cluster, () => cluster.apply(manifests))),
  patiently: (command) => ending.doings.do(() => patiently(cluster, command)),
  run: (duration) => ending.doings.wait(() => cluster.run(duration)),
  runUntil: (condition, options) => ending.doings.wait(() => cluster.runUntil(condition, options)),
  always: (sentence, condition) => {
    cluster.look(() => {
      if (cluster.revision > 0 && condition(cluster) === false)
        throw new Broken(`always: ${sentence} (broken at ${cluster.now} ms)`)
    })
  },
  eventually: (sentence, condition, { within } = { within: '10m' }) => {
    toMs(within)
    ending.last.push({ sentence, condition, within })
  },
  sometimes: (sentence, condition) => {
    ending.seen[sentence] ??= false
    cluster.look(() => {
      if (cluster.revision > 0 && condition(cluster) === true) ending.seen[sentence] = true
    })
  },
})

const [AGAIN_MS, PATIENCE_MS] = [5_000, 600_000]
/** What kubectl prints when it is not the request that is wrong; or when an earlier one came through late. */
const OUT_OF_REACH =
  /connect|unavailable|timed? ?out|deadline|no leader|leader changed|too many requests|EOF|reset by peer/i

function patiently<T>(cluster: Cluster, command: () => T): T {
  for (const until = cluster.now + PATIENCE_MS; ; cluster.run(AGAIN_MS)) {
    try {
      return command()
    } catch (error) {
      if (!(error instanceof KubectlFailed) || !OUT_OF_REACH.test(error.message) || cluster.now >= until) throw error
    }
  }
}
