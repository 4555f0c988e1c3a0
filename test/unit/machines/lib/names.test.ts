import { expect, test } from 'vitest'
import { generatedName, nameSuffix, safeEncode, uidOf } from '../../../../machines/lib/names.ts'

test('a suffix has five letters that make no words', () => {
  for (const drawn of [0, 1, 4_294_967_295, 123_456_789]) {
    expect(nameSuffix(drawn)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  }
  expect(nameSuffix(1)).not.toBe(nameSuffix(2))
})
test('a generated name is cut so that the suffix fits', () => {
  expect(generatedName('web-', 7)).toBe(`web-${nameSuffix(7)}`)
  expect(generatedName('x'.repeat(80), 7)).toHaveLength(63)
})
test('a uid has the form of a version 4 uuid, and the same labels draw the same one', () => {
  const uid = uidOf(42, 'pods', 'default', 'web')
  expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(uidOf(42, 'pods', 'default', 'web')).toBe(uid)
  expect(uidOf(42, 'pods', 'default', 'web2')).not.toBe(uid)
})
test('digits become letters that are safe in a name', () => {
  expect(safeEncode('1234567890')).toBe('56789bcdf4')
})
