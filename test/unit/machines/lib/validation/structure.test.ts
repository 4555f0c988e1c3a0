import { expect, test } from 'vitest'
import type { Schema } from '../../../../../machines/lib/schema.ts'
import { checkStructure } from '../../../../../machines/lib/validation/structure.ts'
import { told } from './told.ts'

const schema: Schema = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      minProperties: 1,
      maxProperties: 9,
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 9, multipleOf: 1 },
        half: {
          type: 'number',
          minimum: 0,
          exclusiveMinimum: true,
          maximum: 1,
          exclusiveMaximum: true,
          multipleOf: 0.25,
        },
        color: { type: 'string', enum: ['red', 'blue'] },
        name: { type: 'string', pattern: '^[a-z]+$', minLength: 2, maxLength: 3 },
        list: { type: 'array', minItems: 1, maxItems: 2, 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        map: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['k'],
          items: { type: 'object', properties: { k: { type: 'string' } } },
        },
        free: { type: 'object', additionalProperties: { type: 'boolean' }, nullable: true },
        port: { 'x-kubernetes-int-or-string': true },
      },
    },
  },
}
const of = (spec: unknown) =>
  told((found) =>
    checkStructure(found, schema, {
      apiVersion: 'g/v1',
      kind: 'W',
      metadata: {},
      ...(spec === undefined ? {} : { spec }),
    }),
  )
test.each([
  [{ size: 3, color: 'red', name: 'ab', list: ['a'], map: [{ k: 'a' }], free: null, port: '80%', half: 0.5 }, []],
  [undefined, ['spec: Required value']],
  [{}, 2],
  [{ size: '3' }, ['spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"']],
  [{ size: null }, ['spec.size: Invalid value: "null": spec.size in body must be of type integer: "null"']],
  [{ size: 10 }, ['spec.size: Invalid value: 10: spec.size in body should be less than or equal to 9']],
  [{ size: 0 }, 1],
  [{ size: 1, half: 0 }, 1],
  [{ size: 1, half: 1 }, 1],
  [{ size: 1, half: 0.3 }, 1],
  [{ size: 1, color: 'green' }, ['spec.color: Unsupported value: "green": supported values: "red", "blue"']],
  [{ size: 1, name: 'A' }, 2],
  [{ size: 1, name: 'abcd' }, 1],
  [{ size: 1, list: [] }, 1],
  [{ size: 1, list: ['a', 'a', 'b'] }, 2],
  [{ size: 1, map: [{ k: 'a' }, { k: 'a' }] }, ['spec.map[1]: Duplicate value: {"k":"a"}']],
  [{ size: 1, free: { a: 1 } }, 1],
  [{ size: 1, port: true }, 1],
  [[], 1],
  [{ size: 1, a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1 }, 1],
])('%j', (spec, expected) => {
  const found = of(spec)
  expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
})
