import { expect, test } from 'vitest'
import {
  controllerKey,
  controllerOf,
  controllerReference,
  isControlledBy,
} from '../../../../../machines/controllers/kit/owners.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'

const set: ApiObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'default', uid: 'u' },
}
const pod: ApiObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-1',
    namespace: 'default',
    ownerReferences: [{ apiVersion: 'v1', kind: 'Other', name: 'x', uid: 'x' }, controllerReference(set)],
  },
}

test('of several owners one controls', () => {
  expect(controllerOf(pod)).toEqual({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web',
    uid: 'u',
    controller: true,
    blockOwnerDeletion: true,
  })
  expect(isControlledBy(pod, set)).toBe(true)
  expect(isControlledBy(pod, { ...set, metadata: { ...set.metadata, uid: 'another' } })).toBe(false)
})

test('the key of the controller is asked for by kind', () => {
  expect(controllerKey(pod, 'ReplicaSet')).toBe('default/web')
  expect(controllerKey(pod, 'Job')).toBeUndefined()
  expect(controllerKey(set, 'Deployment')).toBeUndefined()
  expect(controllerKey(undefined, 'Deployment')).toBeUndefined()
})
