/** May a claim, a volume or another object of storage that came or changed help a waiting pod? By the event. */
import type { ApiObject, Pod } from '../protocol/objects.ts'
import type { ClusterEvent } from './cluster-events.ts'
import { topologiesIn } from './plugins/volume-zone.ts'
import { claimsOf, limitOf } from './pod-volumes.ts'
import type { CsiDriver, StorageCapacity, StorageClass, Volume } from './storage.ts'

type Hint = (plugin: string, waiting: Pod, was: ApiObject | undefined, now: ApiObject | undefined) => boolean

const always: Hint = () => true
const ofOwnClaim: Hint = (plugin, waiting, _, now) =>
  now?.metadata.namespace === waiting.metadata.namespace &&
  claimsOf(waiting).some(
    ({ name, ephemeral }) =>
      name === now?.metadata.name && (!ephemeral || plugin === 'VolumeBinding' || plugin === 'NodeVolumeLimits'),
  )

export const storageHints: Readonly<Partial<Record<ClusterEvent, Hint>>> = {
  PersistentVolumeAdd: always,
  /** To VolumeZone only where it can be reached from matters. */
  PersistentVolumeUpdate: (plugin, _, was, now) =>
    plugin !== 'VolumeZone' || differ(topologiesIn(was as Volume), topologiesIn(now as Volume)),
  PersistentVolumeClaimAdd: ofOwnClaim,
  PersistentVolumeClaimUpdate: ofOwnClaim,
  /** To VolumeZone a class helps that binds when a pod has its node. */
  'storage.k8s.io/StorageClassAdd': (plugin, _, __, now) =>
    plugin !== 'VolumeZone' || (now as StorageClass).volumeBindingMode === 'WaitForFirstConsumer',
  'storage.k8s.io/StorageClassUpdate': (_, __, was, now) =>
    differ((was as StorageClass).allowedTopologies, (now as StorageClass).allowedTopologies),
  'storage.k8s.io/CSINodeAdd': always,
  'storage.k8s.io/CSINodeUpdate': (_, __, was, now) => migrated(was) !== migrated(now),
  /** It stopped publishing its capacity, so nobody looks at that any more. */
  'storage.k8s.io/CSIDriverUpdate': (_, { spec }, was, now) =>
    (was as CsiDriver).spec.storageCapacity === true &&
    (now as CsiDriver).spec.storageCapacity !== true &&
    (spec.volumes ?? []).some(({ csi }) => csi?.driver === now?.metadata.name),
  'storage.k8s.io/CSIStorageCapacityAdd': always,
  'storage.k8s.io/CSIStorageCapacityUpdate': (_, __, was, now) =>
    limitOf(now as StorageCapacity) > limitOf(was as StorageCapacity),
  'storage.k8s.io/VolumeAttachmentDelete': always,
}

const migrated = (node: ApiObject | undefined): string | undefined =>
  node?.metadata.annotations?.['storage.alpha.kubernetes.io/migrated-plugins']
const differ = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? []) !== JSON.stringify(b ?? [])
