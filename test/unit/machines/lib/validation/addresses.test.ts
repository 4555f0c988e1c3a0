import { expect, test } from 'vitest'
import { checkCidr, checkIp, checkNonSpecialIp } from '../../../../../machines/lib/validation/addresses.ts'
import { told } from './told.ts'

test('an address is of either family', () => {
  expect(['10.0.0.1', '::1', 'x'].map((ip) => told((found) => checkIp(found, 'a', ip)).length)).toEqual([0, 0, 1])
})
test.each([
  ['10.0.0.1', 0],
  ['x', 1],
  ['0.0.0.0', 1],
  ['127.0.0.1', 1],
  ['169.254.1.1', 1],
  ['224.0.0.5', 1],
  ['fe80::1', 1],
])('%s is special: %d', (ip, count) => {
  expect(told((found) => checkNonSpecialIp(found, 'a', ip))).toHaveLength(count)
})
test('a range has bits', () => {
  expect(
    ['10.0.0.0/8', 'fd00::/64', '10.0.0.0', 'fd00::/129'].map(
      (cidr) => told((found) => checkCidr(found, 'a', cidr)).length,
    ),
  ).toEqual([0, 0, 1, 1])
})
