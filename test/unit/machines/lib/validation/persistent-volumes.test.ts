import { describe, expect, test } from 'vitest'
import type { Found } from '../../../../../machines/lib/validation/causes.ts'
import {
  checkClaim,
  checkClaimUpdate,
  checkPersistentVolume,
  checkStorageClass,
} from '../../../../../machines/lib/validation/persistent-volumes.ts'
import { toldOf } from './told-of.ts'

describe('a PersistentVolume', () => {
  const SPEC = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/x' } }
  test.each<[string, object, readonly string[]]>([
    ['as it should be', {}, []],
    ['of no kind', { hostPath: undefined }, ['spec: Required value: must specify a volume type']],
    ['of two kinds', { nfs: {} }, ['spec.nfs: Forbidden: may not specify more than 1 volume type']],
    ['for nobody', { accessModes: undefined }, ['spec.accessModes: Required value']],
    [
      'for one pod and others',
      { accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] },
      ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
    ],
    [
      'of no size',
      { capacity: { storage: '0' } },
      ['spec.capacity[storage]: Invalid value: "0": must be greater than zero'],
    ],
    [
      'of a disk that is nowhere',
      { hostPath: undefined, local: { path: '/x' } },
      ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
    ],
    [
      'that would delete its machine',
      { hostPath: { path: '/' }, persistentVolumeReclaimPolicy: 'Recycle' },
      ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
    ],
    [
      'reclaimed as nobody does',
      { persistentVolumeReclaimPolicy: 'Burn', volumeMode: 'X' },
      [
        'spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"',
        'spec.volumeMode: Unsupported value: "X": supported values: "Block", "Filesystem"',
      ],
    ],
  ])('%s', (_, more, causes) => {
    expect(toldOf(checkPersistentVolume, { spec: { ...SPEC, ...more } })).toEqual(causes)
  })
})

describe('a claim', () => {
  const claim = (more: object, phase = 'Pending', requests = { storage: '1Gi' }) => ({
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests }, ...more },
    status: { phase, capacity: { storage: '1Gi' } },
  })
  test('asks for something', () => {
    expect(toldOf(checkClaim, claim({}))).toEqual([])
    expect(toldOf(checkClaim, { spec: {} })).toEqual([
      'spec.accessModes: Required value: at least 1 access mode is required',
      'spec.resources[storage]: Required value',
    ])
  })
  const changed = (next: object, was: object): readonly string[] =>
    toldOf((found: Found, each: never) => checkClaimUpdate(found, each, was as never), next)
  test('gets its volume and its class once', () => {
    expect(changed(claim({ volumeName: 'v', storageClassName: 'c' }), claim({}))).toEqual([])
    const [cause] = changed(claim({ volumeName: 'w' }), claim({ volumeName: 'v' }))
    expect(cause).toMatch(/^spec: Forbidden: spec is immutable after creation/)
    expect(changed(claim({}, 'Pending', { storage: '2Gi' }), claim({}))).toHaveLength(1)
  })
  test('may grow when it is bound, and not shrink', () => {
    expect(changed(claim({}, 'Bound', { storage: '2Gi' }), claim({}, 'Bound'))).toEqual([])
    expect(changed(claim({}, 'Bound', { storage: '1Mi' }), claim({}, 'Bound'))).toEqual([
      'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
    ])
  })
})

test('a class says who makes its volumes, and when', () => {
  expect(
    toldOf(checkStorageClass, { provisioner: 'a', volumeBindingMode: 'Immediate', reclaimPolicy: 'Delete' }),
  ).toEqual([])
  expect(toldOf(checkStorageClass, { reclaimPolicy: 'Burn', volumeBindingMode: 'X' })).toEqual([
    'provisioner: Required value',
    'reclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Retain"',
    'volumeBindingMode: Unsupported value: "X": supported values: "Immediate", "WaitForFirstConsumer"',
  ])
})
