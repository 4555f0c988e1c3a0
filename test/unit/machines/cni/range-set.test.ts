import { expect, test } from 'vitest'
import { formatAddress, type IpAddress, parseAddress } from '../../../../machines/cni/address.ts'
import {
  type RangeConfig,
  type RangeSet,
  rangeFor,
  rangeSetsOf,
  roundFrom,
  shown,
} from '../../../../machines/cni/range-set.ts'

const ip = (text: string): IpAddress => parseAddress(text) as IpAddress
const setOf = (...ranges: readonly RangeConfig[]): RangeSet =>
  (rangeSetsOf([ranges]) as readonly RangeSet[])[0] as RangeSet
const round = (set: RangeSet, last?: string): readonly string[] =>
  [...roundFrom(set, last === undefined ? undefined : ip(last))].map(([address]) => formatAddress(address))

test.each([
  ['bogus', 'invalid CIDR address: bogus'],
  ['10.0.0.0/31', 'invalid range set 0: Network 10.0.0.0/31 too small to allocate from'],
  ['fd00::/127', 'invalid range set 0: Network fd00::/127 too small to allocate from'],
  [
    'fd00::5/64',
    'invalid range set 0: Network has host bits set. For a subnet mask of length 64 the network address is fd00::',
  ],
])('%s is refused', (subnet, why) => {
  expect(rangeSetsOf([[{ subnet }]])).toBe(why)
})
test('bounds lie in the network, the end not before the start', () => {
  const subnet = '10.0.0.0/24'
  expect(rangeSetsOf([[{ subnet, rangeStart: '10.0.1.1' }]])).toBe(
    'invalid range set 0: RangeStart 10.0.1.1 not in network 10.0.0.0/24',
  )
  expect(rangeSetsOf([[{ subnet, rangeStart: '10.0.0.9', rangeEnd: '10.0.0.8' }]])).toBe(
    'invalid range set 0: RangeEnd 10.0.0.8 not in network 10.0.0.0/24',
  )
})
test('there is a range, and none is in two sets', () => {
  expect(rangeSetsOf([])).toBe('no IP ranges specified')
  const [a, b, c] = [{ subnet: '10.0.0.0/24' }, { subnet: 'fd00::/64' }, { subnet: '10.0.0.128/25' }]
  expect(rangeSetsOf([[a], [b], [c]])).toBe('range set 0 overlaps with 2')
  expect(rangeSetsOf([[c], [a]])).toBe('range set 0 overlaps with 1')
  expect(rangeSetsOf([[a], [b]])).toHaveLength(2)
})
test('IPv4 keeps its broadcast, IPv6 has none', () => {
  expect(shown(setOf({ subnet: '10.0.0.0/29' }, { subnet: 'fd00::/125' }))).toBe('10.0.0.1-10.0.0.6,fd00::1-fd00::7')
})
test('the round begins after the last and comes back to it, without gateways', () => {
  const set = setOf({ subnet: '10.0.0.0/29' }, { subnet: '10.0.1.0/30' })
  const all = ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.1.2']
  expect(round(set)).toEqual(all)
  expect(round(set, '10.9.9.9')).toEqual(all)
  expect(round(set, '10.0.0.4')).toEqual(['10.0.0.5', '10.0.0.6', '10.0.1.2', '10.0.0.2', '10.0.0.3', '10.0.0.4'])
  expect(round(set, '10.0.1.2')).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.1.2'])
})
test('an address is in the range that holds it', () => {
  const set = setOf({ subnet: '10.0.0.0/29' }, { subnet: '10.0.1.0/30', gateway: '10.0.1.2' })
  expect(rangeFor(set, ip('10.0.1.1'))).toBe(set[1])
  expect(rangeFor(set, ip('fd00::1'))).toBeUndefined()
  expect(round(set, '10.0.0.6').slice(0, 1)).toEqual(['10.0.1.1'])
})
