/** The steps of an attempt in which extenders have a say: what they are asked about, and what follows from it. */
import { type Address, type Effect, hostOf, spawn } from '../../runtime/contract.ts'
import type { Filtered } from './attempt.ts'
import type { Attempt, SchedulerContext } from './cycle.ts'
import { unschedulable } from './cycle.ts'
import { askedIn, EXTENDER, type Preempting, type Round } from './extender.ts'
import type { ExtenderRoundInput, ExtendersHeard } from './extender-round.ts'
import type { Rejection } from './filtering.ts'
import type { PodInfo } from './pod-info.ts'
import { type Candidate, cheapest } from './preemption.ts'

/** Is anybody asked in this phase? */
export const haveASay = ({ extenders, attempt }: SchedulerContext, phase: Round['phase']): boolean =>
  extenders.length > 0 && attempt !== undefined && askedIn(phase, extenders, attempt.pod.pod).length > 0

/** They are asked by an actor of their own; the loop waits for it. */
export function roundStarted({ extenders, attempt }: SchedulerContext, self: Address, round: Round): readonly Effect[] {
  const { pod } = (attempt as Attempt).pod
  const input: ExtenderRoundInput = { pod, round, extenders: askedIn(round.phase, extenders, pod), scheduler: self }
  return [spawn(`extender-round/${hostOf(self)}`, 'extender-round', input)]
}

export const nodesAsked = ({ filtered }: Attempt) => (filtered?.feasible ?? []).map(({ node }) => node)

/** findNodesThatPassExtenders. */
export function filteredOutside(attempt: Attempt, { round, error }: ExtendersHeard): Attempt {
  if (error !== undefined) return { ...attempt, nominate: '', failure: { reason: 'SchedulerError', message: error } }
  if (round.phase !== 'filter') return attempt
  const before = attempt.filtered as Filtered
  const left = new Set(round.nodes.map(({ metadata }) => metadata.name))
  const feasible = before.feasible.filter(({ name }) => left.has(name))
  const rejected: Record<string, Rejection> = { ...before.rejected }
  for (const [node, { code, reason }] of Object.entries(round.refused))
    rejected[node] = { plugin: EXTENDER, code, reasons: [reason] }
  return { ...attempt, filtered: { ...before, feasible, rejected } }
}

export const scoredOutside = (attempt: Attempt, { round }: ExtendersHeard): Attempt =>
  round.phase === 'prioritize' ? { ...attempt, outsideScores: round.scores } : attempt

export function victimsAsked({ postFiltered }: Attempt): Preempting {
  const victims = (postFiltered?.candidates ?? []).map(({ node, victims: pods, violations }) => {
    return [node, { pods: pods.map(({ pod }) => pod), violations }] as const
  })
  return { phase: 'preempt', victims: Object.fromEntries(victims) }
}

/** callExtenders: what is left of the candidates. */
export function consulted(attempt: Attempt, { round, error }: ExtendersHeard): Attempt {
  const before = attempt.postFiltered
  if (before === undefined || round.phase !== 'preempt') return attempt
  const candidates = before.candidates.flatMap((one) => sparing(one, round) ?? [])
  if (error === undefined && candidates.length > 0)
    return { ...attempt, postFiltered: { ...before, candidates, best: cheapest(candidates) } }
  const message = `preemption: ${error ?? 'no candidate node for preemption'}`
  const failure = unschedulable(attempt, message)
  return { ...attempt, failure, postFiltered: { ...before, message, candidates: [], best: [] } }
}

function sparing(candidate: Candidate, { victims }: Preempting): Candidate | undefined {
  const told = victims[candidate.node]
  if (told === undefined) return undefined
  const uids = new Set(told.pods.map(({ metadata }) => metadata.uid))
  const left = candidate.victims.filter(({ pod }: PodInfo) => uids.has(pod.metadata.uid))
  return { ...candidate, victims: left, violations: told.violations }
}
