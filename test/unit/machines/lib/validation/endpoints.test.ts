import { expect, test } from 'vitest'
import { checkEndpointSlice, checkEndpoints } from '../../../../../machines/lib/validation/endpoints.ts'
import { told } from './told.ts'

test.each([
  [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80, protocol: 'TCP' }] }, 0],
  [{}, 1],
  [{ notReadyAddresses: [{ ip: '127.0.0.1', hostname: 'A', nodeName: 'A' }] }, 3],
  [
    {
      addresses: [{ ip: '10.0.0.1' }],
      ports: [
        { port: 0, protocol: 'X' },
        { name: 'A', port: 80 },
      ],
    },
    5,
  ],
])('subset %j', (subset, count) => {
  expect(told((found) => checkEndpoints(found, { subsets: [subset] } as never))).toHaveLength(count)
})
const of = (slice: object) =>
  told((found) => checkEndpointSlice(found, { addressType: 'IPv4', endpoints: [], ...slice } as never))
test.each([
  [{ endpoints: [{ addresses: ['10.0.0.1'], nodeName: 'n' }], ports: [{ name: '', protocol: 'TCP' }] }, 0],
  [{ addressType: 'X' }, 1],
  [{ endpoints: [{ addresses: [] }, { addresses: ['x'], nodeName: 'A', hostname: 'A' }] }, 5],
  [{ addressType: 'FQDN', endpoints: [{ addresses: ['A', 'a.b.'] }] }, 1],
  [{ addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1'] }] }, 0],
  [{ ports: [{ name: 'a', protocol: 'X', appProtocol: 'a b' }, { name: 'a' }, { name: 'A', protocol: 'TCP' }] }, 5],
  [{ endpoints: Array.from({ length: 1_001 }, () => ({ addresses: ['10.0.0.1'] })) }, 1],
  [{ endpoints: [{ addresses: Array.from({ length: 101 }, () => '10.0.0.1') }] }, 1],
])('slice', (slice, count) => {
  expect(of(slice)).toHaveLength(count)
})
