/**
 * One scheduling attempt, phase by phase: which nodes fit, how they score, which is best (schedule_one.go). Every phase
 * is a plain function of what the phases before found.
 */
import type { Snapshot } from './cache.ts'
import type { Plugin, Verdict } from './framework.ts'
import type { KnownNode } from './node-info.ts'
import { names } from './node-order.ts'
import type { PodInfo } from './pod-info.ts'
import { PLUGINS, type Profile, weightOf } from './profile.ts'
import { feasibleNodesToFind } from './sampling.ts'

export interface Rejection extends Verdict {
  readonly plugin: string
}
export interface PreFiltered {
  /** What each plugin that takes part in filtering noted. */
  readonly states: Readonly<Record<string, unknown>>
  /** Plugins that did not skip, in order. */
  readonly active: readonly string[]
  /** No other nodes can fit, and the plugins that say so. */
  readonly narrowed: { readonly nodes: readonly string[]; readonly by: readonly string[] } | undefined
  /** The pod fits nowhere, or a plugin failed: no node needs to be looked at. */
  readonly rejection: Rejection | undefined
}
export interface Filtered {
  readonly feasible: readonly KnownNode[]
  /** The first plugin that rejected it, by node. */
  readonly rejected: Readonly<Record<string, Rejection>>
  /** Where the next attempt begins to look. */
  readonly next: number
}
export interface Scored {
  /** In the order of the feasible nodes. */
  readonly totals: readonly number[]
  readonly byPlugin: Readonly<Record<string, PluginScores>>
  readonly error: Rejection | undefined
}
export interface PluginScores {
  readonly raw: readonly number[]
  readonly normalized: readonly number[]
}

/** RunPreFilterPlugins. */
export function preFiltered(pod: PodInfo, snapshot: Snapshot): PreFiltered {
  const states: Record<string, unknown> = {}
  const active: string[] = []
  let nodes: readonly string[] | undefined
  const by: string[] = []
  for (const plugin of PLUGINS) {
    const noted = plugin.preFilter?.(pod, snapshot)
    if (noted === undefined || 'skip' in noted) continue
    active.push(plugin.name)
    const narrowed = nodes === undefined ? undefined : { nodes, by }
    if ('verdict' in noted) return { states, active, narrowed, rejection: { plugin: plugin.name, ...noted.verdict } }
    states[plugin.name] = noted.state
    if (noted.nodes === undefined) continue
    const named = noted.nodes
    nodes = nodes === undefined ? named : nodes.filter((name) => named.includes(name))
    by.push(plugin.name)
  }
  return { states, active, narrowed: nodes === undefined ? undefined : { nodes, by }, rejection: undefined }
}

/** findNodesThatPassFilters: from `start` on, round the list, until enough nodes fit. */
export function filtered(
  pod: PodInfo,
  snapshot: Snapshot,
  pre: PreFiltered,
  start: number,
  profile: Profile,
): Filtered {
  const all = names(snapshot.order)
  const narrowed = pre.narrowed && new Set(pre.narrowed.nodes)
  const nodes = narrowed === undefined ? all : all.filter((name) => narrowed.has(name))
  const wanted = feasibleNodesToFind(nodes.length, profile.percentageOfNodesToScore)
  const filters = filtersOf(pre)
  const feasible: KnownNode[] = []
  const rejected: Record<string, Rejection> = {}
  let evaluated = 0
  for (let i = 0; i < nodes.length; i++) {
    const node = snapshot.nodes.get(nodes[(start + i) % nodes.length] as string) as KnownNode
    const rejection = firstRejection(filters, pod, node, pre)
    // As in the real one, the search ends with one more than wanted, which is not taken.
    if (rejection === undefined && feasible.length === wanted) break
    if (rejection === undefined) feasible.push(node)
    else rejected[node.name] = rejection
    evaluated++
  }
  return { feasible, rejected, next: all.length === 0 ? 0 : (start + evaluated) % all.length }
}

/** Plugins that have a Filter and did not skip. */
export const filtersOf = ({ active }: PreFiltered): readonly Plugin[] =>
  PLUGINS.filter(
    ({ name, filter, preFilter }) => filter !== undefined && (preFilter === undefined || active.includes(name)),
  )

export function firstRejection(
  filters: readonly Plugin[],
  pod: PodInfo,
  node: KnownNode,
  { states }: PreFiltered,
): Rejection | undefined {
  for (const plugin of filters) {
    const verdict = plugin.filter?.(pod, node, states[plugin.name])
    if (verdict !== undefined) return { plugin: plugin.name, ...verdict }
  }
  return undefined
}

/** RunPreScorePlugins, RunScorePlugins and the normalizing of their scores. */
export function scored(pod: PodInfo, snapshot: Snapshot, feasible: readonly KnownNode[]): Scored {
  const totals = feasible.map(() => 0)
  const byPlugin: Record<string, PluginScores> = {}
  for (const plugin of PLUGINS) {
    if (plugin.score === undefined) continue
    const noted = plugin.preScore?.(pod, snapshot, feasible) ?? { state: snapshot }
    if ('skip' in noted) continue
    if ('verdict' in noted) return { totals, byPlugin, error: { plugin: plugin.name, ...noted.verdict } }
    const raw = feasible.map((node) => plugin.score?.(pod, node, noted.state) ?? 0)
    const normalized = plugin.normalize?.(raw, noted.state, feasible) ?? raw
    const weight = weightOf(plugin.name)
    normalized.forEach((score, i) => {
      totals[i] = (totals[i] as number) + weight * score
    })
    byPlugin[plugin.name] = { raw, normalized }
  }
  return { totals, byPlugin, error: undefined }
}

/** The nodes with the highest total: selectHost takes any of them. */
export function best(feasible: readonly KnownNode[], totals: readonly number[]): readonly KnownNode[] {
  const most = Math.max(...totals)
  return feasible.filter((_, i) => totals[i] === most)
}
