import { describe, expect, test } from 'vitest'
import type { KnownNode } from '../../../../machines/scheduler/node-info.ts'
import {
  type Claim,
  NO_STORAGE,
  type Storage,
  storageChanged,
  type Volume,
} from '../../../../machines/scheduler/storage.ts'
import {
  assumedWrites,
  NO_WRITES,
  progressOf,
  revertedWrites,
  type VolumesTold,
  volumesNow,
  writesFor,
} from '../../../../machines/scheduler/volume-binding-progress.ts'
import { pod } from './cluster.ts'

const BOUND = { 'pv.kubernetes.io/bind-completed': 'yes' }
const claim = (name: string, more: object = {}, annotations: object = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', uid: name, resourceVersion: '1', annotations },
    spec: { storageClassName: 'late', resources: { requests: { storage: '1Gi' } }, ...more },
  }) as unknown as Claim
const volume = (name: string, more: object = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, resourceVersion: '1' },
    spec: { storageClassName: 'late', capacity: { storage: '1Gi' }, ...more },
    status: { phase: 'Available' },
  }) as unknown as Volume
const late = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'late' },
  provisioner: 'csi.example.com',
  volumeBindingMode: 'WaitForFirstConsumer',
}
const resources = { PersistentVolumeClaim: 'persistentvolumeclaims', PersistentVolume: 'persistentvolumes' }
const having = (...objects: readonly (Claim | Volume)[]): Storage =>
  objects.reduce(
    (storage, now) => {
      const { namespace, name } = now.metadata
      const key = namespace === undefined ? name : `${namespace}/${name}`
      return storageChanged(storage, resources[now.kind as keyof typeof resources], { key, was: undefined, now })
    },
    storageChanged(NO_STORAGE, 'storageclasses.storage.k8s.io', { key: 'late', was: undefined, now: late }),
  )
const using = (...names: string[]) =>
  pod('web', {
    spec: { volumes: names.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })) },
  } as object)
const node = { name: 'n', labels: { zone: 'a' } } as unknown as KnownNode

describe('what has to be written', () => {
  test('nothing for a pod whose claims are bound, or that has none', () => {
    const storage = having(claim('data', { volumeName: 'pv' }, BOUND))
    expect([writesFor(using('data'), node, storage), writesFor(pod('web'), node, storage)]).toEqual([
      NO_WRITES,
      NO_WRITES,
    ])
  })
  test('a volume gets its claim, a claim without a volume its node', () => {
    const { volumes, claims } = writesFor(using('a', 'b'), node, having(claim('a'), claim('b'), volume('pv')))
    expect(volumes).toMatchObject([
      {
        metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
        spec: { claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'a', uid: 'a' } },
      },
    ])
    expect(claims).toMatchObject([
      { metadata: { name: 'b', annotations: { 'volume.kubernetes.io/selected-node': 'n' } } },
    ])
  })
  test('a volume that was reserved for the claim is not marked', () => {
    const reserved = volume('pv', { claimRef: { namespace: 'default', name: 'a' } })
    const [written] = writesFor(using('a'), node, having(claim('a'), reserved)).volumes
    expect([written?.spec.claimRef?.uid, written?.metadata.annotations]).toEqual(['a', undefined])
    const own = volume('pv', { claimRef: { namespace: 'default', name: 'a', uid: 'a' } })
    expect(writesFor(using('a'), node, having(claim('a'), own)).volumes).toEqual([own])
  })
  test('a class that says nothing of binding is not understood', () => {
    const { volumeBindingMode: _, ...odd } = late
    const storage = storageChanged(having(claim('a')), 'storageclasses.storage.k8s.io', {
      key: 'late',
      was: undefined,
      now: odd,
    })
    expect(writesFor(using('a'), node, storage)).toEqual(NO_WRITES)
  })
  test('counts as written until the API tells more, or the pod gives up', () => {
    const storage = having(claim('a'), claim('b'), volume('pv'))
    const writes = writesFor(using('a', 'b'), node, storage)
    const assumed = assumedWrites(storage, writes)
    expect(writesFor(using('a', 'b'), node, assumed).claims).toHaveLength(1)
    expect([assumed.assumed.claims.keys(), assumed.assumed.volumes.keys()]).toEqual([['default/b'], ['pv']])
    const told = storageChanged(assumed, 'persistentvolumes', { key: 'pv', was: volume('pv'), now: volume('pv') })
    expect(told.assumed.volumes.size).toBe(0)
    expect(revertedWrites(assumed, using('a', 'b')).assumed).toEqual(NO_STORAGE.assumed)
    expect(revertedWrites(storage, using('a'))).toBe(storage)
    expect(assumedWrites(storage, NO_WRITES)).toBe(storage)
  })
})

