import { expect, test } from 'vitest'
import { topologiesIn, volumeZone } from '../../../../../machines/scheduler/plugins/volume-zone.ts'
import { node } from '../cluster.ts'
import { part, rejection } from './plugins.ts'
import { claiming, named, storing } from './volumes.ts'

const ZONE = 'topology.kubernetes.io/zone'
const OLD_ZONE = 'failure-domain.beta.kubernetes.io/zone'
const labelled = (name: string, labels: object) => node(name, { metadata: { labels } } as object)
const nodes = [
  labelled('a', { [ZONE]: 'a' }),
  labelled('b', { [ZONE]: 'b' }),
  node('bare'),
  labelled('old', { [OLD_ZONE]: 'b' }),
]
const cacheOf = (labels: object, claim: object = { spec: { volumeName: 'v' } }, classes: readonly object[] = []) =>
  storing(nodes, [], {
    persistentvolumeclaims: [named('data', claim)],
    persistentvolumes: [{ metadata: { name: 'v', labels } }],
    'storageclasses.storage.k8s.io': classes,
  })
const everywhere = (labels: object) =>
  nodes.map(({ metadata }) => rejection(volumeZone, claiming('data'), cacheOf(labels), metadata.name) === '')

test('a volume is reached from its zones, and from nodes that are in none', () => {
  expect(everywhere({ [ZONE]: 'a' })).toEqual([true, false, true, false])
  expect(everywhere({ [ZONE]: 'a__b' })).toEqual([true, true, true, false])
  expect(everywhere({ [OLD_ZONE]: 'b' })).toEqual([false, true, true, true])
  expect(topologiesIn({ metadata: { name: 'v', labels: { [ZONE]: 'a__' } } } as never)).toEqual([])
})
test.each([
  ['a volume without labels', cacheOf({}), 'skip'],
  ['a volume with a zone', cacheOf({ [ZONE]: 'a' }), 'on all'],
  [
    'a claim of no class',
    cacheOf({}, {}),
    'UnschedulableAndUnresolvable: PersistentVolumeClaim had no pv name and storageClass name',
  ],
  [
    'a claim of a class that is not there',
    cacheOf({}, { spec: { storageClassName: 's' } }),
    'UnschedulableAndUnresolvable: storageclass.storage.k8s.io "s" not found',
  ],
  [
    'a class that does not say when it binds',
    cacheOf({}, { spec: { storageClassName: 's' } }, [{ metadata: { name: 's' } }]),
    'UnschedulableAndUnresolvable: VolumeBindingMode not set for StorageClass "s"',
  ],
  [
    'a class that should have bound',
    cacheOf({}, { spec: { storageClassName: 's' } }, [{ metadata: { name: 's' }, volumeBindingMode: 'Immediate' }]),
    'UnschedulableAndUnresolvable: PersistentVolume had no name',
  ],
  [
    'a class that binds later',
    cacheOf({}, { spec: { storageClassName: 's' } }, [
      { metadata: { name: 's' }, volumeBindingMode: 'WaitForFirstConsumer' },
    ]),
    'skip',
  ],
  [
    'a volume that is gone',
    cacheOf({}, { spec: { volumeName: 'w' } }),
    'UnschedulableAndUnresolvable: persistentvolume "w" not found',
  ],
])('%s', (_, cache, said) => {
  expect(part(volumeZone, 'preFilter', claiming('data'), cache)).toBe(said)
})
test('a claim that is gone', () => {
  expect(part(volumeZone, 'preFilter', claiming('gone'), cacheOf({}))).toBe(
    'UnschedulableAndUnresolvable: persistentvolumeclaim "gone" not found',
  )
})
