import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Allocations, noAllocations, release, reserve } from '../../../../machines/cni/host-local.ts'
import type { RangeConfig } from '../../../../machines/cni/range-set.ts'

const small: RangeConfig = { subnet: '10.99.0.0/29' }

/** Reserves (`+c1`) and releases (`-c1`) in order; tells the addresses and errors of the reservations. */
function told(range: RangeConfig, ...steps: readonly string[]): readonly [readonly string[], Allocations] {
  let allocations = noAllocations
  const seen: string[] = []
  for (const step of steps) {
    const [container = '', ...requested] = step.slice(1).split('@')
    if (step.startsWith('-')) allocations = release(allocations, container)
    else {
      const given = reserve([[range]], allocations, container, requested)
      allocations = given.allocations
      seen.push('ips' in given ? given.ips.map(({ ip }) => ip).join() : given.error)
    }
  }
  return [seen, allocations]
}

describe('as recorded', () => {
  test('addresses go on from the last one and wrap to freed ones', () => {
    const [seen, { lastReserved }] = told(small, '+c1', '+c2', '+c3', '-c2', '+c4', '+c5', '+c6', '+c7', '+c6')
    expect(seen).toEqual([
      '10.99.0.2',
      '10.99.0.3',
      '10.99.0.4',
      '10.99.0.5',
      '10.99.0.6',
      '10.99.0.3',
      'failed to allocate for range 0: no IP addresses available in range set: 10.99.0.1-10.99.0.6',
      'failed to allocate for range 0: 10.99.0.3 has been allocated to c6, duplicate allocation is not allowed',
    ])
    expect(lastReserved).toEqual(['10.99.0.3'])
  })
  test('deleting twice, or what never was, is well', () => {
    expect(told(small, '+c1', '-c1', '-c1', '-c9', '+c1')[0]).toEqual(['10.99.0.2', '10.99.0.3'])
  })
  test('a range can have bounds and a gateway of its own', () => {
    const network = { subnet: '10.99.1.0/24', rangeStart: '10.99.1.10', rangeEnd: '10.99.1.12', gateway: '10.99.1.254' }
    expect(told(network, '+c1', '+c2', '+c3', '+c4')[0].slice(2)).toEqual([
      '10.99.1.12',
      'failed to allocate for range 0: no IP addresses available in range set: 10.99.1.10-10.99.1.12',
    ])
    expect(reserve([[network]], noAllocations, 'c1', [])).toMatchObject({
      ips: [{ ip: '10.99.1.10', gateway: '10.99.1.254', prefixLength: 24 }],
    })
  })
  test('an address can be asked for', () => {
    const network = { subnet: '10.99.2.0/29' }
    const [seen] = told(network, '+c1@10.99.2.5', '+c2@10.99.2.5', '+c3@10.99.9.9', '+c4@10.99.2.1', '+c5')
    expect(seen).toEqual([
      '10.99.2.5',
      'failed to allocate for range 0: requested IP address 10.99.2.5 is not available in range set 10.99.2.1-10.99.2.6',
      'failed to allocate all requested IPs: 10.99.9.9',
      "failed to allocate for range 0: requested ip 10.99.2.1 is subnet's gateway",
      '10.99.2.2',
    ])
  })
  test.each([
    ['10.99.4.0/30', '10.99.4.2'],
    ['10.99.4.0/31', 'invalid range set 0: Network 10.99.4.0/31 too small to allocate from'],
    ['10.99.4.0/32', 'invalid range set 0: Network 10.99.4.0/32 too small to allocate from'],
    [
      '10.99.4.1/24',
      'invalid range set 0: Network has host bits set. For a subnet mask of length 24 the network address is 10.99.4.0',
    ],
    ['bogus', 'invalid CIDR address: bogus'],
  ])('subnet %s', (subnet, seen) => {
    expect(told({ subnet }, '+c1')[0]).toEqual([seen])
  })
  test('a full range is full, whatever is asked for', () => {
    const [seen, { lastReserved }] = told({ subnet: '10.99.4.0/30' }, '+c1', '+c2@10.1.1.1')
    expect(seen[1]).toContain('no IP addresses available in range set: 10.99.4.1-10.99.4.2')
    expect(lastReserved).toEqual(['10.99.4.2'])
  })
})

describe('several sets of ranges', () => {
  const both = [[{ subnet: '10.99.3.0/29' }], [{ subnet: 'fd00:99::/125' }]]
  test('a container gets one address of each', () => {
    const given = reserve(both, noAllocations, 'c1', [])
    expect(given).toMatchObject({
      ips: [{ ip: '10.99.3.2' }, { ip: 'fd00:99::2', gateway: 'fd00:99::1', prefixLength: 125 }],
      allocations: { lastReserved: ['10.99.3.2', 'fd00:99::2'] },
    })
    expect(release(given.allocations, 'c1').byAddress.size).toBe(0)
  })
  test('it gets none when one of them is full', () => {
    const [, six] = both
    const full = reserve([[{ subnet: '10.99.3.0/30' }], six ?? []], noAllocations, 'c1', []).allocations
    const given = reserve([[{ subnet: '10.99.5.0/29' }], [{ subnet: '10.99.3.0/30' }]], full, 'c2', [])
    expect(given).toMatchObject({
      error: 'failed to allocate for range 1: no IP addresses available in range set: 10.99.3.1-10.99.3.2',
    })
    expect(given.allocations.byContainer.keys()).toEqual(['c1'])
  })
  test('an address is asked for in the set where it lies', () => {
    expect(reserve(both, noAllocations, 'c1', ['fd00:99::5'])).toMatchObject({
      ips: [{ ip: '10.99.3.2' }, { ip: 'fd00:99::5' }],
    })
    expect(reserve(both, noAllocations, 'c1', ['nowhere', '10.1.1.1'])).toMatchObject({
      error: 'failed to allocate all requested IPs: nowhere 10.1.1.1',
    })
  })
})

test('no two containers ever have one address', () => {
  const step = fc.tuple(fc.constantFrom('+', '-'), fc.integer({ min: 1, max: 9 })).map(([sign, n]) => `${sign}c${n}`)
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [, { byAddress, byContainer }] = told(small, ...steps)
      expect(byAddress.size).toBe(byContainer.size)
      byContainer.each(([ip = ''], container) => expect(byAddress.get(ip)).toBe(container))
    }),
  )
})
