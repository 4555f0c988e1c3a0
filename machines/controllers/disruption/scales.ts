/**
 * Of how many pods there are meant to be in all: the sum of the scales of those that control them
 * (disruption.getExpectedScale and its finders). What the caches do not tell is asked of the API.
 */

import type { Place } from '../../lib/requests.ts'
import { resources } from '../../profiles/v1.32/resources.generated.ts'
import type { View } from '../../protocol/cache.ts'
import { type ApiObject, keyFor, type OwnerReference, type Pod, type ResourceName } from '../../protocol/objects.ts'
import { controllerOf } from '../kit/owners.ts'

/** A controller of pods, and how many of them it is to have. */
export interface Scaled {
  readonly uid: string
  readonly replicas: number
}
/** By the uid of an owner, what the API said of its scale; null when it knows none. */
export type Asked = Readonly<Record<string, Scaled | null>>

/** The sum, whether pods without a controller were among them, or what must be asked first, or why nobody can know. */
export type Sum =
  | { readonly expected: number; readonly unmanaged: boolean }
  | { readonly ask: OwnerReference }
  | { readonly why: string }

export function scaleOfAll(pods: readonly Pod[], view: View, asked: Asked): Sum {
  const scales = new Map<string, number>()
  let unmanaged = false
  for (const pod of pods) {
    const owner = controllerOf(pod)
    if (owner === undefined) unmanaged = true
    else if (!scales.has(owner.uid)) {
      const found = scaleOf(owner, pod, view, asked)
      if (!('uid' in found)) return found
      scales.set(found.uid, found.replicas)
    }
  }
  return { expected: [...scales.values()].reduce((sum, count) => sum + count, 0), unmanaged }
}

function scaleOf(
  owner: OwnerReference,
  pod: Pod,
  view: View,
  asked: Asked,
): Scaled | Exclude<Sum, { expected: number }> {
  const known = cached(owner, pod, view)
  if (known !== undefined) return known
  const told = asked[owner.uid]
  if (told === null) return { why: `found no controllers for pod "${pod.metadata.name}"` }
  if (told !== undefined) return told
  const kind = kindOf(owner)
  if (kind === undefined) return { why: `no matches for kind "${owner.kind}" in version "${owner.apiVersion}"` }
  return kind.scales ? { ask: owner } : { why: `${kind.name} does not implement the scale subresource` }
}

/** getPodReplicationController, getPodDeployment, getPodReplicaSet, getPodStatefulSet: a ReplicaSet of a Deployment counts as that. */
function cached(owner: OwnerReference, pod: Pod, view: View): Scaled | undefined {
  const { namespace } = pod.metadata
  const resource = LISTED[`${groupOf(owner)} ${owner.kind}`]
  const found = resource === undefined ? undefined : ownerIn(view, resource, namespace, owner)
  if (found === undefined || resource !== REPLICA_SETS) return found && scaled(found)
  const above = controllerOf(found)
  if (above?.kind !== 'Deployment') return scaled(found)
  const deployment = GROUPS.has(groupOf(above)) ? ownerIn(view, 'deployments.apps', namespace, above) : undefined
  return deployment && scaled(deployment)
}

const REPLICA_SETS = 'replicasets.apps'
const LISTED: Readonly<Record<string, ResourceName>> = {
  ' ReplicationController': 'replicationcontrollers',
  'apps ReplicaSet': REPLICA_SETS,
  'extensions ReplicaSet': REPLICA_SETS,
  'apps StatefulSet': 'statefulsets.apps',
}
const GROUPS: ReadonlySet<string> = new Set(['apps', 'extensions'])

function ownerIn(view: View, resource: ResourceName, namespace: string | undefined, { name, uid }: OwnerReference) {
  const found = view[resource]?.objects.get(keyFor(namespace, name))
  return found?.metadata.uid === uid ? found : undefined
}
const scaled = (object: ApiObject): Scaled => ({
  uid: object.metadata.uid ?? '',
  replicas: (object as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 0,
})
const groupOf = ({ apiVersion }: OwnerReference): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''

/** What is known of an owner's kind: the kinds of Kubernetes itself. */
function kindOf({
  apiVersion,
  kind,
}: OwnerReference): { readonly name: ResourceName; readonly scales: boolean } | undefined {
  return KINDS.get(`${apiVersion} ${kind}`)
}
const KINDS: ReadonlyMap<string, { readonly name: ResourceName; readonly scales: boolean }> = new Map(
  resources.map(({ group, version, kind, plural, subresources = [] }) => [
    `${group === '' ? version : `${group}/${version}`} ${kind}`,
    { name: group === '' ? plural : `${plural}.${group}`, scales: subresources.some(({ name }) => name === 'scale') },
  ]),
)

/** Where the scale of an owner is. */
export const scalePlace = (owner: OwnerReference, namespace: string | undefined): Place => ({
  resource: kindOf(owner)?.name ?? '',
  namespace,
  name: owner.name,
  subresource: 'scale',
})
/** What the API says of it: that of another object that took its name is none. */
export const scaleTold = (owner: OwnerReference, scale: ApiObject | undefined): Scaled | null =>
  scale === undefined || scale.metadata.uid !== owner.uid ? null : scaled(scale)
