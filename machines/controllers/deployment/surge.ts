/** How many pods a rollout may have too many and too few (deployment/util: MaxSurge, MaxUnavailable, ResolveFenceposts). */
import { scaledValue } from '../../lib/int-or-percent.ts'
import type { Deployment } from '../../protocol/objects.ts'
import { replicasOf } from './replica-sets.ts'

export const isRollingUpdate = ({ spec }: Deployment): boolean => spec.strategy?.type === 'RollingUpdate'
export const isRecreate = ({ spec }: Deployment): boolean => spec.strategy?.type === 'Recreate'

export const maxSurge = (deployment: Deployment): number =>
  isRollingUpdate(deployment) ? fenceposts(deployment)[0] : 0

export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment)
  if (!isRollingUpdate(deployment) || replicas === 0) return 0
  return Math.min(fenceposts(deployment)[1], replicas)
}

/** A surge is rounded up, unavailability down; both zero would never move, so one pod may be missing then. */
function fenceposts(deployment: Deployment): readonly [surge: number, unavailable: number] {
  const { maxSurge: surgeText = 0, maxUnavailable: missingText = 0 } = deployment.spec.strategy?.rollingUpdate ?? {}
  const surge = scaledValue(surgeText, replicasOf(deployment), true) ?? 0
  const missing = scaledValue(missingText, replicasOf(deployment), false) ?? 0
  return [surge, surge === 0 && missing === 0 ? 1 : missing]
}
