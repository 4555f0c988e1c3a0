import { expect, test } from 'vitest'
import {
  badRequest,
  isObject,
  outcomeOf,
  Refused,
  unexplained,
  unprocessable,
} from '../../../../../machines/lib/patch/outcome.ts'

test('a patch that leaves half-way says why', () => {
  expect(outcomeOf(() => 1)).toEqual({ value: 1 })
  expect(
    outcomeOf(() => {
      throw new Refused(unexplained('no'))
    }),
  ).toEqual({ error: { code: 500, reason: '', message: 'no' } })
  expect(badRequest('x').code).toBe(400)
  expect(unprocessable().code).toBe(422)
})
test('a broken assumption is no refusal', () => {
  expect(() =>
    outcomeOf(() => {
      throw new TypeError('broken')
    }),
  ).toThrow('broken')
})
test('a list is no map', () => {
  expect([isObject({}), isObject([]), isObject(null)]).toEqual([true, false, false])
})
