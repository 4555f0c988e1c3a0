import { expect, test } from 'vitest'
import { numberKey } from '../../../../runtime/tree/number-key.ts'

test('numbers as keys sort as they count', () => {
  const numbers = [0, 1, 9, 10, 11, 99, 100, 123_456, 2 ** 31, 999_999_999_999]
  expect(numbers.map(numberKey).toSorted()).toEqual(numbers.map(numberKey))
})

test('a key says its number', () => {
  expect(Number(numberKey(4_711))).toBe(4_711)
})

test.each([-1, 1e12, 1e21])('%d has no key', (n) => {
  expect(() => numberKey(n)).toThrow(`${n} is no number from 0 to 999999999999`)
})
