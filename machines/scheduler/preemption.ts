/**
 * DefaultPreemption, as far as it is arithmetic: who may preempt, on which nodes victims would make room, who they are,
 * and which node costs least (framework/preemption, plugins/defaultpreemption). Evicting them is the chart's business.
 */
import { parseTime } from '../lib/time.ts'
import type { core } from '../protocol/objects.ts'
import { type Filtered, filtersOf, type PreFiltered } from './attempt.ts'
import type { Snapshot } from './cache.ts'
import { adjusted, type Rejection, rejectionOf, type Trial } from './filtering.ts'
import { failed, type Plugin, unresolvable } from './framework.ts'
import type { KnownNode } from './node-info.ts'
import { nodesInOrder } from './node-list.ts'
import { nominatedOn, nominatedTo } from './nominations.ts'
import type { PodInfo } from './pod-info.ts'
import { type PodDisruptionBudget, split } from './policy.ts'
import type { Profile } from './profile.ts'

export interface DefaultPreemptionArgs {
  readonly minCandidateNodesPercentage: number
  readonly minCandidateNodesAbsolute: number
}
/** A node on which the pod would fit without these pods. */
export interface Candidate {
  readonly node: string
  /** The most important first. */
  readonly victims: readonly PodInfo[]
  /** How many of them a PodDisruptionBudget wants to stay. */
  readonly violations: number
}
export interface DryRun {
  readonly candidates: readonly Candidate[]
  /** Why victims would not help, by node. */
  readonly rejected: Readonly<Record<string, Rejection>>
}
export interface Tried {
  readonly pod: PodInfo
  readonly snapshot: Snapshot
  readonly preFiltered: PreFiltered
  readonly filtered: Filtered | undefined
  readonly profile: Profile
}

/** PodEligibleToPreemptOthers: why the pod may not preempt; undefined: it may. */
export function ineligible({ pod, snapshot, preFiltered, filtered }: Tried): string | undefined {
  if (pod.pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.'
  const node = nominatedTo(pod.pod)
  if (node === '') return undefined
  if (codeOf(node, preFiltered, filtered) === 'UnschedulableAndUnresolvable') return undefined
  return hasVictimsLeaving(snapshot.nodes.get(node)?.pods.values() ?? [], pod)
    ? 'not eligible due to a terminating pod on the nominated node.'
    : undefined
}

/** What the filters say of a node; of one that was not looked at, what rejected the pod outright. */
const codeOf = (node: string, { rejection }: PreFiltered, filtered: Filtered | undefined): Rejection['code'] =>
  filtered?.rejected[node]?.code ?? rejection?.code ?? 'UnschedulableAndUnresolvable'

const hasVictimsLeaving = (pods: readonly PodInfo[], { priority }: PodInfo): boolean =>
  pods.some((other) => other.priority < priority && isLeavingAsVictim(other))

/** podTerminatingByPreemption. */
const isLeavingAsVictim = ({ pod: { metadata, status } }: PodInfo): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (status?.conditions ?? []).some(
    ({ type, status, reason }) =>
      type === 'DisruptionTarget' && status === 'True' && reason === 'PreemptionByScheduler',
  )

/** NodesForStatusCode: where removing pods might help. When the pod was rejected outright, maybe everywhere. */
export function nodesToTry({ snapshot, preFiltered: { rejection }, filtered }: Tried): readonly KnownNode[] {
  const nodes = nodesInOrder(snapshot)
  if (filtered === undefined) return rejection?.code === 'Unschedulable' ? nodes : []
  return nodes.filter(({ name }) => filtered.rejected[name]?.code === 'Unschedulable')
}

/**
 * DryRunPreemption: from `offset` on, round the list, until there are enough candidates, one of which breaks no budget.
 */
export function dryRun(tried: Tried, nodes: readonly KnownNode[], offset: number): DryRun {
  const { pod, snapshot, preFiltered, profile } = tried
  const wanted = candidatesWanted(nodes.length, profile.args.DefaultPreemption)
  const filters = filtersOf(preFiltered, profile)
  const budgets = snapshot.budgets.values()
  const innocent: Candidate[] = []
  const violating: Candidate[] = []
  const rejected: Record<string, Rejection> = {}
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(offset + i) % nodes.length] as KnownNode
    const found = victimsOn({ node, states: preFiltered.states }, pod, filters, snapshot, budgets)
    if ('code' in found) rejected[node.name] = found
    else (found.violations === 0 ? innocent : violating).push(found)
    if (innocent.length > 0 && innocent.length + violating.length >= wanted) break
  }
  return { candidates: [...innocent.slice(0, wanted), ...violating.slice(0, wanted)], rejected }
}

