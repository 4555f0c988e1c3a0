import { expect, test } from 'vitest'
import {
  unblocking,
  withoutFinalizer,
  withoutOwners,
} from '../../../../../machines/controllers/garbage-collector/patches.ts'
import { object } from '../objects.ts'

test('owners are removed by uid', () => {
  expect(withoutOwners('u', ['a', 'b'])).toEqual({
    metadata: {
      uid: 'u',
      ownerReferences: [
        { $patch: 'delete', uid: 'a' },
        { $patch: 'delete', uid: 'b' },
      ],
    },
  })
})

test('only references that block are changed', () => {
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'a' }
  expect(unblocking('u', [{ ...owner, blockOwnerDeletion: true }, owner])).toEqual({
    metadata: { uid: 'u', ownerReferences: [{ ...owner, blockOwnerDeletion: false }] },
  })
})

test('one finalizer goes, of just this version', () => {
  const held = object('v1', 'ConfigMap', 'a', { metadata: { finalizers: ['orphan', 'x'], resourceVersion: '7' } })
  expect(withoutFinalizer(held, 'orphan')).toEqual({ metadata: { resourceVersion: '7', finalizers: ['x'] } })
})
