import { expect, test } from 'vitest'
import { goQuoted, goText, goTypeOf, sameJson } from '../../../../machines/lib/go-text.ts'

test('values are shown as Go shows them', () => {
  expect(goText({ b: [1, 'x'], a: { c: null }, d: true })).toBe('map[a:map[c:<nil>] b:[1 x] d:true]')
  expect(goQuoted('a"b')).toBe('"a\\"b"')
})
test('types have the names of Go', () => {
  expect([null, [], {}, true, 1, 1.5, 'x'].map(goTypeOf)).toEqual([
    '%!s(<nil>)',
    '[]interface {}',
    'map[string]interface {}',
    'bool',
    'int64',
    'float64',
    'string',
  ])
})
test('JSON is the same whatever the order of keys', () => {
  expect(sameJson({ a: [1, { b: 2 }], c: 3 }, { c: 3, a: [1, { b: 2 }] })).toBe(true)
  expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(false)
  expect(sameJson([1, 2], [2, 1])).toBe(false)
  expect(sameJson([], {})).toBe(false)
  expect(sameJson(null, {})).toBe(false)
})
