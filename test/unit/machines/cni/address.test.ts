import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  baseOf,
  equal,
  formatAddress,
  formatNetwork,
  type IpAddress,
  type IpNetwork,
  parseAddress,
  parseNetwork,
  plus,
  sizeOf,
} from '../../../../machines/cni/address.ts'

const again = (text: string): string | undefined => {
  const address = parseAddress(text)
  return address === undefined ? undefined : formatAddress(address)
}

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['fd00:99::2', 'fd00:99::2'],
  ['FD00:0099:0:0:0:0:0:2', 'fd00:99::2'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
])('%s is written %s', (text, written) => {
  expect(again(text)).toBe(written)
})
test.each(['10.0.0', '10.0.0.256', '10.0.0.01', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7::8', '1::2::3', '1::g', 'x', ''])(
  '%j is no address',
  (text) => {
    expect(parseAddress(text)).toBeUndefined()
  },
)
test('what is written is read again', () => {
  const value = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
  fc.assert(
    fc.property(value, (six) => {
      const [a, b]: [IpAddress, IpAddress] = [
        { bits: 128, value: six },
        { bits: 32, value: six >> 96n },
      ]
      expect(parseAddress(formatAddress(a))).toEqual(a)
      expect(parseAddress(formatAddress(b))).toEqual(b)
    }),
  )
})

test('a network has a first address and a size', () => {
  const network = parseNetwork('10.99.4.9/29') as IpNetwork
  expect(formatNetwork(network)).toBe('10.99.4.9/29')
  expect(formatAddress(baseOf(network))).toBe('10.99.4.8')
  expect(sizeOf(network)).toBe(8n)
  expect(formatAddress(plus(baseOf(network), 3n))).toBe('10.99.4.11')
  expect(sizeOf(parseNetwork('fd00::/64') as IpNetwork)).toBe(2n ** 64n)
})
test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/x', 'fd00::/129', 'bogus/8', '10.0.0.0/08'])(
  '%s is no network',
  (text) => {
    expect(parseNetwork(text)).toBeUndefined()
  },
)
test('addresses of two families are never equal', () => {
  expect(equal({ bits: 32, value: 1n }, { bits: 128, value: 1n })).toBe(false)
  expect(equal({ bits: 32, value: 1n }, { bits: 32, value: 1n })).toBe(true)
})
