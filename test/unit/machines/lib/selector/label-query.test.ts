import { expect, test } from 'vitest'
import { parseLabelSelector } from '../../../../../machines/lib/selector/label-query.ts'

test.each([
  ['app=web', true],
  ['app==web', true],
  ['app!=web', false],
  ['app in (web, api)', true],
  ['app notin (web)', false],
  ['app', true],
  ['!app', false],
  ['app,tier=front', true],
  ['cpus>4', true],
  ['cpus<4', false],
  ['', true],
  ['missing=', false],
  ['empty=', true],
  ['app in ()', false],
  ['in in (in)', true],
  ['app in (,web)', true],
])('"%s" matches: %s', (text, matches) => {
  const labels = { app: 'web', tier: 'front', cpus: '8', empty: '', in: 'in' }
  expect(parseLabelSelector(text).value?.matches(labels)).toBe(matches)
})
test.each([
  ['a=b=c', "found '=', expected: ',' or 'end of string'"],
  ['a,', "found '', expected: identifier after ','"],
  [',a', "found ',', expected: !, identifier, or 'end of string'"],
  ['a in b', "unable to parse requirement: found 'b' expected: '('"],
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['a ! b', "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"],
  ['a=)', "unable to parse requirement: found ')', expected: identifier"],
  ['!', "unable to parse requirement: found '', expected: identifier"],
])('"%s" is refused', (text, error) => {
  expect(parseLabelSelector(text).error).toBe(error)
})
test('bad keys and values are told', () => {
  expect(parseLabelSelector('-a=b').error).toContain('name part must consist of alphanumeric')
  expect(parseLabelSelector('a=b-').error).toContain('a valid label must be')
  expect(parseLabelSelector('a>b').error).toContain('the value must be an integer')
})
test('requirements are sorted by key', () => {
  expect(parseLabelSelector('b=1,a=2').value?.requirements.map(({ key }) => key)).toEqual(['a', 'b'])
})
