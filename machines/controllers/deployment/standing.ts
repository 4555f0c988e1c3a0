/** Where a Deployment stands, from what the caches say, and what it writes of itself while it is synced. */
import { labelsMatch } from '../../lib/selector.ts'
import { orphansOf, type View } from '../../protocol/cache.ts'
import type { Deployment, ReplicaSet } from '../../protocol/objects.ts'
import { type Claim, claims } from '../kit/claims.ts'
import { conditionOf, newCondition, withCondition } from './conditions.ts'
import { hasProgressDeadline } from './progress.ts'
import { newReplicaSetOf, oldReplicaSetsOf, replicasOf } from './replica-sets.ts'
import { highestRevision, REVISION, withRevision, withSizes } from './revision.ts'
import type { Scaling } from './scaling.ts'
import { maxSurge } from './surge.ts'

export const deploymentAt = (key: string, view: View): Deployment | undefined =>
  view['deployments.apps']?.objects.get(key)

/** The ReplicaSets that name the Deployment as their controller. */
export const setsOf = ({ metadata }: Deployment, view: View): readonly ReplicaSet[] =>
  view['replicasets.apps']?.by.owner?.get(metadata.uid ?? '')?.values() ?? []

/** ClaimReplicaSets */
export function setClaims(deployment: Deployment, view: View): readonly Claim<ReplicaSet>[] {
  const { metadata, spec } = deployment
  const index = view['replicasets.apps']?.by.owner
  const matches = (set: ReplicaSet): boolean => labelsMatch(spec.selector, set.metadata.labels ?? {})
  return claims(deployment, index?.get(metadata.uid ?? ''), index?.get(orphansOf(metadata.namespace)), matches)
}

/** The sets after a claim has been settled: as the cache had them, an old version with what is adopted. */
export const claimed = (
  sets: readonly ReplicaSet[],
  { what, object }: Claim<ReplicaSet>,
  adopted: boolean,
): readonly ReplicaSet[] =>
  what === 'adopt' && adopted ? [...sets, object] : sets.filter(({ metadata }) => metadata.uid !== object.metadata.uid)

/** An API object cannot be written with a selector that selects everything, but an old one may have it. */
export const selectsEverything = ({ spec }: Deployment): boolean =>
  Object.keys(spec.selector.matchLabels ?? {}).length + (spec.selector.matchExpressions ?? []).length === 0

/** checkPausedConditions: a pause stops the clock of progress and says so; @returns the same object when it is told. */
export function withPauseTold(deployment: Deployment, at: number): Deployment {
  const known = conditionOf(deployment.status, 'Progressing')
  if (!hasProgressDeadline(deployment) || known?.reason === 'ProgressDeadlineExceeded') return deployment
  const isPaused = deployment.spec.paused === true
  if (isPaused === (known?.reason === 'DeploymentPaused')) return deployment
  const condition = isPaused
    ? newCondition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', at)
    : newCondition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', at)
  return { ...deployment, status: withCondition(deployment.status ?? {}, condition) }
}

/** The new ReplicaSet with the annotations and the minReadySeconds that it should have; the same object when it has. */
export function annotated(deployment: Deployment, sets: readonly ReplicaSet[], current: ReplicaSet): ReplicaSet {
  const revision = highestRevision(oldReplicaSetsOf(deployment, sets)) + 1
  const annotations = withRevision(current.metadata.annotations, deployment, revision)
  const { minReadySeconds = 0 } = deployment.spec
  if (annotations === current.metadata.annotations && minReadySeconds === (current.spec.minReadySeconds ?? 0))
    return current
  const metadata = annotations === undefined ? current.metadata : { ...current.metadata, annotations }
  return { ...current, metadata, spec: { ...current.spec, minReadySeconds } }
}

/** The revision of the new ReplicaSet is the Deployment's; one that was found is progress. The same object when told. */
export function withRevisionTold(deployment: Deployment, sets: readonly ReplicaSet[], at: number): Deployment {
  const current = newReplicaSetOf(deployment, sets)
  if (current === undefined) return deployment
  const numbered = withOwnRevision(deployment, current.metadata.annotations?.[REVISION])
  if (!hasProgressDeadline(deployment) || conditionOf(deployment.status, 'Progressing') !== undefined) return numbered
  const message = `Found new replica set "${current.metadata.name}"`
  return withProgressing(numbered, 'True', 'FoundNewReplicaSet', message, at)
}

/** What the Deployment says of itself once its new ReplicaSet has been made. */
export function withCreationTold(deployment: Deployment, created: ReplicaSet, at: number): Deployment {
  const numbered = withOwnRevision(deployment, created.metadata.annotations?.[REVISION])
  if (!hasProgressDeadline(deployment)) return numbered
  const message = `Created new replica set "${created.metadata.name}"`
  return withProgressing(numbered, 'True', 'NewReplicaSetCreated', message, at)
}

export const creationFailure = (name: string, message: string): string =>
  `Failed to create new replica set "${name}": ${message}`

export const withFailureTold = (deployment: Deployment, message: string, at: number): Deployment =>
  withProgressing(deployment, 'False', 'ReplicaSetCreateError', message, at)

export const withCollision = (deployment: Deployment): Deployment => ({
  ...deployment,
  status: { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 },
})

function withProgressing(
  deployment: Deployment,
  status: 'True' | 'False',
  reason: string,
  message: string,
  at: number,
): Deployment {
  const condition = newCondition('Progressing', status, reason, message, at)
  return { ...deployment, status: withCondition(deployment.status ?? {}, condition) }
}

function withOwnRevision(deployment: Deployment, revision: string | undefined): Deployment {
  const { metadata } = deployment
  if (revision === undefined || metadata.annotations?.[REVISION] === revision) return deployment
  return { ...deployment, metadata: { ...metadata, annotations: { ...metadata.annotations, [REVISION]: revision } } }
}

/** A ReplicaSet of another size; the same object when it has that size and says so. */
export function resized(deployment: Deployment, set: ReplicaSet, to: number): ReplicaSet {
  const wanted = replicasOf(deployment)
  const annotations = withSizes(set.metadata.annotations, wanted, wanted + maxSurge(deployment))
  const isSized = Object.entries(annotations).every(([name, value]) => set.metadata.annotations?.[name] === value)
  if (isSized && replicasOf(set) === to) return set
  return { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas: to } }
}

/** Those that are really to be written. */
export const needed = (
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  scalings: readonly Scaling[],
): readonly Scaling[] =>
  scalings.filter(({ name, to }) => {
    const set = sets.find(({ metadata }) => metadata.name === name)
    return set !== undefined && resized(deployment, set, to) !== set
  })

export const scalingMessage = (name: string, from: number, to: number): string =>
  `Scaled ${from < to ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`
