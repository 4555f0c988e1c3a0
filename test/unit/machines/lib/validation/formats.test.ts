import { describe, expect, test } from 'vitest'
import * as formats from '../../../../../machines/lib/validation/formats.ts'

describe.each([
  ['dns1123Label', ['a', 'my-name', '1'], ['', 'A', '-a', 'a-', 'a.b', 'x'.repeat(64)]],
  ['dns1123Subdomain', ['a.b', 'example.com'], ['', 'a..b', 'A.b', 'x'.repeat(254)]],
  ['dns1035Label', ['a1'], ['1a', 'A', 'x'.repeat(64)]],
  ['wildcardSubdomain', ['*.a.b'], ['*', 'a.b']],
  ['qualifiedName', ['a', 'a.b/c', 'A_b.c'], ['', '/a', 'a/', 'a/b/c', 'a b', 'x'.repeat(64)]],
  ['labelValue', ['', 'a', 'A_1.b'], ['-', 'a-', 'a b', 'x'.repeat(64)]],
  ['configMapKey', ['a.B_c-d', '.a'], ['', '.', '..', '..a', 'a b', 'x'.repeat(254)]],
  ['cIdentifier', ['_a1'], ['1a', 'a-b']],
  ['environmentName', ['A_B', 'a b', 'x.y'], ['', 'a=b', 'é']],
  ['strictEnvironmentName', ['A.b-c'], ['1a', 'a b', '..']],
  ['portName', ['http', 'a-1'], ['', '80', 'A', 'a--b', '-a', 'x'.repeat(16)]],
  ['pathSegment', ['a:b', 'A'], ['.', '..', 'a/b', 'a%b']],
] as const)('%s', (name, good, bad) => {
  const rule = formats[name]
  test.each(good)('"%s" is one', (text) => {
    expect(rule(text)).toEqual([])
  })
  test.each(bad)('"%s" is none', (text) => {
    expect(rule(text).length).toBeGreaterThan(0)
  })
})
test('complaints are the API’s own', () => {
  expect(formats.dns1123Label('a.b')).toEqual(['must not contain dots'])
  expect(formats.dns1123Label('A')[0]).toBe(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  )
  expect(formats.portNumber(0)).toEqual(['must be between 1 and 65535, inclusive'])
  expect(formats.portNumber(80)).toEqual([])
})
