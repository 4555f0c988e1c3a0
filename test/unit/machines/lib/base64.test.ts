import fc from 'fast-check'
import { expect, test } from 'vitest'
import { base64, decodedLength, unbase64, utf8 } from '../../../../machines/lib/base64.ts'

test('texts are encoded as everywhere', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      (text) => base64(text) === Buffer.from(text, 'utf8').toString('base64'),
    ),
  )
})
test('and decoded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(unbase64(base64(text)).bytes).toEqual([...utf8(text)])
      expect(decodedLength(base64(text))).toBe(utf8(text).length)
    }),
  )
})
test('a wrong character is told', () => {
  expect(unbase64('%%%').wrongAt).toBe(0)
  expect(unbase64('YWJj%w==').wrongAt).toBe(4)
  expect(unbase64('YWJ').wrongAt).toBe(0)
})