/** calculateNumCandidates: a tenth of the nodes, at least 100. */
export const candidatesWanted = (
  nodes: number,
  { minCandidateNodesPercentage, minCandidateNodesAbsolute }: DefaultPreemptionArgs,
): number =>
  Math.min(nodes, Math.max(Math.trunc((nodes * minCandidateNodesPercentage) / 100), minCandidateNodesAbsolute))

/**
 * SelectVictimsOnNode: all pods of lower priority go in thought. If the pod fits then, as many as possible may come
 * back, those first that a budget protects, and among them the most important first.
 */
function victimsOn(
  trial: Trial,
  pod: PodInfo,
  filters: readonly Plugin[],
  snapshot: Snapshot,
  budgets: readonly PodDisruptionBudget[],
): Candidate | Rejection {
  const { name } = trial.node
  const lower = trial.node.pods.values().filter(({ priority }) => priority < pod.priority)
  if (lower.length === 0) return { plugin: '', ...unresolvable('No preemption victims found for incoming pod') }
  let without = lower.reduce((left, other) => adjusted(filters, pod, left, other, -1), trial)
  const rejection = rejectionOf(filters, pod, without, snapshot)
  if (rejection !== undefined) return rejection
  const { violating, others } = split(lower.sort(moreImportantFirst), budgets)
  const victims: PodInfo[] = []
  const reprieve = (other: PodInfo): void => {
    const withIt = adjusted(filters, pod, without, other, 1)
    if (rejectionOf(filters, pod, withIt, snapshot) === undefined) without = withIt
    else victims.push(other)
  }
  violating.forEach(reprieve)
  const violations = victims.length
  others.forEach(reprieve)
  if (victims.length === 0) return { plugin: '', ...failed(`expected at least one victim pod on node "${name}"`) }
  return { node: name, victims: victims.sort(moreImportantFirst), violations }
}

/** util.MoreImportantPod: the higher priority, then the earlier start. */
export const moreImportantFirst = (a: PodInfo, b: PodInfo): number =>
  b.priority - a.priority || compared(startOf(a), startOf(b))

/** GetPodStartTime: a pod that has not started yet starts now, later than all others. */
export function startOf({ pod: { status } }: PodInfo): number {
  const { startTime } = (status ?? {}) as core.PodStatus
  return startTime === undefined ? Number.POSITIVE_INFINITY : parseTime(startTime)
}
const compared = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

/** pickOneNodeForPreemption: the candidates that nothing distinguishes from the best. */
export function cheapest(candidates: readonly Candidate[]): readonly Candidate[] {
  let left = candidates
  for (const cost of COSTS) {
    if (left.length <= 1) return left
    const costs = left.map(cost)
    const least = costs.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    left = left.filter((_, i) => costs[i] === least)
  }
  return left
}

/** The first decides; each next only among those that are still equal. */
const COSTS: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => violations,
  ({ victims }) => (victims[0] as PodInfo).priority,
  // As if every priority were positive, so that fewer victims of a negative priority are cheaper than more.
  ({ victims }) => victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
  ({ victims }) => victims.length,
  ({ victims }) => -earliestStart(victims),
]

/** GetEarliestPodStartTime, among the victims of the highest priority. */
function earliestStart(victims: readonly PodInfo[]): number {
  const { priority } = victims[0] as PodInfo
  return victims.reduce(
    (earliest, victim) => (victim.priority === priority ? Math.min(earliest, startOf(victim)) : earliest),
    Number.POSITIVE_INFINITY,
  )
}

/** getLowerPriorityNominatedPods: they may not fit any more once the pod is there. */
export const displacedBy = (pod: PodInfo, node: string, { nominations }: Snapshot): readonly PodInfo[] =>
  nominatedOn(nominations, node)
    .values()
    .filter(({ priority }) => priority < pod.priority)
