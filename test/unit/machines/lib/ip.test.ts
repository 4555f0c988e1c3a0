import { expect, test } from 'vitest'
import {
  addressAt,
  addresses,
  type Cidr,
  contains,
  formatCidr,
  formatIp,
  isIpv6,
  parseCidr,
  parseIp,
  subnet,
} from '../../../../machines/lib/ip.ts'

const range = parseCidr('10.96.0.0/30') as Cidr

test('an address is read and written', () => {
  for (const ip of ['0.0.0.0', '10.96.0.10', '255.255.255.255']) expect(formatIp(parseIp(ip) as number)).toBe(ip)
})
test.each(['1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.x', ''])('"%s" is no address', (text) => {
  expect(parseIp(text)).toBeUndefined()
})
test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/08'])('"%s" is no range', (text) => {
  expect(parseCidr(text)).toBeUndefined()
})
test('a range has its addresses in order', () => {
  expect([...addresses(range)].map(formatIp)).toEqual(['10.96.0.0', '10.96.0.1', '10.96.0.2', '10.96.0.3'])
  expect(addressAt(range, 2)).toBe('10.96.0.2')
  expect([contains(range, parseIp('10.96.0.3') as number), contains(range, parseIp('10.96.0.4') as number)]).toEqual([
    true,
    false,
  ])
  expect(formatCidr(parseCidr('10.96.0.9/24') as Cidr)).toBe('10.96.0.0/24')
})
test('nodes get parts of a range until none is left', () => {
  const pods = parseCidr('10.244.0.0/16') as Cidr
  expect(formatCidr(subnet(pods, 24, 1) as Cidr)).toBe('10.244.1.0/24')
  expect(subnet(pods, 24, 256)).toBeUndefined()
  expect(subnet(pods, 8, 0)).toBeUndefined()
})
test.each([
  ['::', true],
  ['::1', true],
  ['2001:db8::ffff', true],
  ['::ffff:10.0.0.1', true],
  ['1:2:3:4:5:6:7:8', true],
  ['1:2:3:4:5:6:7', false],
  ['1::2::3', false],
  ['10.0.0.1', false],
  ['::g', false],
])('%s is an IPv6 address: %s', (text, is) => {
  expect(isIpv6(text)).toBe(is)
})
