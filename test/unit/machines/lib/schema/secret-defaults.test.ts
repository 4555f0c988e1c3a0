import { expect, test } from 'vitest'
import { secretDefaults } from '../../../../../machines/lib/schema/secret-defaults.ts'

test('texts are written into data and forgotten', () => {
  expect(secretDefaults({ data: { a: 'YQ==', c: 'Yw==' }, stringData: { a: 'override' } })).toEqual({
    type: 'Opaque',
    data: { a: 'b3ZlcnJpZGU=', c: 'Yw==' },
  })
})
test('a Secret of a type stays as it is', () => {
  const secret = { type: 'x/y', data: {} }
  expect(secretDefaults(secret)).toBe(secret)
})
