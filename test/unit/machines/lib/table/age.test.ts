import { expect, test } from 'vitest'
import { age } from '../../../../../machines/lib/table/age.ts'

test('an age is told from an instant', () => {
  expect(age('2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1, 0, 1))).toBe('60s')
  expect([age(undefined, 0), age(null, 0), age('', 0)]).toEqual(['<unknown>', '<unknown>', '<unknown>'])
})
