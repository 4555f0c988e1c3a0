import { expect, test } from 'vitest'
import { EMPTY_CACHE } from '../../../../machines/scheduler/cache.ts'
import type { ClusterEvent } from '../../../../machines/scheduler/cluster-events.ts'
import { hopes } from '../../../../machines/scheduler/hints.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { pod } from './cluster.ts'

const web = podInfoOf(
  pod('web', {
    spec: {
      volumes: [
        { name: 'v', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'e', ephemeral: {} },
        { name: 'c', csi: { driver: 'csi.x' } },
      ],
    },
  } as object),
)
const thing = (more: object = {}, name = 'x', metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Any', metadata: { name, namespace: 'default', ...metadata }, ...more }) as never
const hope = (plugin: string, event: ClusterEvent, was?: object, now?: object) =>
  hopes(plugin, web, { event, was: was as never, now: now as never }, EMPTY_CACHE)

test('a claim of its own may help, one that is made for it those who look at such', () => {
  expect(hope('VolumeZone', 'PersistentVolumeClaimAdd', undefined, thing({}, 'data'))).toBe(true)
  expect(hope('VolumeZone', 'PersistentVolumeClaimAdd', undefined, thing({}, 'other'))).toBe(false)
  expect(hope('VolumeZone', 'PersistentVolumeClaimAdd', undefined, thing({}, 'web-e'))).toBe(false)
  expect(hope('VolumeBinding', 'PersistentVolumeClaimUpdate', thing(), thing({}, 'web-e'))).toBe(true)
  expect(hope('VolumeBinding', 'PersistentVolumeClaimUpdate', thing(), thing({}, 'data', { namespace: 'x' }))).toBe(
    false,
  )
})
test('a volume may help; to VolumeZone it matters where it is', () => {
  const zoned = (zone: string) => thing({}, 'v', { labels: { 'topology.kubernetes.io/zone': zone } })
  expect(hope('VolumeBinding', 'PersistentVolumeAdd', undefined, thing())).toBe(true)
  expect(hope('VolumeBinding', 'PersistentVolumeUpdate', thing(), thing())).toBe(true)
  expect(hope('VolumeZone', 'PersistentVolumeUpdate', zoned('a'), zoned('a'))).toBe(false)
  expect(hope('VolumeZone', 'PersistentVolumeUpdate', zoned('a'), zoned('b'))).toBe(true)
})
test('a class may help by when it binds and where it reaches', () => {
  const later = thing({ volumeBindingMode: 'WaitForFirstConsumer' })
  expect(hope('VolumeBinding', 'storage.k8s.io/StorageClassAdd', undefined, thing())).toBe(true)
  expect(hope('VolumeZone', 'storage.k8s.io/StorageClassAdd', undefined, thing())).toBe(false)
  expect(hope('VolumeZone', 'storage.k8s.io/StorageClassAdd', undefined, later)).toBe(true)
  const wider = thing({ allowedTopologies: [{}] })
  expect(hope('VolumeBinding', 'storage.k8s.io/StorageClassUpdate', later, later)).toBe(false)
  expect(hope('VolumeBinding', 'storage.k8s.io/StorageClassUpdate', later, wider)).toBe(true)
})
test('so may drivers', () => {
  const driver = (storageCapacity: boolean, name = 'csi.x') => thing({ spec: { storageCapacity } }, name)
  expect(hope('VolumeBinding', 'storage.k8s.io/CSIDriverUpdate', driver(true), driver(false))).toBe(true)
  expect(hope('VolumeBinding', 'storage.k8s.io/CSIDriverUpdate', driver(false), driver(false))).toBe(false)
  expect(hope('VolumeBinding', 'storage.k8s.io/CSIDriverUpdate', driver(true), driver(false, 'y'))).toBe(false)
  expect(hope('NodeVolumeLimits', 'storage.k8s.io/CSINodeAdd', undefined, thing())).toBe(true)
  const migrated = thing({}, 'n', { annotations: { 'storage.alpha.kubernetes.io/migrated-plugins': 'a' } })
  expect(hope('VolumeBinding', 'storage.k8s.io/CSINodeUpdate', thing(), migrated)).toBe(true)
  expect(hope('VolumeBinding', 'storage.k8s.io/CSINodeUpdate', migrated, migrated)).toBe(false)
  const space = (capacity: string) => thing({ capacity })
  expect(hope('VolumeBinding', 'storage.k8s.io/CSIStorageCapacityAdd', undefined, space('1'))).toBe(true)
  expect(hope('VolumeBinding', 'storage.k8s.io/CSIStorageCapacityUpdate', space('1'), space('2'))).toBe(true)
  expect(hope('VolumeBinding', 'storage.k8s.io/CSIStorageCapacityUpdate', space('2'), space('1'))).toBe(false)
  expect(hope('NodeVolumeLimits', 'storage.k8s.io/VolumeAttachmentDelete', thing(), undefined)).toBe(true)
})
