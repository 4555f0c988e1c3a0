import { expect, test } from 'vitest'
import { conditionsAfter, nothingYet } from '../../../../../machines/controllers/namespace/conditions.ts'
import { AT } from '../objects.ts'

test('all is well: five conditions that say so, written once', () => {
  const first = conditionsAfter(undefined, nothingYet, AT)
  expect(first?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
    ['NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered'],
    ['NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions'],
    ['NamespaceDeletionContentFailure', 'False', 'ContentDeleted'],
    ['NamespaceContentRemaining', 'False', 'ContentRemoved'],
    ['NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers'],
  ])
  expect(conditionsAfter(first, nothingYet, AT + 5_000)).toBeUndefined()
})

test('what remains is named, and its time moves only with its status', () => {
  const held = { 'example.com/b': 1, 'example.com/a': 2 }
  const remains = { ...nothingYet, remaining: { 'pods.': 2, 'deployments.apps': 1 }, finalizers: held }
  const first = conditionsAfter([], remains, AT)
  expect(first?.slice(3).map(({ message }) => message)).toEqual([
    'Some resources are remaining: deployments.apps has 1 resource instances, pods. has 2 resource instances',
    'Some content in the namespace has finalizers remaining: example.com/a in 2 resource instances, example.com/b in 1 resource instances',
  ])
  const fewer = conditionsAfter(first, { ...remains, remaining: { 'pods.': 1 } }, AT + 5_000)
  expect(fewer?.[3]?.lastTransitionTime).toBe('2026-01-01T00:00:00Z')
  const none = conditionsAfter(fewer, nothingYet, AT + 5_000)
  expect(none?.[3]?.lastTransitionTime).toBe('2026-01-01T00:00:05Z')
})

test('failures are counted and told', () => {
  const found = conditionsAfter([], { ...nothingYet, failures: ['b', 'a'] }, AT)
  expect(found?.[2]).toMatchObject({
    status: 'True',
    reason: 'ContentDeletionFailed',
    message: 'Failed to delete all resource types, 2 remaining: a, b',
  })
})
