import { expect, test } from 'vitest'
import { LIMIT, noneRecent, recall, remember } from '../../../../../machines/controllers/kit/recent.ts'

test('remembers what was used of late and forgets the rest', () => {
  let recent = remember(noneRecent<number>(), 'first', 1)
  for (let i = 0; i < LIMIT / 2; i++) recent = remember(recent, `a${i}`, i)
  expect(recall(recent, 'first')).toBe(1)
  for (let i = 0; i <= LIMIT / 2; i++) recent = remember(recent, `b${i}`, i)
  expect(recall(recent, 'first')).toBeUndefined()
  expect(recall(recent, 'b7')).toBe(7)
  expect(recent.old.size + recent.young.size).toBeLessThanOrEqual(LIMIT + 2)
})
