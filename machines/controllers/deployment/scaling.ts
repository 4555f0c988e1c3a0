/**
 * Which size each ReplicaSet is to get: in a rollout, in a re-creation, and when the Deployment itself changes its size
 * (k8s.io/kubernetes/pkg/controller/deployment: rolling.go, recreate.go, sync.go).
 */
import type { Deployment, ReplicaSet } from '../../protocol/objects.ts'
import {
  availableReplicas,
  isActive,
  largestThenNewest,
  largestThenOldest,
  newestFirst,
  oldestFirst,
  replicasOf,
  wantedReplicas,
} from './replica-sets.ts'
import { desiredReplicas, maxReplicas } from './revision.ts'
import { isRecreate, isRollingUpdate, maxSurge, maxUnavailable } from './surge.ts'

/** One write: the ReplicaSet of this name gets this size. */
export interface Scaling {
  readonly name: string
  readonly to: number
}
const scaling = ({ metadata }: ReplicaSet, to: number): Scaling => ({ name: metadata.name, to })

/** NewRSNewReplicas: as much as the surge leaves room for. `current` is the size of the new one, 0 before it is there. */
export function newSize(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const wanted = replicasOf(deployment)
  if (isRecreate(deployment)) return wanted
  const room = wanted + maxSurge(deployment) - wantedReplicas(all)
  return room <= 0 ? current : current + Math.min(room, wanted - current)
}

/** reconcileNewReplicaSet */
export function scaledNew(deployment: Deployment, old: readonly ReplicaSet[], current: ReplicaSet): readonly Scaling[] {
  const size = replicasOf(current)
  const wanted = replicasOf(deployment)
  const to = size > wanted ? wanted : size === wanted ? size : newSize(deployment, [...old, current], size)
  return to === size ? [] : [scaling(current, to)]
}

/**
 * reconcileOldReplicaSets: first what is unhealthy anyway, then as many as the new ones can stand in for. Guarantee:
 * no fewer stay available than `replicas - maxUnavailable`, counting pods of the new set only once they are available.
 */
export function scaledOld(deployment: Deployment, old: readonly ReplicaSet[], current: ReplicaSet): readonly Scaling[] {
  const active = old.filter(isActive).sort(oldestFirst)
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment)
  const notYet = replicasOf(current) - availableReplicas([current])
  const room = wantedReplicas([...active, current]) - minAvailable - notYet
  if (active.length === 0 || room <= 0) return []
  const [unhealthy, sizes] = withoutUnhealthy(active, room)
  return [...unhealthy, ...withoutSurplus(active, sizes, availableReplicas([...active, current]) - minAvailable)]
}

/** cleanupUnhealthyReplicas */
function withoutUnhealthy(
  active: readonly ReplicaSet[],
  room: number,
): readonly [readonly Scaling[], readonly number[]] {
  const scalings: Scaling[] = []
  let left = room
  const sizes = active.map((set) => {
    const size = replicasOf(set)
    const unhealthy = Math.min(left, size - availableReplicas([set]))
    if (unhealthy <= 0) return size
    left -= unhealthy
    scalings.push(scaling(set, size - unhealthy))
    return size - unhealthy
  })
  return [scalings, sizes]
}

/** scaleDownOldReplicaSetsForRollingUpdate */
function withoutSurplus(active: readonly ReplicaSet[], sizes: readonly number[], surplus: number): readonly Scaling[] {
  const scalings: Scaling[] = []
  let left = surplus
  active.forEach((set, i) => {
    const size = sizes[i] as number
    const fewer = Math.min(size, left)
    if (fewer <= 0) return
    left -= fewer
    scalings.push(scaling(set, size - fewer))
  })
  return scalings
}

export const allToZero = (old: readonly ReplicaSet[]): readonly Scaling[] =>
  old.filter(isActive).map((set) => scaling(set, 0))

/** isScalingEvent: an active ReplicaSet was sized for another number of replicas. */
export const isScalingEvent = (deployment: Deployment, sets: readonly ReplicaSet[]): boolean =>
  sets.some((set) => isActive(set) && (desiredReplicas(set) ?? replicasOf(deployment)) !== replicasOf(deployment))

/** DeploymentController.scale */
export function scaledAll(
  deployment: Deployment,
  old: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
): readonly Scaling[] {
  const wanted = replicasOf(deployment)
  const only = activeOrLatest(old, current)
  if (only !== undefined) return replicasOf(only) === wanted ? [] : [scaling(only, wanted)]
  if (current !== undefined && isSaturated(deployment, current)) return allToZero(old)
  return isRollingUpdate(deployment) ? proportionally(deployment, [...old, ...(current ? [current] : [])]) : []
}

/** FindActiveOrLatest: the one that is active, or the newest when none is; undefined when there are several or none. */
function activeOrLatest(old: readonly ReplicaSet[], current: ReplicaSet | undefined): ReplicaSet | undefined {
  const sorted = old.toSorted(newestFirst)
  const active = [...sorted, ...(current ? [current] : [])].filter(isActive)
  if (active.length > 1) return undefined
  return active[0] ?? current ?? sorted[0]
}

/** IsSaturated */
const isSaturated = (deployment: Deployment, current: ReplicaSet): boolean =>
  [replicasOf(current), desiredReplicas(current), availableReplicas([current])].every(
    (count) => count === replicasOf(deployment),
  )

/** What is to be added or taken away is shared out by size; what rounding leaves goes to the largest. */
function proportionally(deployment: Deployment, sets: readonly ReplicaSet[]): readonly Scaling[] {
  const active = sets.filter(isActive)
  const wanted = replicasOf(deployment)
  const toAdd = (wanted > 0 ? wanted + maxSurge(deployment) : 0) - wantedReplicas(active)
  const sorted = toAdd === 0 ? active : active.toSorted(toAdd > 0 ? largestThenNewest : largestThenOldest)
  let added = 0
  const sizes = sorted.map((set) => {
    const share = proportionOf(deployment, set, toAdd, added)
    added += share
    return replicasOf(set) + share
  })
  return sorted.map((set, i) =>
    scaling(set, i === 0 ? Math.max(0, (sizes[0] as number) + toAdd - added) : (sizes[i] as number)),
  )
}

/** GetReplicaSetProportion */
function proportionOf(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  if (toAdd === 0 || toAdd === added) return 0
  const fraction = fractionOf(deployment, set)
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added)
}

function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  const size = replicasOf(set)
  if (replicasOf(deployment) === 0) return -size
  const before = maxReplicas(set) || (deployment.status?.replicas ?? 0)
  if (before === 0) return 0
  const now = replicasOf(deployment) + maxSurge(deployment)
  return Math.floor((size * now) / before + 0.5) - size
}
