/** Which old ReplicaSets are of no use any more (DeploymentController.cleanupDeployment). */
import type { Deployment, ReplicaSet } from '../../protocol/objects.ts'
import { lowestRevisionFirst, replicasOf } from './replica-sets.ts'

/** Beyond `revisionHistoryLimit`, from the lowest revision on: those of them that are empty and have been seen to be. */
export function forgotten({ spec }: Deployment, old: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const limit = spec.revisionHistoryLimit
  if (limit === undefined || limit === 2_147_483_647) return []
  const alive = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  return alive
    .toSorted(lowestRevisionFirst)
    .slice(0, Math.max(0, alive.length - limit))
    .filter(isEmpty)
}

const isEmpty = (set: ReplicaSet): boolean =>
  (set.status?.replicas ?? 0) === 0 &&
  replicasOf(set) === 0 &&
  (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0)
