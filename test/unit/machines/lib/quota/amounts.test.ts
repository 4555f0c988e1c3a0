import { expect, test } from 'vitest'
import {
  equal,
  exceeding,
  masked,
  nonZero,
  quantityOf,
  sum,
  surplus,
  told,
} from '../../../../../machines/lib/quota/amounts.ts'

test('a sum has every name of either, canonical', () => {
  expect(sum({ pods: '1', 'requests.cpu': '600m' }, { 'requests.cpu': '400m', services: '2' })).toEqual({
    pods: '1',
    'requests.cpu': '1',
    services: '2',
  })
  expect(sum({ memory: '100Mi' }, { memory: '100Mi' })).toEqual({ memory: '200Mi' })
})
test('a surplus is never less than nothing', () => {
  expect(surplus({ a: '3', b: '1' }, { a: '1', b: '2' })).toEqual({ a: '2', b: '0' })
})
test('names are kept, zeros are left out, nonsense is nothing', () => {
  expect(masked({ a: '1', b: '2' }, ['b', 'c'])).toEqual({ b: '2' })
  expect(nonZero({ a: '0', b: '2' })).toEqual({ b: '2' })
  expect(quantityOf('many').nano).toBe(0n)
})
test('what has no limit is never too much', () => {
  expect(exceeding({ a: '2', b: '2', c: '1' }, { a: '1', c: '1' })).toEqual(['a'])
})
test('amounts are equal however they are written', () => {
  expect(equal({ cpu: '1000m' }, { cpu: '1' })).toBe(true)
  expect(equal({ cpu: '1' }, { cpu: '2' })).toBe(false)
  expect(equal({ cpu: '1' }, { memory: '1' })).toBe(false)
  expect(equal({}, { memory: '1' })).toBe(false)
})
test('they are told in the order of their names', () => {
  expect(told({ 'requests.cpu': '1m', pods: '1' })).toBe('pods=1,requests.cpu=1m')
})
