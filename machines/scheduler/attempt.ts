/**
 * The first half of a scheduling attempt: which nodes fit (schedule_one.go). Every phase is a plain function of what the
 * phases before found.
 */
import type { Snapshot } from './cache.ts'
import { judgeOf, type Rejection, rejectionOf } from './filtering.ts'
import type { Plugin } from './framework.ts'
import { isKnown, type KnownNode } from './node-info.ts'
import { NOWHERE, nodesAt, nodesInOrder } from './node-list.ts'
import { nominatedTo } from './nominations.ts'
import type { PodInfo } from './pod-info.ts'
import { DEFAULT_PROFILE, type Profile } from './profile.ts'
import { frameworkOf } from './registry.ts'
import { feasibleNodesToFind } from './sampling.ts'

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
  /** It fits the node that it is nominated to, so no other was looked at. */
  readonly asNominated: boolean
  /** A plugin failed: that is no rejection, and ends the attempt. */
  readonly error: Rejection | undefined
}
const known = new WeakMap<Snapshot, { pod: PodInfo; profile: Profile; found: PreFiltered }>()

/** RunPreFilterPlugins. Remembered for the pod in hand: the phases after it ask again. */
export function preFiltered(pod: PodInfo, snapshot: Snapshot, profile: Profile = DEFAULT_PROFILE): PreFiltered {
  const last = known.get(snapshot)
  if (last?.pod === pod && last.profile === profile) return last.found
  const found = noted(pod, snapshot, frameworkOf(profile).preFilter)
  known.set(snapshot, { pod, profile, found })
  return found
}

function noted(pod: PodInfo, snapshot: Snapshot, plugins: readonly Plugin[]): PreFiltered {
  const states: Record<string, unknown> = {}
  const active: string[] = []
  let nodes: readonly string[] | undefined
  const by: string[] = []
  for (const plugin of plugins) {
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

/** findNodesThatFitPod: the nominated node first; if the pod does not fit it, all. */
export function filtered(
  pod: PodInfo,
  snapshot: Snapshot,
  pre: PreFiltered,
  start: number,
  profile: Profile = DEFAULT_PROFILE,
): Filtered {
  const nominated = snapshot.nodes.get(nominatedTo(pod.pod))
  if (nominated !== undefined && isKnown(nominated)) {
    const rejection = rejectionOf(filtersOf(pre, profile), pod, { node: nominated, states: pre.states }, snapshot)
    if (rejection === undefined)
      return { feasible: [nominated], rejected: {}, next: start, asNominated: true, error: undefined }
  }
  return search(pod, snapshot, pre, start, profile)
}

/** findNodesThatPassFilters: from `start` on, round the list, until enough nodes fit. */
export function search(
  pod: PodInfo,
  snapshot: Snapshot,
  pre: PreFiltered,
  start: number,
  profile: Profile = DEFAULT_PROFILE,
): Filtered {
  const { narrowed } = pre
  const judge = judgeOf({ filters: filtersOf(pre, profile), pod, states: pre.states, snapshot, profile })
  const all = nodesInOrder(snapshot)
  const named = narrowed && new Set(narrowed.nodes)
  const nodes = named === undefined ? all : all.filter(({ name }) => named.has(name))
  const wanted = feasibleNodesToFind(nodes.length, profile.percentageOfNodesToScore)
  const fitting: number[] = []
  const rejected: Record<string, Rejection> = {}
  let evaluated = 0
  let error: Rejection | undefined
  for (let i = 0; i < nodes.length; i++) {
    const place = (start + i) % nodes.length
    const node = nodes[place] as KnownNode
    const rejection = judge(node, named === undefined ? place : NOWHERE)
    // As in the real one, the search ends with one more than wanted, which is not taken.
    if (rejection === undefined && fitting.length === wanted) break
    if (rejection?.code === 'Error') error ??= rejection
    if (rejection === undefined) fitting.push(place)
    else rejected[node.name] = rejection
    evaluated++
  }
  const next = all.length === 0 ? 0 : (start + evaluated) % all.length
  return { feasible: nodesAt(nodes, fitting), rejected, next, asNominated: false, error }
}

/** Plugins that have a Filter and did not skip. */
export const filtersOf = ({ active }: PreFiltered, profile: Profile = DEFAULT_PROFILE): readonly Plugin[] =>
  frameworkOf(profile).filter.filter(({ name, preFilter }) => preFilter === undefined || active.includes(name))
