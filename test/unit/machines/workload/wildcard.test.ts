import { expect, test } from 'vitest'
import { matches } from '../../../../machines/workload/wildcard.ts'

test.each([
  ['a*', 'abc', true],
  ['a?c', 'abc', true],
  ['*nginx*', 'docker.io/library/nginx:1', true],
  ['a.c', 'abc', false],
  ['[x]', '[x]', true],
  ['a', 'ab', false],
])('%s fits %s: %s', (pattern, text, is) => {
  expect(matches(pattern, text)).toBe(is)
})
