import { expect, test } from 'vitest'
import { inWords, type Problem, Reading } from '../../../../../machines/scheduler/configuration/reading.ts'

test('a place is told as users write it, and the whole as nothing', () => {
  const problems: Problem[] = []
  const at = new Reading({ a: [{ b: 1 }] }, problems)
  at.wrong('bad')
  at.at('a').items()[0]?.at('b').wrong('worse')
  expect(problems.map(inWords)).toEqual(['bad', 'a[0].b: worse'])
})
test('what is not there is what it would be otherwise', () => {
  const problems: Problem[] = []
  const nothing = new Reading(null, problems).at('x')
  expect([nothing.text('a'), nothing.whole(1), nothing.number(0.5), nothing.yes(true), nothing.items()]).toEqual([
    'a',
    1,
    0.5,
    true,
    [],
  ])
  expect(problems).toEqual([])
})
