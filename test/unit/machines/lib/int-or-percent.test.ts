import { expect, test } from 'vitest'
import { scaledValue } from '../../../../machines/lib/int-or-percent.ts'

test.each([
  ['a number is itself', 3, 10, true, 3],
  ['a share is rounded up', '25%', 10, true, 3],
  ['a share is rounded down', '25%', 10, false, 2],
  ['no share of nothing', '25%', 0, true, 0],
  ['other text is neither', 'many', 10, true, undefined],
])('%s', (_name, value, total, up, expected) => {
  expect(scaledValue(value, total, up)).toBe(expected)
})
