/** A Deployment's ReplicaSets in the orders in which they are looked through (pkg/controller/controller_utils.go). */
import { templateHash } from '../../lib/template-hash.ts'
import type { core, Deployment, ReplicaSet } from '../../protocol/objects.ts'
import { same } from '../kit/same.ts'
import { revisionOf } from './revision.ts'

export const HASH_LABEL = 'pod-template-hash'

export const replicasOf = ({ spec }: Deployment | ReplicaSet): number => spec.replicas ?? 1
export const isActive = (set: ReplicaSet): boolean => replicasOf(set) > 0

type Order = (a: ReplicaSet, b: ReplicaSet) => number
const created = ({ metadata }: ReplicaSet): string => metadata.creationTimestamp ?? ''
const byName: Order = (a, b) => (a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0)
/** ReplicaSetsByCreationTimestamp. Instants of one form are in the order of their texts. */
export const oldestFirst: Order = (a, b) => (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : byName(a, b))
export const newestFirst: Order = (a, b) => oldestFirst(b, a)
/** ReplicaSetsBySizeOlder, ReplicaSetsBySizeNewer */
export const largestThenOldest: Order = (a, b) => replicasOf(b) - replicasOf(a) || oldestFirst(a, b)
export const largestThenNewest: Order = (a, b) => replicasOf(b) - replicasOf(a) || newestFirst(a, b)
/** ReplicaSetsByRevision */
export const lowestRevisionFirst: Order = (a, b) => revisionOf(a) - revisionOf(b) || oldestFirst(a, b)

const sum = (sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number): number =>
  sets.reduce((total, set) => total + of(set), 0)
/** What they are to have, and what they have: replicas, ready ones, available ones. */
export const wantedReplicas = (sets: readonly ReplicaSet[]): number => sum(sets, replicasOf)
export const actualReplicas = (sets: readonly ReplicaSet[]): number => sum(sets, ({ status }) => status?.replicas ?? 0)
export const readyReplicas = (sets: readonly ReplicaSet[]): number =>
  sum(sets, ({ status }) => status?.readyReplicas ?? 0)
export const availableReplicas = (sets: readonly ReplicaSet[]): number =>
  sum(sets, ({ status }) => status?.availableReplicas ?? 0)

/** FindNewReplicaSet: the oldest one that has the Deployment's template. */
export const newReplicaSetOf = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  sets.toSorted(oldestFirst).find((set) => hasTemplateOf(deployment, set))

/** FindOldReplicaSets: all others. */
export const oldReplicaSetsOf = (deployment: Deployment, sets: readonly ReplicaSet[]): readonly ReplicaSet[] => {
  const current = newReplicaSetOf(deployment, sets)
  return sets.filter((set) => set !== current)
}

/** EqualIgnoreHash. Remembered per pair of frozen templates. */
export function hasTemplateOf({ spec }: Deployment, set: ReplicaSet): boolean {
  const theirs = set.spec.template
  if (theirs === undefined) return false
  let known = compared.get(spec.template)
  if (known === undefined) compared.set(spec.template, (known = new WeakMap()))
  let equal = known.get(theirs)
  if (equal === undefined) known.set(theirs, (equal = same(withoutHash(spec.template), withoutHash(theirs))))
  return equal
}
const compared = new WeakMap<object, WeakMap<object, boolean>>()

function withoutHash(template: core.PodTemplateSpec): core.PodTemplateSpec {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

/** The hash under which the Deployment's next ReplicaSet is made. */
export const hashFor = ({ spec, status }: Deployment): string => templateHash(spec.template, status?.collisionCount)
