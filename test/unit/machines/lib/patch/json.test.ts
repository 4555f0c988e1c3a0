import { describe, expect, test } from 'vitest'
import { jsonPatched } from '../../../../../machines/lib/patch/json.ts'

const document = { a: { b: [1, 2, 3], 'x/y': 1 }, c: 'd' }

describe('a JSON patch', () => {
  test.each([
    ['adds to a map', [{ op: 'add', path: '/a/z', value: 1 }], { a: { b: [1, 2, 3], 'x/y': 1, z: 1 }, c: 'd' }],
    ['inserts into a list', [{ op: 'add', path: '/a/b/1', value: 9 }], { a: { b: [1, 9, 2, 3], 'x/y': 1 }, c: 'd' }],
    ['appends', [{ op: 'add', path: '/a/b/-', value: 9 }], { a: { b: [1, 2, 3, 9], 'x/y': 1 }, c: 'd' }],
    ['removes', [{ op: 'remove', path: '/a/b/0' }], { a: { b: [2, 3], 'x/y': 1 }, c: 'd' }],
    ['replaces what is missing', [{ op: 'replace', path: '/q', value: 1 }], { ...document, q: 1 }],
    ['moves', [{ op: 'move', from: '/c', path: '/e' }], { a: document.a, e: 'd' }],
    ['copies', [{ op: 'copy', from: '/c', path: '/e' }], { ...document, e: 'd' }],
    ['tests', [{ op: 'test', path: '/a/x~1y', value: 1 }], document],
    ['takes a missing value for null', [{ op: 'test', path: '/a/nothing', value: null }], document],
    ['replaces the whole', [{ op: 'replace', path: '', value: 1 }], 1],
    ['does nothing', [], document],
  ])('%s', (_name, operations, expected) => {
    expect(jsonPatched(document, operations)).toEqual({ value: expected })
  })
  test.each([
    [{ op: 'frob', path: '/a' }],
    [{ op: 'add', path: '/x/y/z', value: 1 }],
    [{ op: 'remove', path: '/zz' }],
    [{ op: 'remove', path: '/a/b/5' }],
    [{ op: 'replace', path: '/a/b/x', value: 1 }],
    [{ op: 'test', path: '/c', value: 'e' }],
    [{ op: 'add', path: 'a' }],
    [{ op: 'copy', path: '/e' }],
    [{ op: 'remove', path: '' }],
    [{ op: 'add', path: '/c/d', value: 1 }],
  ])('that does not fit is refused: %j', (operation) => {
    expect(jsonPatched(document, [operation]).error).toMatchObject({ code: 422, reason: 'Invalid' })
  })
  test('must be a list, and not too long a one', () => {
    expect(jsonPatched(document, {}).error?.message).toBe(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    )
    const many = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/c', value: 'd' }))
    expect(jsonPatched(document, many).error?.message).toBe(
      'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    )
  })
  test('shares what it does not touch', () => {
    const { value } = jsonPatched(document, [{ op: 'add', path: '/q', value: 1 }])
    expect((value as typeof document).a).toBe(document.a)
  })
})
