import { expect, test } from 'vitest'
import { pruned, pruning } from '../../../../../machines/lib/schema/pruning.ts'
import type { Schema } from '../../../../../machines/lib/schema.ts'

const schema: Schema = {
  type: 'object',
  properties: {
    a: { type: 'string' },
    list: { type: 'array', items: { type: 'object', properties: { b: { type: 'string' } } } },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: {} },
    map: { type: 'object', additionalProperties: { type: 'object', properties: {} } },
  },
}
test('what the schema does not know is dropped and named', () => {
  const object = { a: 'x', z: 1, list: [{ b: 'y', c: 1 }], free: { any: 1 }, map: { k: { c: 1 } } }
  expect(pruning(schema, object)).toEqual({
    value: { a: 'x', list: [{ b: 'y' }], free: { any: 1 }, map: { k: {} } },
    dropped: ['z', 'list[0].c', 'map.k.c'],
  })
})
test('an object without anything unknown is the same one', () => {
  const object = { a: 'x', list: [{ b: 'y' }] }
  expect(pruned(schema, object)).toBe(object)
})
