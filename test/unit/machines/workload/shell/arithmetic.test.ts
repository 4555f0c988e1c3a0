import { expect, test } from 'vitest'
import { sum } from '../../../../../machines/workload/shell/arithmetic.ts'

const valueOf = (name: string): string => (name === 'n' ? '4' : '')

test.each([
  ['1+2*3', 7],
  ['(1+2)*3', 9],
  ['n+1', 5],
  ['$n-x', 4],
  ['-7/2', -3],
  ['7%4', 3],
  ['n>=4 && n<5', 1],
  ['n==3 || n!=4', 0],
  ['!n', 0],
  ['+2', 2],
])('%s is %i', (expression, value) => {
  expect(sum(expression, valueOf)).toBe(value)
})

test.each(['1+', '(1', '1 2', ''])('"%s" cannot be read', (expression) => {
  expect(() => sum(expression, valueOf)).toThrow(SyntaxError)
})
