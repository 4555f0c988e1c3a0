import { expect, test } from 'vitest'
import { collectedKinds, kindNamed } from '../../../../../machines/controllers/garbage-collector/kinds.ts'

test('what can own and be owned is followed, Events are not', () => {
  const resources = collectedKinds.map(({ resource }) => resource)
  expect(resources).toEqual(expect.arrayContaining(['pods', 'replicasets.apps', 'leases.coordination.k8s.io']))
  expect(resources).not.toContain('events')
  expect(new Set(resources).size).toBe(resources.length)
})

test('a kind is found by its group, whatever the version', () => {
  expect(kindNamed([], 'apps/v1beta1', 'ReplicaSet')).toMatchObject({ resource: 'replicasets.apps', namespaced: true })
  expect(kindNamed([], 'v1', 'Node')).toMatchObject({ resource: 'nodes', namespaced: false })
  expect(kindNamed([], 'v1', 'Nonsense')).toBeUndefined()
  const own = { resource: 'widgets.example.com', group: 'example.com', kind: 'Widget', namespaced: true }
  expect(kindNamed([own], 'example.com/v1', 'Widget')).toBe(own)
})
