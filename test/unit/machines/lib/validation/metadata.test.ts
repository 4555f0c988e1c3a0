import { describe, expect, test } from 'vitest'
import { dns1123Subdomain } from '../../../../../machines/lib/validation/formats.ts'
import {
  checkMetadata,
  checkMetadataUpdate,
  checkNamespaceFinalizers,
} from '../../../../../machines/lib/validation/metadata.ts'
import { told } from './told.ts'

const rules = { namespaced: true, name: dns1123Subdomain, standardFinalizers: true }
const of = (metadata: object, more = {}) =>
  told((found) =>
    checkMetadata(found, { name: 'a', namespace: 'default', ...metadata } as never, { ...rules, ...more }),
  )

describe('metadata', () => {
  test.each([
    [{}, []],
    [{ name: '' }, ['metadata.name: Required value: name or generateName is required']],
    [{ generateName: 'web-' }, []],
    [{ namespace: '' }, ['metadata.namespace: Required value']],
    [{ generation: -1 }, ['metadata.generation: Invalid value: -1: must be greater than or equal to 0']],
    [
      { finalizers: ['abc'] },
      [
        'metadata.finalizers[0]: Invalid value: "abc": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [{ finalizers: ['a.b/c', 'kubernetes'] }, []],
    [
      { finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: []string{"orphan", "foregroundDeletion"}: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
    [
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: '' }] },
      ['metadata.ownerReferences.uid: Invalid value: "": uid must not be empty'],
    ],
  ])('%j', (metadata, expected) => {
    expect(of(metadata)).toEqual(expected)
  })
  test('has no namespace when the kind has none', () => {
    expect(of({}, { namespaced: false })).toEqual(['metadata.namespace: Forbidden: not allowed on this type'])
  })
  test('has one controller at most', () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u', controller: true }
    expect(of({ ownerReferences: [owner, owner] })[0]).toContain('Only one reference can have Controller set to true')
  })
  test('is not owned by an Event', () => {
    expect(of({ ownerReferences: [{ apiVersion: 'v1', kind: 'Event', name: 'p', uid: 'u' }] })[0]).toContain(
      'is disallowed from being an owner',
    )
  })
})

describe('a change of metadata', () => {
  const was = {
    name: 'a',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '1',
    generation: 2,
    creationTimestamp: '2026-01-01T00:00:00Z',
  }
  const change = (next: object, before: object = {}) =>
    told((found) =>
      checkMetadataUpdate(
        found,
        { metadata: { ...was, ...next } } as never,
        { metadata: { ...was, ...before } } as never,
        true,
      ),
    )
  test.each([
    [{ labels: { a: 'b' } }, []],
    [{ name: 'b' }, ['metadata.name: Invalid value: "b": field is immutable']],
    [{ uid: 'v' }, ['metadata.uid: Invalid value: "v": field is immutable']],
    [{ generation: 1 }, ['metadata.generation: Invalid value: 1: must not be decremented']],
    [{ resourceVersion: '' }, ['metadata.resourceVersion: Invalid value: "": must be specified for an update']],
    [
      { deletionTimestamp: '2020-01-01T00:00:00Z' },
      ['metadata.deletionTimestamp: Invalid value: 2020-01-01 00:00:00 +0000 UTC: field is immutable'],
    ],
    [{ deletionGracePeriodSeconds: 3 }, ['metadata.deletionGracePeriodSeconds: Invalid value: 3: field is immutable']],
  ])('%j', (next, expected) => {
    expect(change(next)).toEqual(expected)
  })
  test('adds no finalizer to what is being deleted', () => {
    const deletionTimestamp = '2026-01-02T00:00:00Z'
    expect(change({ deletionTimestamp, finalizers: ['a.b/c'] }, { deletionTimestamp })).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.b/c"}',
    ])
  })
})
test('finalizers of a namespace are standard or qualified', () => {
  expect(told((found) => checkNamespaceFinalizers(found, ['kubernetes', 'abc']))).toHaveLength(1)
})
