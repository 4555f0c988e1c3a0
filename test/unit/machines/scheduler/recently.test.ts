import { expect, test } from 'vitest'
import { Recently } from '../../../../machines/scheduler/recently.ts'

test('what is asked for again and again is made once; what was not for a while is made anew', () => {
  const recently = new Recently<number>(2)
  let made = 0
  const ask = (question: string) => recently.of(question, () => ++made)
  expect(['a', 'b', 'a', 'c', 'a', 'd', 'a'].map(ask)).toEqual([1, 2, 1, 3, 1, 4, 1])
  expect(ask('b')).toBe(5)
})
