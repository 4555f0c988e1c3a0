import { expect, test } from 'vitest'
import { same } from '../../../../../machines/controllers/kit/same.ts'

test.each([
  ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
  ['null, nothing and an empty map', { a: null, b: {} }, { c: [] }, true],
  ['another value', { a: 1 }, { a: 2 }, false],
  ['a key more', { a: 1 }, { a: 1, b: 2 }, false],
  ['a list in another order', { a: [1, 2] }, { a: [2, 1] }, false],
  ['a longer list', [1], [1, 2], false],
  ['a list and a map', [1], { 0: 1 }, false],
  ['false and nothing', { a: false }, {}, false],
  ['a text and a number', { a: '1' }, { a: 1 }, false],
])('%s', (_, a, b, equal) => {
  expect([same(a, b), same(b, a)]).toEqual([equal, equal])
})
