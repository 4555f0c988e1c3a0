/** What must hold of a scheduler after each of its steps. */
import type { Invariant } from '../protocol/invariants.ts'
import { filtersOf, preFiltered } from './attempt.ts'
import type { Placed } from './cache.ts'
import type { SchedulerContext } from './cycle.ts'
import { rejectionOf } from './filtering.ts'
import { isKnown } from './node-info.ts'
import { DEFAULT_PROFILE } from './profile.ts'

export const invariants: readonly Invariant<SchedulerContext>[] = [
  {
    machine: 'scheduler',
    says: 'the scheduler binds only where its own cache says it fits',
    broken: ({ before, after }) => {
      if (before === undefined) return undefined
      for (const [key, place] of newlyAssumed(before, after)) {
        const why = whyNot(place, before)
        if (why !== undefined) return `${key} was placed on ${place.node}, which ${why}`
      }
      return undefined
    },
  },
  {
    machine: 'scheduler',
    says: 'a pod lies in one lane of the scheduling queue',
    broken: ({ after: { queue } }) => {
      const lain = queue.active.size + queue.backingOff.size + queue.unschedulable.size
      return lain <= queue.pods.size ? undefined : `${queue.pods.size} pods lie in ${lain} places`
    },
  },
]

/** Only a pod whose binding cycle began in this step can be newly assumed. */
function newlyAssumed(before: SchedulerContext, after: SchedulerContext): readonly (readonly [string, Placed])[] {
  const key = before.attempt?.key
  const place = key === undefined ? undefined : after.cache.placed.get(key)
  if (key === undefined || place?.assumed !== true || before.cache.placed.get(key) === place) return []
  return [[key, place]]
}

function whyNot({ info, node }: Placed, { cache, attempt }: SchedulerContext): string | undefined {
  const there = cache.nodes.get(node)
  if (there === undefined || !isKnown(there)) return 'is not known'
  const profile = attempt?.profile ?? DEFAULT_PROFILE
  const pre = preFiltered(info, cache, profile)
  if (pre.rejection !== undefined) return 'no filter was to be asked about'
  const rejection = rejectionOf(filtersOf(pre, profile), info, { node: there, states: pre.states }, cache)
  return rejection === undefined ? undefined : `${rejection.plugin} rejects: ${rejection.reasons.join(', ')}`
}
