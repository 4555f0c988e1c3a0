/** Which changes concern which ReplicaSets (addPod, updatePod, deletePod of replica_set.go). */
import { labelsMatch } from '../../lib/selector.ts'
import type { Delta, View } from '../../protocol/cache.ts'
import { keyOf, type Pod, type ReplicaSet } from '../../protocol/objects.ts'
import type { Concern, Controller } from '../kit/controller.ts'
import { controllerKey, controllerOf } from '../kit/owners.ts'
import { isActive, isReady } from '../kit/pods.ts'
import { same } from '../kit/same.ts'
import { type Kind, replicaSetKind } from './kind.ts'

export const controllerOfKind = (kind: Kind): Controller => ({
  name: kind.name,
  component: kind.component,
  serviceAccount: kind.component,
  resource: kind.resource,
  object: kind.name,
  workers: 5,
  caches: [
    { resource: kind.resource, indexes: ['owner', 'namespace'] },
    { resource: 'pods', indexes: ['owner'] },
  ],
  concerns: (resource, delta, view) => (resource === 'pods' ? concerned(kind, delta, view) : [delta.key]),
})
export const replicaSetController = controllerOfKind(replicaSetKind)

function concerned(kind: Kind, { was, now }: Delta, view: View): readonly Concern[] {
  const before = was as Pod | undefined
  const after = now as Pod | undefined
  if (before !== undefined && after !== undefined && isAllTheSame(before, after)) return []
  const ownerBefore = controllerKey(before, kind.kind)
  const ownerAfter = controllerKey(after, kind.kind)
  const owners = new Set([ownerBefore, ownerAfter].filter((key) => key !== undefined))
  if (after !== undefined && controllerOf(after) === undefined) return [...owners, ...adopters(kind, after, view)]
  return [...owners, ...whenAvailable(kind, before, after, ownerAfter, view)]
}

/** A set looks at its pods' labels, owners, deletion and readiness; where they run and on which IP is nothing to it. */
const isAllTheSame = (was: Pod, now: Pod): boolean =>
  was.metadata.uid === now.metadata.uid &&
  isActive(was) === isActive(now) &&
  was.metadata.deletionTimestamp === now.metadata.deletionTimestamp &&
  isReady(was) === isReady(now) &&
  same(was.metadata.labels, now.metadata.labels) &&
  controllerOf(was)?.uid === controllerOf(now)?.uid

/** An orphan concerns every set whose selector matches it. */
function adopters(kind: Kind, pod: Pod, view: View): readonly string[] {
  if (pod.metadata.deletionTimestamp !== undefined) return []
  const sets = view[kind.resource]?.by.namespace?.get(pod.metadata.namespace ?? '')?.values() ?? []
  return sets.filter((set) => labelsMatch(kind.selectorOf(set as ReplicaSet), pod.metadata.labels ?? {})).map(keyOf)
}

/** A pod that has become ready counts as available only later: a second more, since times are cut to whole seconds. */
function whenAvailable(
  kind: Kind,
  was: Pod | undefined,
  now: Pod | undefined,
  owner: string | undefined,
  view: View,
): readonly Concern[] {
  if (owner === undefined || was === undefined || now === undefined || isReady(was) || !isReady(now)) return []
  const set = view[kind.resource]?.objects.get(owner) as ReplicaSet | undefined
  const minReadySeconds = set?.spec.minReadySeconds ?? 0
  return minReadySeconds === 0 ? [] : [{ key: owner, afterMs: minReadySeconds * 1_000 + 1_000 }]
}
