import { expect, test } from 'vitest'
import {
  complain,
  duplicate,
  forbidden,
  invalid,
  nonNegative,
  notFound,
  notSupported,
  oneOf,
  required,
  Shown,
  tooLong,
  tooMany,
} from '../../../../../machines/lib/validation/causes.ts'
import { told } from './told.ts'

test('causes have the words of the API', () => {
  const causes = [
    invalid('a', 'x', 'no'),
    invalid('a', 5, ''),
    invalid('a', undefined, 'no'),
    invalid('a', new Shown('T{}'), 'no'),
    required('a'),
    duplicate('a', 'x', 'why'),
    notFound('a', 'x'),
    forbidden('a', 'no'),
    notSupported('a', 'x', ['y', 'z']),
    tooLong('a', 3),
    tooMany('a', 4, 3),
  ]
  expect(causes.map(({ message }) => message)).toEqual([
    'Invalid value: "x": no',
    'Invalid value: 5',
    'Invalid value: "null": no',
    'Invalid value: T{}: no',
    'Required value',
    'Duplicate value: "x": why',
    'Not found: "x"',
    'Forbidden: no',
    'Unsupported value: "x": supported values: "y", "z"',
    'Too long: may not be more than 3 bytes',
    'Too many: 4: must have at most 3 items',
  ])
})
test('common rules', () => {
  expect(told((found) => complain(found, 'a', 'x', ['one', 'two']))).toEqual([
    'a: Invalid value: "x": one',
    'a: Invalid value: "x": two',
  ])
  expect(told((found) => nonNegative(found, 'a', -1))).toEqual([
    'a: Invalid value: -1: must be greater than or equal to 0',
  ])
  expect(told((found) => nonNegative(found, 'a', undefined))).toEqual([])
  expect(told((found) => oneOf(found, 'a', '', ['b']))).toEqual(['a: Required value'])
  expect(told((found) => oneOf(found, 'a', 'c', ['b']))).toHaveLength(1)
  expect(told((found) => oneOf(found, 'a', 'b', ['b']))).toEqual([])
})
