/**
 * Why a pod goes where it goes: what every plugin says of every node, each score raw, normalized and weighted. Worked
 * out when somebody asks, from what the scheduler knows; nothing is kept for it.
 */
import type { Pod } from '../protocol/objects.ts'
import { type Filtered, filtered, filtersOf, type PreFiltered, preFiltered } from './attempt.ts'
import { type Cache, podGone } from './cache.ts'
import { fitError, NO_NODES } from './diagnosis.ts'
import { firstRejection, type Rejection, rejectionOf } from './filtering.ts'
import type { Plugin, Verdict } from './framework.ts'
import type { KnownNode } from './node-info.ts'
import { nodesInOrder } from './node-list.ts'
import { type PodInfo, podInfoOf } from './pod-info.ts'
import { postFiltered } from './post-filter.ts'
import { DEFAULT_PROFILE, type Profile } from './profile.ts'
import { frameworkOf } from './registry.ts'
import { best, type Scored, scored } from './scoring.ts'

/** What a decision depends on; a scheduler's context has it all. */
export interface Deciding {
  readonly cache: Cache
  readonly profiles: readonly Profile[]
  /** Where it would begin to look for nodes. */
  readonly nextNode: number
}
export interface Explanation {
  /** `namespace/name`. */
  readonly pod: string
  /** The profile's scheduler name. */
  readonly profile: string
  /** It is not even queued. */
  readonly gated: Rejection | undefined
  /** Plugins that noted something before any node was looked at, or rejected the pod outright. */
  readonly preFilter: Readonly<Record<string, 'passed' | 'skipped' | Verdict>>
  /** In the order in which they are looked at. */
  readonly nodes: readonly NodeExplained[]
  /** Any of these is taken. */
  readonly best: readonly string[]
  /** It went to the node that it was nominated to: no other was asked. */
  readonly asNominated: boolean
  /** Why it goes nowhere; undefined: it goes. */
  readonly message: string | undefined
  /** Whom it would evict, and where. */
  readonly preemption: readonly PreemptionExplained[]
}
export interface NodeExplained {
  readonly node: string
  readonly fits: boolean
  /** Enough other nodes fit: this one was not looked at. */
  readonly passedOver: boolean
  /** By plugin, in their order: what each of them says on its own. */
  readonly filter: Readonly<Record<string, 'passed' | Verdict>>
  /** It would fit, were it not for pods that are nominated to the node. */
  readonly besideNominated: Rejection | undefined
  /** Of nodes that fit, unless there is but one. */
  readonly scores: Readonly<Record<string, ScoreExplained>>
  readonly total: number | undefined
}
export interface ScoreExplained {
  readonly raw: number
  readonly normalized: number
  readonly weight: number
  readonly weighted: number
}
export interface PreemptionExplained {
  readonly node: string
  readonly victims: readonly string[]
  readonly violations: number
  /** It costs least: any of these is taken. */
  readonly best: boolean
}

/** @param asked a pod that waits, that is new, or that runs: then as if it had to be placed again */
export function explain({ cache, profiles, nextNode }: Deciding, asked: Pod): Explanation {
  const pod = podInfoOf(unplaced(asked))
  const profile =
    profiles.find(({ schedulerName }) => schedulerName === asked.spec.schedulerName) ?? profiles[0] ?? DEFAULT_PROFILE
  const snapshot = podGone(cache, pod.key)
  const pre = preFiltered(pod, snapshot, profile)
  const found = pre.rejection === undefined ? filtered(pod, snapshot, pre, nextNode, profile) : undefined
  const feasible = found?.feasible ?? []
  const scores = feasible.length > 1 ? scored(pod, snapshot, feasible, profile) : undefined
  return {
    pod: pod.key,
    profile: profile.schedulerName,
    gated: gateOf(pod, profile),
    preFilter: preFilterOf(pod, snapshot, pre, profile),
    nodes: nodesInOrder(snapshot).map((node) => nodeExplained(node, { pod, snapshot, pre, profile, found, scores })),
    best: (scores === undefined ? feasible : best(feasible, scores.totals)).map(({ name }) => name),
    asNominated: found?.asNominated ?? false,
    ...failure({ pod, snapshot, pre, profile, found, scores }),
  }
}

