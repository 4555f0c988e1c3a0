import { describe, expect, test } from 'vitest'
import type { KnownNode } from '../../../../machines/scheduler/node-info.ts'
import {
  claimsOf,
  limitOf,
  notForPod,
  type SortedClaims,
  sortedClaims,
  volumesFor,
} from '../../../../machines/scheduler/pod-volumes.ts'
import {
  type Claim,
  NO_STORAGE,
  type Storage,
  storageChanged,
  type Volume,
} from '../../../../machines/scheduler/storage.ts'
import { pod } from './cluster.ts'

const object = (kind: string, name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...more,
})
const claim = (name: string, spec: object = {}, annotations: object = {}) =>
  ({
    ...object('PersistentVolumeClaim', name),
    metadata: { name, namespace: 'default', uid: name, annotations },
    spec: { storageClassName: 'late', resources: { requests: { storage: '2Gi' } }, ...spec },
  }) as unknown as Claim
const volume = (name: string, spec: object = {}, more: object = {}) =>
  object('PersistentVolume', name, {
    spec: { storageClassName: 'late', capacity: { storage: '2Gi' }, accessModes: ['ReadWriteOnce'], ...spec },
    status: { phase: 'Available' },
    ...more,
  }) as unknown as Volume
const late = object('StorageClass', 'late', { provisioner: 'csi.x', volumeBindingMode: 'WaitForFirstConsumer' })
const RESOURCES: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PersistentVolume: 'persistentvolumes',
  StorageClass: 'storageclasses.storage.k8s.io',
  CSIDriver: 'csidrivers.storage.k8s.io',
  CSIStorageCapacity: 'csistoragecapacities.storage.k8s.io',
}
const having = (...objects: readonly object[]): Storage =>
  objects.reduce((storage: Storage, now) => {
    const { kind, metadata } = now as Claim
    const key = kind === 'PersistentVolumeClaim' ? `default/${metadata.name}` : metadata.name
    return storageChanged(storage, RESOURCES[kind] as string, { key, was: undefined, now: now as Claim })
  }, NO_STORAGE)
const using = (...names: string[]) =>
  pod('web', {
    spec: { volumes: names.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })) },
  } as object)
const node = { name: 'n', labels: { zone: 'a' } } as unknown as KnownNode
const inZone = (zone: string) => ({
  nodeAffinity: {
    required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }] },
  },
})
const BOUND = { 'pv.kubernetes.io/bind-completed': 'yes' }
const found = (pod: ReturnType<typeof using>, storage: Storage) =>
  volumesFor(sortedClaims(pod, storage) as SortedClaims, node, storage)
const bound = (storage: Storage, ...names: string[]) =>
  found(using(...names), storage).bindings.map((one) => `${one.claim.metadata.name} ${one.volume.metadata.name}`)

describe('the claims of a pod', () => {
  test('are those that it names, and those that are made for it', () => {
    const volumes = [
      { name: 'a', persistentVolumeClaim: { claimName: 'x' } },
      { name: 'b', ephemeral: {} },
      { name: 'c', emptyDir: {} },
    ]
    expect(claimsOf(pod('web', { spec: { volumes } } as object))).toEqual([
      { name: 'x', ephemeral: false },
      { name: 'web-b', ephemeral: true },
    ])
    expect(claimsOf(pod('web'))).toEqual([])
  })
  test('made for it belong to it', () => {
    const own = {
      ...claim('web-b'),
      metadata: { ...claim('web-b').metadata, ownerReferences: [{ uid: 'uid-web', controller: true }] },
    }
    expect(notForPod(pod('web'), own as never)).toBeUndefined()
    expect(notForPod(pod('web'), claim('web-b'))).toBe(
      'PVC default/web-b was not created for pod default/web (pod is not owner)',
    )
  })
  test('are bound, or are bound with the pod, or should have been', () => {
    const storage = having(
      claim('bound', { volumeName: 'v' }, BOUND),
      claim('late'),
      claim('reserved', { volumeName: 'v' }),
      claim('none', { storageClassName: '' }),
      claim('unknown', { storageClassName: 'unknown' }),
      late,
    )
    const { bound, delayed, immediate } = sortedClaims(
      using('bound', 'late', 'reserved', 'none', 'unknown'),
      storage,
    ) as SortedClaims
    const names = (claims: readonly Claim[]) => claims.map(({ metadata }) => metadata.name)
    expect([names(bound), names(delayed), names(immediate)]).toEqual([
      ['bound'],
      ['late'],
      ['reserved', 'none', 'unknown'],
    ])
    const odd = having(claim('a'), object('StorageClass', 'late', { provisioner: 'x' }))
    expect(sortedClaims(using('a'), odd)).toBe('VolumeBindingMode not set for StorageClass "late"')
  })
})

