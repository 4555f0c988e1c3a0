import { expect, test } from 'vitest'
import { backOffMs } from '../../../../machines/lib/back-off.ts'

test('a back-off doubles until its cap', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backOffMs(10, 2, 300, attempt))).toEqual([
    10, 20, 40, 80, 160, 300, 300,
  ])
})
