import { expect, test } from 'vitest'
import { profileOf } from '../../../../../machines/lib/schema/profile.ts'

test('a resource gets its schema, its names and its columns', () => {
  const written = {
    plural: 'foos',
    singular: 'foo',
    group: 'g',
    version: 'v2',
    kind: 'Foo',
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: ['get'],
    subresources: [{ name: 'status', kind: 'Foo', verbs: ['get'] }],
    definition: 'x.Foo',
    columns: [{ name: 'Name', type: 'string', format: 'name', priority: 0 }],
  }
  const { resources } = profileOf('v0', { 'x.Foo': { type: 'object', properties: {} } }, [
    written,
    { ...written, definition: 'x.Missing' },
  ])
  expect(resources[0]).toMatchObject({
    name: 'foos.g',
    apiVersion: 'g/v2',
    listKind: 'FooList',
    subresources: ['status'],
    schema: { definition: 'x.Foo' },
  })
  expect(resources[0]?.columns).toHaveLength(1)
  expect(resources[1]?.schema['x-kubernetes-preserve-unknown-fields']).toBe(true)
})
