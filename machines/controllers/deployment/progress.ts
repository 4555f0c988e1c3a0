/** The status of a Deployment and how its rollout gets on (k8s.io/kubernetes/pkg/controller/deployment/progress.go). */
import { joined } from '../../lib/joined.ts'
import { parseTime } from '../../lib/time.ts'
import type { apps, Deployment, ReplicaSet } from '../../protocol/objects.ts'
import { conditionOf, newCondition, withCondition, withoutCondition } from './conditions.ts'
import { actualReplicas, availableReplicas, readyReplicas, replicasOf, wantedReplicas } from './replica-sets.ts'
import { maxUnavailable } from './surge.ts'

type Status = apps.DeploymentStatus
type Sets = readonly ReplicaSet[]

/** A deadline of the greatest number there is means none. */
export const hasProgressDeadline = ({ spec }: Deployment): boolean =>
  spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== 2_147_483_647

/** calculateStatus */
export function statusOf(deployment: Deployment, all: Sets, current: ReplicaSet | undefined, at: number): Status {
  const available = availableReplicas(all)
  const counts: Readonly<Record<string, number>> = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: actualReplicas(all),
    updatedReplicas: current === undefined ? 0 : actualReplicas([current]),
    readyReplicas: readyReplicas(all),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wantedReplicas(all) - available),
  }
  const status = told(counts, deployment.status)
  const isEnough = available >= replicasOf(deployment) - maxUnavailable(deployment)
  return withCondition(
    status,
    isEnough
      ? newCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', at)
      : newCondition(
          'Available',
          'False',
          'MinimumReplicasUnavailable',
          'Deployment does not have minimum availability.',
          at,
        ),
  )
}

/** Go leaves out zeros; collisions and conditions stay as they were. */
function told(counts: Readonly<Record<string, number>>, { collisionCount, conditions }: Status = {}): Status {
  const status: Record<string, unknown> = {}
  for (const name in counts) if (counts[name] !== 0) status[name] = counts[name]
  if (collisionCount !== undefined) status.collisionCount = collisionCount
  if (conditions !== undefined) status.conditions = conditions
  return status
}

/** syncRolloutStatus: the status with what it says of the rollout. */
export function rolloutStatusOf(
  deployment: Deployment,
  all: Sets,
  current: ReplicaSet | undefined,
  at: number,
): Status {
  const counted = statusOf(deployment, all, current, at)
  const judged = hasProgressDeadline(deployment)
    ? withProgress(deployment, counted, current, at)
    : withoutCondition(counted, 'Progressing')
  const failure = failureOf(all, current)
  return failure === undefined ? withoutCondition(judged, 'ReplicaFailure') : withCondition(judged, failure)
}

function withProgress(deployment: Deployment, status: Status, current: ReplicaSet | undefined, at: number): Status {
  const known = conditionOf(deployment.status, 'Progressing')
  const isOver = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && known?.reason === 'NewReplicaSetAvailable'
  if (isOver) return status
  const what =
    current === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${current.metadata.name}"`
  const condition = (state: 'True' | 'False', reason: string, text: string) =>
    newCondition('Progressing', state, reason, `${what} ${text}`, at)
  if (isComplete(deployment, status))
    return withCondition(status, condition('True', 'NewReplicaSetAvailable', 'has successfully progressed.'))
  if (isProgressing(deployment, status)) {
    // Replaced even when it says the same, so that its update time is that of the last progress.
    const transition = known?.status === 'True' ? known.lastTransitionTime : undefined
    const fresh = condition('True', 'ReplicaSetUpdated', 'is progressing.')
    return withCondition(
      withoutCondition(status, 'Progressing'),
      transition === undefined ? fresh : { ...fresh, lastTransitionTime: transition },
    )
  }
  if (isTimedOut(deployment, status, at))
    return withCondition(status, condition('False', 'ProgressDeadlineExceeded', 'has timed out progressing.'))
  return status
}

/** DeploymentComplete */
export function isComplete(deployment: Deployment, status: Status | undefined): boolean {
  const wanted = replicasOf(deployment)
  const { updatedReplicas = 0, replicas = 0, availableReplicas: available = 0, observedGeneration = 0 } = status ?? {}
  return (
    updatedReplicas === wanted &&
    replicas === wanted &&
    available === wanted &&
    observedGeneration >= (deployment.metadata.generation ?? 0)
  )
}

/** DeploymentProgressing: more pods are new, fewer are old, more are ready or available than was last reported. */
function isProgressing({ status: before }: Deployment, now: Status): boolean {
  const old = (status: Status | undefined): number => (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0)
  return (
    (now.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before?.availableReplicas ?? 0)
  )
}

/** DeploymentTimedOut */
function isTimedOut(deployment: Deployment, status: Status, at: number): boolean {
  const known = conditionOf(status, 'Progressing')
  if (known === undefined || known.reason === 'NewReplicaSetAvailable') return false
  return known.reason === 'ProgressDeadlineExceeded' || deadlineOf(deployment, known.lastUpdateTime) < at
}

const deadlineOf = ({ spec }: Deployment, lastUpdate: string | undefined): number =>
  parseTime(lastUpdate ?? '') + (spec.progressDeadlineSeconds ?? 0) * 1_000

/** The failure of the new ReplicaSet before that of an old one. */
function failureOf(all: Sets, current: ReplicaSet | undefined): apps.DeploymentCondition | undefined {
  for (const { status } of current === undefined ? all : [current, ...all]) {
    const condition = status?.conditions?.find(({ type }) => type === 'ReplicaFailure')
    if (condition === undefined) continue
    const { lastTransitionTime } = condition
    return lastTransitionTime === undefined ? condition : joined(condition, { lastUpdateTime: lastTransitionTime })
  }
  return undefined
}

/**
 * requeueStuckDeployment: when to look again whether the deadline has passed; undefined: not at all. "At once" goes
 * through the rate-limited queue, whose bucket gives ten a second in the long run.
 */
export function checkedAgainAfterMs(deployment: Deployment, at: number): number | undefined {
  const known = conditionOf(deployment.status, 'Progressing')
  if (!hasProgressDeadline(deployment) || known === undefined) return undefined
  if (isComplete(deployment, deployment.status) || known.reason === 'ProgressDeadlineExceeded') return undefined
  const left = deadlineOf(deployment, known.lastUpdateTime) - at
  return left < 1_000 ? RATE_LIMITED_MS : left + 1_000
}
const RATE_LIMITED_MS = 100
