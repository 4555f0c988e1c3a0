/** What must hold of a scheduler after each of its steps; for the runtime to check. */

import { filtersOf, preFiltered } from './attempt.ts'
import type { Placed } from './cache.ts'
import type { SchedulerContext } from './cycle.ts'
import { rejectionOf } from './filtering.ts'
import { isKnown } from './node-info.ts'
import { DEFAULT_PROFILE } from './profile.ts'

export interface Invariant {
  /** The machine that it is about. */
  readonly machine: string
  /** A sentence in the present. */
  readonly says: string
  readonly holds: (before: SchedulerContext, after: SchedulerContext) => boolean
}

export const invariants: readonly Invariant[] = [
  {
    machine: 'scheduler',
    says: 'the scheduler binds only where its own cache says it fits',
    holds: (before, after) => newlyAssumed(before, after).every((place) => fits(place, before)),
  },
  {
    machine: 'scheduler',
    says: 'a pod lies in one lane of the scheduling queue',
    holds: (_, { queue }) => queue.active.size + queue.backingOff.size + queue.unschedulable.size <= queue.pods.size,
  },
]

/** Only a pod whose binding cycle began in this step can be newly assumed. */
function newlyAssumed(before: SchedulerContext, after: SchedulerContext): readonly Placed[] {
  const key = before.attempt?.key
  const place = key === undefined ? undefined : after.cache.placed.get(key)
  if (key === undefined || place?.assumed !== true || before.cache.placed.get(key) === place) return []
  return [place]
}

function fits({ info, node }: Placed, { cache, attempt }: SchedulerContext): boolean {
  const there = cache.nodes.get(node)
  if (there === undefined || !isKnown(there)) return false
  const profile = attempt?.profile ?? DEFAULT_PROFILE
  const pre = preFiltered(info, cache, profile)
  return (
    pre.rejection === undefined &&
    rejectionOf(filtersOf(pre, profile), info, { node: there, states: pre.states }, cache) === undefined
  )
}
