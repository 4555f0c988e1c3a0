import { expect, test } from 'vitest'
import { kindOfJson, unmarshalError } from '../../../../../machines/lib/schema/unmarshal-error.ts'

test('JSON has six kinds of value', () => {
  expect([{}, [], 'x', 1, true, null].map(kindOfJson)).toEqual(['object', 'array', 'string', 'number', 'bool', 'null'])
})
test('a value of the wrong kind is told with the Go type wanted', () => {
  const place = { path: 'spec.ports[0].port', struct: 'io.k8s.api.core.v1.ServicePort', field: 'port' }
  expect(unmarshalError({ type: 'integer', format: 'int32' }, 'x', place)).toBe(
    'json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32',
  )
  expect(
    unmarshalError({ type: 'object', additionalProperties: { type: 'string' } }, [], { ...place, struct: '' }),
  ).toBe('json: cannot unmarshal array into Go value of type map[string]string')
})
