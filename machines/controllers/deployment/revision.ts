/** Annotations by which a Deployment numbers its ReplicaSets and tells their sizes (deployment/util/deployment_util.go). */
import { joined } from '../../lib/joined.ts'
import type { Deployment, ReplicaSet } from '../../protocol/objects.ts'

export const REVISION = 'deployment.kubernetes.io/revision'
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history'
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas'
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas'

type Annotations = Readonly<Record<string, string>>
/** Those of a Deployment that its ReplicaSets do not get. */
const NOT_COPIED: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.to',
])
/** maxRevHistoryLengthInChars */
const MAX_HISTORY_CHARACTERS = 2_000

/** A revision that is no number counts as none. */
export const revisionOf = ({ metadata }: ReplicaSet | Deployment): number =>
  wholeNumber(metadata.annotations?.[REVISION]) ?? 0

export const highestRevision = (sets: readonly ReplicaSet[]): number => Math.max(0, ...sets.map(revisionOf))

export const desiredReplicas = ({ metadata }: ReplicaSet): number | undefined =>
  wholeNumber(metadata.annotations?.[DESIRED_REPLICAS])
export const maxReplicas = ({ metadata }: ReplicaSet): number | undefined =>
  wholeNumber(metadata.annotations?.[MAX_REPLICAS])

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined

/** SetReplicasAnnotations */
export const withSizes = (annotations: Annotations | undefined, desired: number, max: number): Annotations =>
  joined(annotations ?? {}, { [DESIRED_REPLICAS]: String(desired), [MAX_REPLICAS]: String(max) })

/** SetNewReplicaSetAnnotations: those of the Deployment, and the revision; @returns the same object when nothing changes. */
export function withRevision(
  annotations: Annotations | undefined,
  deployment: Deployment,
  revision: number,
): Annotations | undefined {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([name, value]) => !NOT_COPIED.has(name) && annotations?.[name] !== value,
  )
  const old = annotations?.[REVISION]
  const known = wholeNumber(old) ?? (old === undefined || old === '' ? 0 : undefined)
  const rises = known !== undefined && known < revision
  if (copied.length === 0 && !rises) return annotations
  return {
    ...annotations,
    ...Object.fromEntries(copied),
    ...(rises ? { [REVISION]: String(revision) } : {}),
    ...(rises && old !== undefined ? historyOf(annotations?.[REVISION_HISTORY], old) : {}),
  }
}

/** Rolling back to an old ReplicaSet gives it a new revision; those it had before are kept, the last ones that fit. */
function historyOf(history: string | undefined, old: string): Annotations {
  if (history === undefined || history === '') return { [REVISION_HISTORY]: old }
  let kept = [...history.split(','), old]
  while (kept.length > 1 && kept.join(',').length > MAX_HISTORY_CHARACTERS) kept = kept.slice(1)
  return { [REVISION_HISTORY]: kept.join(',') }
}
