/** The second half of a scheduling attempt: how the nodes that fit score, and which are best (schedule_one.go). */
import { rememberedBy, signature } from './answers.ts'
import type { Snapshot } from './cache.ts'
import type { Rejection } from './filtering.ts'
import type { KnownNode } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import { DEFAULT_PROFILE, type Profile } from './profile.ts'
import { frameworkOf, type Scoring } from './registry.ts'

export interface Scored {
  /** In the order of the feasible nodes. */
  readonly totals: readonly number[]
  readonly byPlugin: Readonly<Record<string, PluginScores>>
  readonly error: Rejection | undefined
}
export interface PluginScores {
  readonly raw: readonly number[]
  readonly normalized: readonly number[]
  readonly weight: number
}
/** A plugin that takes part, with what it noted first. */
interface Scorer extends Scoring {
  readonly state: unknown
}
/** What is scored: the nodes that fit, of one attempt. */
interface Trial {
  readonly pod: PodInfo
  readonly snapshot: Snapshot
  readonly feasible: readonly KnownNode[]
  readonly profile: Profile
}

/** RunPreScorePlugins, RunScorePlugins and the normalizing of their scores. */
export function scored(
  pod: PodInfo,
  snapshot: Snapshot,
  feasible: readonly KnownNode[],
  profile: Profile = DEFAULT_PROFILE,
): Scored {
  const trial = { pod, snapshot, feasible, profile }
  const { scorers, error } = noted(trial, frameworkOf(profile).score)
  const totals = sums(scorers.filter(isFixed), trial).slice()
  for (const scorer of scorers) if (!isFixed(scorer)) add(totals, pluginScores(scorer, trial))
  const byPlugin = () => Object.fromEntries(scorers.map((one) => [one.plugin.name, pluginScores(one, trial)]))
  return new Outcome(totals, error, byPlugin)
}

/** The totals are asked for at every attempt, what they are made of only by who wants it explained. */
class Outcome implements Scored {
  readonly totals: readonly number[]
  readonly error: Rejection | undefined
  private readonly work: () => Scored['byPlugin']
  private known: Scored['byPlugin'] | undefined

  constructor(totals: readonly number[], error: Rejection | undefined, work: () => Scored['byPlugin']) {
    this.totals = totals
    this.error = error
    this.work = work
  }

  get byPlugin(): Scored['byPlugin'] {
    this.known ??= this.work()
    return this.known
  }
}

/** Those that do not skip, up to the first that fails. */
function noted({ pod, snapshot, feasible }: Trial, plugins: readonly Scoring[]) {
  const scorers: Scorer[] = []
  for (const { plugin, weight } of plugins) {
    const noted = plugin.preScore?.(pod, snapshot, feasible) ?? { state: snapshot }
    if ('verdict' in noted) return { scorers, error: { plugin: plugin.name, ...noted.verdict } }
    if (!('skip' in noted)) scorers.push({ plugin, weight, state: noted.state })
  }
  return { scorers, error: undefined }
}

/** What it says of a node depends on the pod and that node alone: neither on the cluster nor on how others score. */
const isFixed = ({ plugin }: Scorer): boolean => plugin.sign !== undefined && plugin.normalize === undefined

/** The weighted scores of plugins whose scores are fixed, together. */
function sums(scorers: readonly Scorer[], { pod, snapshot, feasible, profile }: Trial): readonly number[] {
  const asked = signature(
    pod,
    scorers.map(({ plugin }) => plugin),
  )
  return sumsBy(profile).ofEach(asked, snapshot, feasible, (node) =>
    scorers.reduce((sum, scorer) => sum + scorer.weight * scoreOf(scorer, pod, node), 0),
  )
}
const sumsBy = rememberedBy<Profile, number>()

function pluginScores(scorer: Scorer, trial: Trial): PluginScores {
  const { plugin, weight, state } = scorer
  const { pod, feasible } = trial
  const raw = plugin.scoreEach?.(pod, feasible, state) ?? keptScores(scorer, trial)
  return { raw, normalized: plugin.normalize?.(raw, state, feasible) ?? raw, weight }
}

/** A plugin that looks at pod and node alone is asked only of nodes that changed. */
const keptScores = (scorer: Scorer, { pod, snapshot, feasible, profile }: Trial): readonly number[] =>
  scoresBy(profile).ofEach(signature(pod, [scorer.plugin]), snapshot, feasible, (node) => scoreOf(scorer, pod, node))
const scoresBy = rememberedBy<Profile, number>()

const scoreOf = ({ plugin, state }: Scorer, pod: PodInfo, node: KnownNode): number =>
  plugin.score?.(pod, node, state) ?? 0

function add(totals: number[], { normalized, weight }: PluginScores): void {
  for (let i = 0; i < totals.length; i++) totals[i] = (totals[i] as number) + weight * (normalized[i] as number)
}

/** The nodes with the highest total: selectHost takes any of them. */
export function best(feasible: readonly KnownNode[], totals: readonly number[]): readonly KnownNode[] {
  let most = Number.NEGATIVE_INFINITY
  for (const total of totals) if (total > most) most = total
  const nodes: KnownNode[] = []
  for (let i = 0; i < totals.length; i++) if (totals[i] === most) nodes.push(feasible[i] as KnownNode)
  return nodes
}
