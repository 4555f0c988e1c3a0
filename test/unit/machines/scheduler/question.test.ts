import { expect, test } from 'vitest'
import { question } from '../../../../machines/scheduler/question.ts'

test('who asks the same asks with the same text, whatever the objects', () => {
  expect(question('spread', { app: 'web' }, ['zone'], undefined, 1)).toBe(
    question('spread', { app: 'web' }, ['zone'], null, 1),
  )
})
test.each([
  ['another object', [{ app: 'web' }], [{ app: 'db' }]],
  ['one part more', [{}], [{}, undefined]],
  ['another order', [['a'], ['b']], [['b'], ['a']]],
  ['a text that looks like two', ['a","b'], ['a', 'b']],
  ['a text instead of a number', ['1'], [1]],
  ['a text that looks like an object', ['#1'], [{ some: 'object' }]],
  ['an empty text', [''], [undefined]],
  ['no', [false], [undefined]],
])('%s is another question', (_, one, other) => {
  expect(question(...one)).not.toBe(question(...other))
})
test('what was long not asked about is a new question, never that of another', () => {
  const first = question({ number: -1 })
  const others = Array.from({ length: 5_000 }, (_, number) => question({ number }))
  expect(new Set([first, ...others]).size).toBe(5_001)
  expect(others).not.toContain(question({ number: -1 }))
})
