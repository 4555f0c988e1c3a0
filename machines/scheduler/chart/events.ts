/** All that the scheduling loop may be told. */
import { type CallLost, verbs } from '../../../runtime/contract.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { CacheChanged } from '../../protocol/cache.ts'
import type { PermitAnswered } from '../../protocol/extender.ts'
import type { BindingFinished } from '../binding-cycle.ts'
import type { SchedulerContext } from '../cycle.ts'
import type { EvictionFinished } from '../eviction.ts'
import type { ExtendersHeard } from '../extender-round.ts'
import type { VolumesWanted } from '../volume-binding-progress.ts'

export type Events =
  | CacheChanged
  | BindingFinished
  | EvictionFinished
  | ExtendersHeard
  | VolumesWanted
  | PermitAnswered
  | ApiAnswered
  | CallLost

export const { update, ask, decide, when, lasting } = verbs<SchedulerContext, Events>()
