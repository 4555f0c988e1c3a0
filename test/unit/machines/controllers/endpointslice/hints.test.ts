import { expect, test } from 'vitest'
import { hinted, prefersClose } from '../../../../../machines/controllers/endpointslice/hints.ts'
import { newSlice } from '../../../../../machines/controllers/endpointslice/slice.ts'
import { service } from '../objects.ts'

const close = service('web', { trafficDistribution: 'PreferClose' })
const slice = {
  ...newSlice(close, 'IPv4', []),
  endpoints: [
    { addresses: ['1.1.1.1'], conditions: { ready: true }, zone: 'za' },
    { addresses: ['1.1.1.2'], conditions: { ready: false }, zone: 'za' },
    { addresses: ['1.1.1.3'], conditions: { ready: true } },
  ],
}

test('each ready endpoint is for its own zone', () => {
  expect(prefersClose(close)).toBe(true)
  const once = hinted(slice, true)
  expect(once.endpoints.map(({ hints }) => hints)).toEqual([{ forZones: [{ name: 'za' }] }, undefined, undefined])
  expect(hinted(once, true)).toBe(once)
})

test('hints go when they are no longer wanted', () => {
  expect(prefersClose(service('web'))).toBe(false)
  expect(hinted(hinted(slice, true), false)).toEqual(slice)
  expect(hinted(slice, false)).toBe(slice)
})
