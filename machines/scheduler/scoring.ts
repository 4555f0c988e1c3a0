/** The second half of a scheduling attempt: how the nodes that fit score, and which are best (schedule_one.go). */
import { NOWHERE, rememberedBy, signature } from './answers.ts'
import type { Snapshot } from './cache.ts'
import type { Rejection } from './filtering.ts'
import type { KnownNode } from './node-info.ts'
import { nodesInOrder, placesIn } from './node-list.ts'
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

/** RunPreScorePlugins, RunScorePlugins and the normalizing of their scores. */
export function scored(
  pod: PodInfo,
  snapshot: Snapshot,
  feasible: readonly KnownNode[],
  profile: Profile = DEFAULT_PROFILE,
): Scored {
  const { scorers, error } = noted(pod, snapshot, feasible, frameworkOf(profile).score)
  const rawOf = rawScores(pod, feasible, placesIn(nodesInOrder(snapshot), feasible), scorers, profile)
  const totals = feasible.map(() => 0)
  const byPlugin: Record<string, PluginScores> = {}
  for (const scorer of scorers) {
    const { plugin, weight, state } = scorer
    const raw = rawOf(scorer)
    const normalized = plugin.normalize?.(raw, state, feasible) ?? raw
    for (let i = 0; i < totals.length; i++) totals[i] = (totals[i] as number) + weight * (normalized[i] as number)
    byPlugin[plugin.name] = { raw, normalized, weight }
  }
  return { totals, byPlugin, error }
}

/** Those that do not skip, up to the first that fails. */
function noted(pod: PodInfo, snapshot: Snapshot, feasible: readonly KnownNode[], plugins: readonly Scoring[]) {
  const scorers: Scorer[] = []
  for (const { plugin, weight } of plugins) {
    const noted = plugin.preScore?.(pod, snapshot, feasible) ?? { state: snapshot }
    if ('verdict' in noted) return { scorers, error: { plugin: plugin.name, ...noted.verdict } }
    if (!('skip' in noted)) scorers.push({ plugin, weight, state: noted.state })
  }
  return { scorers, error: undefined }
}

/** Plugins that look at pod and node alone are asked together, of nodes that changed; the others of every node. */
function rawScores(
  pod: PodInfo,
  feasible: readonly KnownNode[],
  places: readonly number[],
  scorers: readonly Scorer[],
  profile: Profile,
): (scorer: Scorer) => readonly number[] {
  const alone = scorers.filter(({ plugin }) => plugin.sign !== undefined)
  const answers = rowsOf(profile).to(
    signature(
      pod,
      alone.map(({ plugin }) => plugin),
    ),
  )
  const ask = (node: KnownNode) => alone.map((scorer) => scoreOf(scorer, pod, node, NOWHERE))
  const rows = feasible.map((node, i) => answers.of(places[i] as number, node, ask))
  return (scorer) => {
    const column = alone.indexOf(scorer)
    return column < 0
      ? feasible.map((node, i) => scoreOf(scorer, pod, node, i))
      : rows.map((row) => row[column] as number)
  }
}
const scoreOf = (
  { plugin, state }: Pick<Scorer, 'plugin' | 'state'>,
  pod: PodInfo,
  node: KnownNode,
  i: number,
): number => plugin.score?.(pod, node, state, i) ?? 0

const rowsOf = rememberedBy<Profile, KnownNode, readonly number[]>()

/** The nodes with the highest total: selectHost takes any of them. */
export function best(feasible: readonly KnownNode[], totals: readonly number[]): readonly KnownNode[] {
  const most = totals.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return feasible.filter((_, i) => totals[i] === most)
}
