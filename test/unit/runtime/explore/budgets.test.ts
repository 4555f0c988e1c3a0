import { expect, test } from 'vitest'
import { Left } from '../../../../runtime/explore/budgets.ts'

const left = new Left({ writes: 2, crashes: 1 })
const act = (budget?: string) => ({ words: '', take: () => {}, ...(budget === undefined ? {} : { budget }) })

test('an act takes one of what it draws on, and nothing of the rest', () => {
  const first = left.numberOf({ writes: 2, crashes: 1 })
  const after = left.after(first, act('writes')) as number
  expect(left.of(after)).toEqual({ writes: 1, crashes: 1 })
  expect(left.after(left.after(after, act('writes')) as number, act('writes'))).toBeUndefined()
})
test('an act that draws on nothing happens as often as it likes', () => {
  const none = left.numberOf({ writes: 0, crashes: 0 })
  expect(left.after(none, act())).toBe(none)
})
test('what nobody has a budget for does not happen', () => {
  expect(left.after(left.numberOf({ writes: 2, crashes: 1 }), act('elections'))).toBeUndefined()
})
