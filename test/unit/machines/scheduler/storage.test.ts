import { expect, test } from 'vitest'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import {
  type Claim,
  claimsUsed,
  classOfClaim,
  classOfVolume,
  isBound,
  NO_STORAGE,
  STORAGE_RESOURCES,
  type Storage,
  selectedNode,
  storageChanged,
  type Volume,
  withSelectedNode,
} from '../../../../machines/scheduler/storage.ts'
import { pod } from './cluster.ts'

const thing = (more: object = {}) => ({ apiVersion: 'v1', kind: 'Any', metadata: { name: 'x' }, spec: {}, ...more })
const became = (storage: Storage, resource: string, was: object | undefined, now: object | undefined) =>
  storageChanged(storage, resource, { key: 'x', was: was as never, now: now as never })

test('what comes is kept, what goes is forgotten', () => {
  let storage = NO_STORAGE
  for (const resource of STORAGE_RESOURCES) storage = became(storage, resource, undefined, thing())
  const { assumed, inUse, ofClass, attachments, ...plain } = storage
  expect(Object.values(plain).map((tree) => tree.keys())).toEqual(Object.values(plain).map(() => ['x']))
  expect([ofClass.get('')?.keys(), attachments.get('')?.keys()]).toEqual([['x'], ['x']])
  expect([assumed.claims.size, inUse.size]).toEqual([0, 0])
  for (const resource of STORAGE_RESOURCES) storage = became(storage, resource, thing(), undefined)
  expect(storage).toEqual(NO_STORAGE)
})
test('volumes are found by class, attachments by node', () => {
  const [slow, fast] = [thing({ spec: { storageClassName: 'slow' } }), thing({ spec: { storageClassName: 'fast' } })]
  const moved = became(became(NO_STORAGE, 'persistentvolumes', undefined, slow), 'persistentvolumes', slow, fast)
  expect(moved.ofClass.keys()).toEqual(['fast'])
  const attached = became(NO_STORAGE, 'volumeattachments.storage.k8s.io', undefined, thing({ spec: { nodeName: 'n' } }))
  expect(attached.attachments.keys()).toEqual(['n'])
})
test('the annotation of old names the class', () => {
  const annotated = thing({
    metadata: { name: 'x', annotations: { 'volume.beta.kubernetes.io/storage-class': 'old' } },
    spec: { storageClassName: 'new' },
  })
  expect([classOfClaim(annotated as unknown as Claim), classOfVolume(annotated as unknown as Volume)]).toEqual([
    'old',
    'old',
  ])
  expect([classOfClaim(thing() as unknown as Claim), classOfVolume(thing() as unknown as Volume)]).toEqual(['', ''])
})
test('a claim knows its node, and when it is bound', () => {
  const claim = thing() as unknown as Claim
  expect([selectedNode(claim), selectedNode(withSelectedNode(claim, 'n'))]).toEqual([undefined, 'n'])
  expect(isBound(claim)).toBe(false)
  const bound = {
    metadata: { name: 'x', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
    spec: { volumeName: 'v' },
  }
  expect(isBound(thing(bound) as unknown as Claim)).toBe(true)
})
test('claims are in use as long as a pod on a node names them', () => {
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }]
  const user = podInfoOf(pod('web', { spec: { volumes } } as object))
  const twice = claimsUsed(claimsUsed(NO_STORAGE, user, 1), user, 1)
  expect(twice.inUse.get('default/data')).toBe(2)
  expect(claimsUsed(claimsUsed(twice, user, -1), user, -1).inUse.size).toBe(0)
  expect(claimsUsed(NO_STORAGE, podInfoOf(pod('web')), 1)).toBe(NO_STORAGE)
})