/** A bound pod goes to its node alone: that is not what is asked. */
function unplaced(pod: Pod): Pod {
  const { nodeName: _, ...spec } = pod.spec
  return pod.spec.nodeName === undefined ? pod : { ...pod, spec }
}

interface Decided {
  readonly pod: PodInfo
  readonly snapshot: Cache
  readonly pre: PreFiltered
  readonly profile: Profile
  readonly found: Filtered | undefined
  readonly scores: Scored | undefined
}

function gateOf(pod: PodInfo, profile: Profile): Rejection | undefined {
  for (const { name, preEnqueue } of frameworkOf(profile).preEnqueue) {
    const verdict = preEnqueue?.(pod)
    if (verdict !== undefined) return { plugin: name, ...verdict }
  }
  return undefined
}

function preFilterOf(
  pod: PodInfo,
  snapshot: Cache,
  { active }: PreFiltered,
  profile: Profile,
): Explanation['preFilter'] {
  const said: Record<string, 'passed' | 'skipped' | Verdict> = {}
  for (const { name, preFilter } of frameworkOf(profile).preFilter) {
    if (!active.includes(name)) {
      said[name] = 'skipped'
      continue
    }
    const noted = preFilter?.(pod, snapshot)
    const verdict = noted !== undefined && 'verdict' in noted ? noted.verdict : undefined
    said[name] = verdict ?? 'passed'
    // Who comes later is not asked.
    if (verdict !== undefined) break
  }
  return said
}

function nodeExplained(node: KnownNode, { pod, snapshot, pre, profile, found, scores }: Decided): NodeExplained {
  const place = found?.feasible.findIndex(({ name }) => name === node.name) ?? -1
  const filters = pre.rejection === undefined ? filtersOf(pre, profile) : []
  const trial = { node, states: pre.states }
  const alone = firstRejection(filters, pod, trial)
  const beside = alone === undefined ? rejectionOf(filters, pod, trial, snapshot) : undefined
  const narrowedAway = pre.narrowed !== undefined && !pre.narrowed.nodes.includes(node.name)
  const fits = pre.rejection === undefined && !narrowedAway && alone === undefined && beside === undefined
  return {
    node: node.name,
    fits,
    passedOver: fits && place < 0,
    filter: Object.fromEntries(filters.map((plugin) => [plugin.name, said(plugin, pod, node, pre)])),
    besideNominated: beside,
    scores: place < 0 ? {} : scoresAt(place, scores),
    total: place < 0 ? undefined : scores?.totals[place],
  }
}

const said = (plugin: Plugin, pod: PodInfo, node: KnownNode, { states }: PreFiltered): 'passed' | Verdict =>
  plugin.filter?.(pod, node, states[plugin.name]) ?? 'passed'

const scoresAt = (place: number, scores: Scored | undefined): NodeExplained['scores'] =>
  Object.fromEntries(
    Object.entries(scores?.byPlugin ?? {}).map(([plugin, { raw, normalized, weight }]) => {
      const score = normalized[place] as number
      return [plugin, { raw: raw[place] as number, normalized: score, weight, weighted: score * weight }]
    }),
  )

function failure({ pod, snapshot, pre, profile, found, scores }: Decided): Pick<Explanation, 'message' | 'preemption'> {
  const nodes = snapshot.order.places.size
  if (nodes === 0) return { message: NO_NODES, preemption: [] }
  const error = pre.rejection?.code === 'Error' ? pre.rejection : (found?.error ?? scores?.error)
  if (error !== undefined) return { message: `${error.plugin}: ${error.reasons.join(', ')}`, preemption: [] }
  if (found !== undefined && found.feasible.length > 0) return { message: undefined, preemption: [] }
  const after = postFiltered({ pod, snapshot, preFiltered: pre, filtered: found, profile })
  const preemption = after.candidates.map(({ node, victims, violations }) => {
    const isBest = after.best.some((one) => one.node === node)
    return { node, victims: victims.map(({ key }) => key), violations, best: isBest }
  })
  return { message: fitError(nodes, pre, found, after.message), preemption }
}