describe('how far it is', () => {
  const HERE = { 'volume.kubernetes.io/selected-node': 'n' }
  const elsewhere = {
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['b'] }] }] },
    },
  }
  const ref = { claimRef: { namespace: 'default', name: 'a', uid: 'a' } }
  const written = { volumes: [volume('pv', ref)], claims: [claim('b', {}, HERE)] }
  const told = (more: Partial<VolumesTold> = {}): VolumesTold => ({
    type: 'volumes.told',
    claims: [claim('a', { volumeName: 'pv' }, BOUND), claim('b', { volumeName: 'made' }, { ...HERE, ...BOUND })],
    volumes: [volume('pv', ref), volume('made')],
    node,
    podIsThere: true,
    ...more,
  })
  const progress = (more: Partial<VolumesTold>) => progressOf(written, 'default/web', 'n', told(more))
  const [a, b] = told().claims as [Claim, Claim]
  const [pv, made] = told().volumes as [Volume, Volume]
  const renewed = (one: Claim, annotations: object | undefined) =>
    ({ ...one, metadata: { ...one.metadata, annotations } }) as Claim
  const older = <T extends Claim | Volume>(one: T): T =>
    ({ ...one, metadata: { ...one.metadata, resourceVersion: '0' } }) as T

  test('bound when every claim is', () => {
    expect(progress({})).toBe('bound')
  })
  test.each([
    ['the volume is as before', { volumes: [older(pv), made] }],
    ['the claim is as before', { claims: [a, older(b)] }],
    ['no volume is made yet', { claims: [a, claim('b', {}, HERE)], volumes: [pv, undefined] }],
    ['the volume is not seen yet', { volumes: [pv, undefined] }],
    ['the controller has not bound it yet', { claims: [claim('a'), b] }],
  ])('waiting while %s', (_, more) => {
    expect(progress(more)).toBe('waiting')
  })
  test.each([
    ['failed to get node "n": node "n" not found', { node: undefined }],
    ['pod does not exist any more: pod "web" not found', { podIsThere: false }],
    ['failed to check binding: could not find v1.PersistentVolume "pv"', { volumes: [undefined, made] }],
    [
      'pv "pv" node affinity doesn\'t match node "n": no matching NodeSelectorTerms',
      { volumes: [volume('pv', { ...ref, ...elsewhere }), made] },
    ],
    ['ClaimRef got reset for pv "pv"', { volumes: [volume('pv'), made] }],
    [
      'failed to check provisioning pvc: could not find v1.PersistentVolumeClaim "default/b"',
      { claims: [a, undefined] },
    ],
    ['selectedNode annotation reset for PVC "b"', { claims: [a, renewed(b, undefined)] }],
    ['provisioning failed for PVC "b"', { claims: [a, renewed(b, {})] }],
    [
      'pv "made" node affinity doesn\'t match node "n": no matching NodeSelectorTerms',
      { volumes: [pv, volume('made', elsewhere)] },
    ],
  ])('failed: %s', (error, more) => {
    expect(progress(more)).toEqual({ error })
  })
  test('as the API told it, not as it is assumed', () => {
    const storage = having(a, b, pv, made)
    const wanted = {
      type: 'volumes.wanted',
      key: 'default/web',
      node: 'n',
      volumes: ['pv'],
      claims: ['default/a', 'default/b'],
    } as const
    expect(volumesNow(wanted, storage)).toEqual({ claims: [a, b], volumes: [pv, made] })
    expect(volumesNow({ ...wanted, volumes: [], claims: ['default/x'] }, storage)).toEqual({
      claims: [undefined],
      volumes: [undefined],
    })
  })
})
