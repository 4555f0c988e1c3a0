import { expect, test } from 'vitest'
import { drawn, givenBack, ipPool, taken } from '../../../../machines/kwok/ip-pool.ts'

test('addresses begin with the one that the range is written with', () => {
  expect(drawn(ipPool('10.0.0.1/24'))[0]).toBe('10.0.0.1')
  expect(drawn(ipPool('10.0.3.0/24'))[0]).toBe('10.0.3.0')
})

test('what is in use from before is passed over', () => {
  const pool = taken(taken(ipPool('10.0.3.0/24'), '10.0.3.0'), '10.0.3.1')
  expect(drawn(pool)[0]).toBe('10.0.3.2')
  expect(taken(pool, '10.0.3.0')).toBe(pool)
})

test('what was given back is used again first, and addresses of other ranges are none of its business', () => {
  const [, one] = drawn(ipPool('10.0.3.0/24'))
  const [, two] = drawn(one)
  expect(drawn(givenBack(two, '10.0.3.0'))[0]).toBe('10.0.3.0')
  expect(givenBack(two, '10.0.4.0')).toBe(two)
})

test('a range that is none is a mistake', () => {
  expect(() => drawn(ipPool('nonsense'))).toThrow('no range of addresses')
})
