import { expect, test } from 'vitest'
import { NO_ORDER, names, ordered, unordered, zoneOf } from '../../../../machines/scheduler/node-order.ts'

const zone = (name: string) => ({ 'topology.kubernetes.io/zone': name })
const order = [
  ['a1', 'a'],
  ['a2', 'a'],
  ['b1', 'b'],
  ['a3', 'a'],
  ['c1', 'c'],
].reduce((all, [name, its]) => ordered(all, name as string, zone(its as string)), NO_ORDER)

test('zones take turns, each in the order in which its nodes came', () => {
  expect(names(order)).toEqual(['a1', 'b1', 'c1', 'a2', 'a3'])
  expect(names(order)).toBe(names(order))
})
test('a node that changes its zone goes to the end of the new one', () => {
  expect(names(ordered(order, 'a1', zone('b')))).toEqual(['a2', 'b1', 'c1', 'a3', 'a1'])
  expect(ordered(order, 'a1', zone('a'))).toBe(order)
})
test('a zone that was empty comes last', () => {
  expect(names(ordered(unordered(order, 'b1'), 'b2', zone('b')))).toEqual(['a1', 'c1', 'b2', 'a2', 'a3'])
  expect(unordered(order, 'x')).toBe(order)
})
test('a zone is a region and a zone in it', () => {
  expect(zoneOf({})).toBe('')
  expect(zoneOf({ 'topology.kubernetes.io/region': 'r', ...zone('z') })).toBe('r:\0:z')
  expect(zoneOf({ 'failure-domain.beta.kubernetes.io/zone': 'z' })).toBe(zoneOf(zone('z')))
})
