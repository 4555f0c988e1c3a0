/** The status of a ReplicaSet (k8s.io/kubernetes/pkg/controller/replicaset/replica_set_utils.go). */
import { rfc3339 } from '../../lib/time.ts'
import type { apps, ReplicaSet } from '../../protocol/objects.ts'
import { same } from '../kit/same.ts'
import type { Counts } from './counts.ts'

/** Why pods could not be created or deleted, as the API server put it. */
export interface Failure {
  readonly message: string
}
type Condition = apps.ReplicaSetCondition

/** calculateStatus */
export function statusOf(
  set: ReplicaSet,
  { active, ready, available, fullyLabeled }: Counts,
  failure: Failure | undefined,
  at: number,
): apps.ReplicaSetStatus {
  const conditions = conditionsOf(set, active, failure, at)
  return {
    replicas: active,
    ...(fullyLabeled === 0 ? {} : { fullyLabeledReplicas: fullyLabeled }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }),
    ...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
    ...(conditions.length === 0 ? {} : { conditions: [...conditions] }),
  }
}

/** A failure that stands is left as it was first told; one that is over is taken away. */
function conditionsOf(
  { spec, status }: ReplicaSet,
  active: number,
  failure: Failure | undefined,
  at: number,
): readonly Condition[] {
  const known = status?.conditions ?? []
  const stands = known.some(({ type }) => type === 'ReplicaFailure')
  if (failure === undefined) return known.filter(({ type }) => type !== 'ReplicaFailure')
  if (stands) return known
  const wanted = spec.replicas ?? 1
  const reason = active < wanted ? 'FailedCreate' : active > wanted ? 'FailedDelete' : ''
  const { message } = failure
  return [...known, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: rfc3339(at), reason, message }]
}

/** updateReplicaSetStatus writes nothing when this holds. */
export const isReported = (set: ReplicaSet, status: apps.ReplicaSetStatus): boolean => same(set.status, status)

/** The last pods are ready but not yet available: looked at again after minReadySeconds, in case no event comes. */
export function availableAfterMs({ spec }: ReplicaSet, status: apps.ReplicaSetStatus): number | undefined {
  const { minReadySeconds = 0, replicas = 1 } = spec
  const waits = minReadySeconds > 0 && status.readyReplicas === replicas && status.availableReplicas !== replicas
  return waits ? minReadySeconds * 1_000 : undefined
}