describe('volumes for claims', () => {
  test('the smallest that will do, for the smallest claim first', () => {
    const storage = having(
      late,
      claim('big', { resources: { requests: { storage: '3Gi' } } }),
      claim('small', { resources: { requests: { storage: '1Gi' } } }),
      volume('huge', { capacity: { storage: '9Gi' } }),
      volume('four', { capacity: { storage: '4Gi' } }),
      volume('tiny', { capacity: { storage: '1Mi' } }),
    )
    expect(bound(storage, 'big', 'small')).toEqual(['small four', 'big huge'])
  })
  test.each([
    ['is meant for another claim', { claimRef: { name: 'other', namespace: 'default' } }, {}],
    ['is meant for an earlier claim of that name', { claimRef: { name: 'a', namespace: 'default', uid: 'old' } }, {}],
    ['is out of reach', inZone('b'), {}],
    ['is meant for it, but out of reach', { claimRef: { name: 'a', namespace: 'default' }, ...inZone('b') }, {}],
    ['is a block device', { volumeMode: 'Block' }, {}],
    ['is not available', {}, { status: { phase: 'Released' } }],
    ['is on its way out', {}, { metadata: { name: 'v', deletionTimestamp: 'now' } }],
    ['is of another class', { storageClassName: 'other' }, {}],
  ])('not one that %s', (_, spec, more) => {
    expect(bound(having(late, claim('a'), volume('v', spec, more)), 'a')).toEqual([])
  })
  test('one that is meant for it is taken, whatever its phase; others by labels and modes', () => {
    const reserved = volume('v', { claimRef: { name: 'a', namespace: 'default' } }, { status: { phase: 'Pending' } })
    expect(bound(having(late, claim('a'), volume('aa'), reserved), 'a')).toEqual(['a v'])
    expect(bound(having(late, claim('a'), reserved), 'a')).toEqual(['a v'])
    const picky = claim('a', { selector: { matchLabels: { disk: 'ssd' } }, accessModes: ['ReadWriteMany'] })
    const shared = { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }
    const labelled = (name: string, spec: object) => volume(name, spec, { metadata: { name, labels: { disk: 'ssd' } } })
    expect(bound(having(late, picky, volume('v', shared), labelled('w', {}), labelled('x', shared)), 'a')).toEqual([
      'a x',
    ])
  })
})

describe('a node will not do', () => {
  const reasons = (storage: Storage, ...names: string[]) => found(using(...names), storage).reasons
  const driver = object('CSIDriver', 'csi.x', { spec: { storageCapacity: true } })
  const capacity = (more: object) =>
    object('CSIStorageCapacity', 'c', { storageClassName: 'late', nodeTopology: {}, ...more })
  test('when a bound volume is elsewhere, or gone', () => {
    const data = claim('data', { volumeName: 'v' }, BOUND)
    expect(reasons(having(data, volume('v', inZone('b'))), 'data')).toEqual([
      'node(s) had volume node affinity conflict',
    ])
    expect(reasons(having(data), 'data')).toEqual([
      'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)',
    ])
    expect(reasons(having(data, volume('v', inZone('a'))), 'data')).toEqual([])
  })
  test('when a claim has chosen another node, or nothing can be made here', () => {
    const nothing = ["node(s) didn't find available persistent volumes to bind"]
    const chosen = (at: string) => claim('a', {}, { 'volume.kubernetes.io/selected-node': at })
    expect(reasons(having(late, chosen('x')), 'a')).toEqual(nothing)
    expect(found(using('a'), having(late, chosen('n'))).provisions).toHaveLength(1)
    expect(reasons(having({ ...late, provisioner: 'kubernetes.io/no-provisioner' }, claim('a')), 'a')).toEqual(nothing)
    const allowed = (...values: string[]) => ({
      ...late,
      allowedTopologies: [{}, { matchLabelExpressions: [{ key: 'zone', values }] }],
    })
    expect(reasons(having(allowed('b'), claim('a')), 'a')).toEqual(nothing)
    expect(reasons(having(allowed('a', 'b'), claim('a')), 'a')).toEqual([])
  })
  test('when its storage is full', () => {
    const full = ['node(s) did not have enough free storage']
    const asking = (...more: object[]) => reasons(having(late, claim('a'), driver, ...more), 'a')
    expect(asking()).toEqual(full)
    expect(asking(capacity({ capacity: '1Gi' }))).toEqual(full)
    expect(asking(capacity({ capacity: '5Gi' }))).toEqual([])
    expect(asking(capacity({ capacity: '5Gi', maximumVolumeSize: '1Gi' }))).toEqual(full)
    expect(asking(capacity({ capacity: '5Gi', nodeTopology: undefined }))).toEqual(full)
    expect(reasons(having(late, claim('a', { resources: {} }), driver), 'a')).toEqual([])
    expect(limitOf(capacity({}) as never)).toBe(-1)
  })
  test('or nothing is known of a class', () => {
    const claims = (storageClassName: string): SortedClaims => ({
      bound: [],
      delayed: [claim('a', { storageClassName })],
      immediate: [],
    })
    expect(volumesFor(claims(''), node, NO_STORAGE).error).toBe('no class for claim "default/a"')
    expect(volumesFor(claims('x'), node, NO_STORAGE).error).toBe('failed to find storage class "x"')
  })
})
