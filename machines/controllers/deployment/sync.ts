/** What a Deployment holds while it is synced, and the events that it hears. */
import type { CallLost } from '../../../runtime/contract.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { CacheTold, ObjectInput, SyncRequested, View } from '../../protocol/cache.ts'
import type { apps, Deployment, ReplicaSet } from '../../protocol/objects.ts'
import type { Claim } from '../kit/claims.ts'
import { newReplicaSetOf, oldReplicaSetsOf } from './replica-sets.ts'
import type { Scaling } from './scaling.ts'

export interface Context extends ObjectInput {
  /** The caches as this sync sees them. */
  readonly view: View | undefined
  /** As it is to be: what it says of itself is changed here first. */
  readonly deployment: Deployment | undefined
  /** The ReplicaSets it has claimed, as last read or written. */
  readonly sets: readonly ReplicaSet[]
  readonly claims: readonly Claim<ReplicaSet>[]
  /** It has made sure at the API server that it may adopt. */
  readonly mayAdopt: boolean
  /** Sizes still to be written. */
  readonly scalings: readonly Scaling[]
  /** Old ReplicaSets still to be removed. */
  readonly forgotten: readonly ReplicaSet[]
  readonly oldPodsRun: boolean
  /** Why the new ReplicaSet could not be made. */
  readonly failure: string
  readonly status: apps.DeploymentStatus | undefined
  readonly againAfterMs: number | undefined
}
export type Events = SyncRequested | ApiAnswered | CacheTold | CallLost

export const NOTHING_SEEN = {
  view: undefined,
  deployment: undefined,
  sets: [],
  claims: [],
  mayAdopt: false,
  scalings: [],
  forgotten: [],
  oldPodsRun: false,
  failure: '',
  status: undefined,
  againAfterMs: undefined,
}

export function itself({ deployment }: Context): Deployment {
  if (deployment === undefined) throw new Error('a Deployment is there while it is synced')
  return deployment
}
export const currentOf = (context: Context): ReplicaSet | undefined => newReplicaSetOf(itself(context), context.sets)
export const oldOf = (context: Context): readonly ReplicaSet[] => oldReplicaSetsOf(itself(context), context.sets)

export function firstOf<T>(list: readonly T[], what: string): T {
  const first = list[0]
  if (first === undefined) throw new Error(`${what} is left`)
  return first
}
