import { describe, expect, test } from 'vitest'
import {
  concernsOwnership,
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

describe('a change concerns owners and dependents', () => {
  const map = (metadata: object = {}): ApiObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'a',
      uid: 'uid-a',
      resourceVersion: '1',
      ownerReferences: [controllerReference(set)],
      ...metadata,
    },
  })
  const ending = (finalizer: string) => map({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [finalizer] })
  test.each([
    ['not of data', map(), map({ resourceVersion: '2' }), false],
    ['of owners', map(), map({ ownerReferences: [] }), true],
    ['into deletion', map(), ending('x'), true],
    ['of finalizers while it is deleted', ending('x'), ending('orphan'), true],
    ['not of finalizers before', map(), map({ finalizers: ['x'] }), false],
    ['into another object', map(), map({ uid: 'other' }), true],
    ['from nothing', undefined, map(), true],
    ['into nothing', map(), undefined, true],
  ])('%s', (_, was, now, expected) => {
    expect(concernsOwnership(was, now)).toBe(expected)
  })
})
