/** The steps of a preemption once a candidate is chosen: evicting its victims, clearing nominations that are void. */
import { type Address, draw, type Effect, hostOf, spawn } from '../../runtime/contract.ts'
import { admitted } from './client-limit.ts'
import type { Attempt, SchedulerContext } from './cycle.ts'
import { unschedulable } from './cycle.ts'
import type { EvictionFinished, EvictionInput } from './eviction.ts'
import { type Candidate, displacedBy } from './preemption.ts'

/** Any of the cheapest. */
export function candidateTaken(attempt: Attempt, dice: number): Attempt {
  const { pod, snapshot, uid, ordinal, postFiltered } = attempt
  const best = postFiltered?.best ?? []
  const { node, victims } = best[draw(dice, 'candidate', uid ?? attempt.key, ordinal) % best.length] as Candidate
  return {
    ...attempt,
    node,
    nominate: node,
    evicting: victims.map(({ key }) => key),
    displaced: displacedBy(pod, node, snapshot).map((other) => other.pod),
  }
}

/** prepareCandidate: all victims at once, as fast as the client may ask. */
export function evictionsStarted(
  { apiserver, user, recorder, attempt, client }: SchedulerContext,
  self: Address,
  at: number,
): readonly [Partial<SchedulerContext>, readonly Effect[]] {
  const { pod, node, postFiltered } = attempt as Attempt
  const { victims } = postFiltered?.best.find((one) => one.node === node) as Candidate
  const effects: Effect[] = []
  let left = client
  for (const { pod: victim, key } of victims) {
    const [first, after] = admitted(left, at)
    const [second, rest] = admitted(after, at)
    left = rest
    const turns = [at + first, at + second] as const
    const input: EvictionInput = {
      victim,
      key,
      preemptor: pod.pod,
      node: node as string,
      scheduler: self,
      apiserver,
      user,
      recorder,
      turns,
    }
    effects.push(spawn(`eviction/${hostOf(self)}/${key}`, 'eviction', input))
  }
  return [{ client: left }, effects]
}

export const evictionNoted = (attempt: Attempt, { key, error }: EvictionFinished): Attempt => ({
  ...attempt,
  evicting: attempt.evicting.filter((other) => other !== key),
  evictionError: attempt.evictionError ?? error,
})

/** A victim that stays leaves the pod where it was, whoever else is gone; its nomination is left alone. */
export const preemptionFailed = (attempt: Attempt): Attempt => ({
  ...attempt,
  nominate: undefined,
  failure: unschedulable(attempt, `preemption: ${attempt.evictionError}`),
})
