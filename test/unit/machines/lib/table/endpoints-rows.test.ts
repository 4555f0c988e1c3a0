import { expect, test } from 'vitest'
import { endpointSliceCells, endpointsCells } from '../../../../../machines/lib/table/endpoints-rows.ts'
import type { Json } from '../recordings.ts'

const NOW = Date.UTC(2026, 0, 1)
const of = (object: Json): never =>
  ({ metadata: { name: 'x', creationTimestamp: '2025-12-31T23:59:00Z' }, ...object }) as never

test('endpoints show three addresses', () => {
  const addresses = ['1.0.0.1', '1.0.0.2', '1.0.0.3', '1.0.0.4'].map((ip) => ({ ip }))
  expect(endpointsCells(of({ subsets: [{ addresses, ports: [{ port: 80 }] }] }), NOW)[1]).toBe(
    '1.0.0.1:80,1.0.0.2:80,1.0.0.3:80 + 1 more...',
  )
  expect(endpointsCells(of({ subsets: [{ addresses: [{ ip: '::1' }, { ip: '1.0.0.1' }] }] }), NOW)[1]).toBe(
    '::1,1.0.0.1',
  )
  expect(endpointsCells(of({}), NOW)[1]).toBe('<none>')
  const slice = {
    addressType: 'IPv4',
    ports: [{ port: 80 }, { name: 'x' }, {}],
    endpoints: [{ addresses: ['1.0.0.1'] }],
  }
  expect(endpointSliceCells(of(slice), NOW).slice(1, 4)).toEqual(['IPv4', '80,x,*', '1.0.0.1'])
  expect(endpointSliceCells(of({ addressType: 'IPv4', ports: null, endpoints: null }), NOW).slice(2, 4)).toEqual([
    '<unset>',
    '<unset>',
  ])
})
