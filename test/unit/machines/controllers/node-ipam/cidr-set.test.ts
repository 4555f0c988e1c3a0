import { expect, test } from 'vitest'
import { allocated, cidrSet, occupied, released } from '../../../../../machines/controllers/node-ipam/cidr-set.ts'

test('ranges are given away in order, past those in use, and one given back comes last', () => {
  const set = occupied(cidrSet('10.244.0.0/22', 24), '10.244.1.0/24')
  const [first, one] = allocated(set) ?? []
  expect(first).toBe('10.244.0.0/24')
  const [second, two] = allocated(released(one ?? set, '10.244.0.0/24')) ?? []
  expect(second).toBe('10.244.2.0/24')
  const [third, three] = allocated(two ?? set) ?? []
  expect(third).toBe('10.244.3.0/24')
  const [fourth, four] = allocated(three ?? set) ?? []
  expect(fourth).toBe('10.244.0.0/24')
  expect(allocated(four ?? set)).toBeUndefined()
})

test('a range that is none is refused', () => {
  expect(() => cidrSet('nonsense', 24)).toThrow('"nonsense" is no range of addresses like 10.244.0.0/16')
  expect(allocated(cidrSet('10.0.0.0/24', 33))).toBeUndefined()
})
