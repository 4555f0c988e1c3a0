import { describe, expect, test } from 'vitest'
import {
  endpointSliceMirroringController,
  mirroredEndpoints,
} from '../../../../../machines/controllers/endpointslice-mirroring/index.ts'
import { changesFor } from '../../../../../machines/controllers/endpointslice-mirroring/mirrored.ts'
import type { ApiObject, Endpoints } from '../../../../../machines/protocol/objects.ts'
import { born } from '../../../../kit/chart.ts'
import { ok } from '../kit/replies.ts'
import { object, objectInput, service, sync, viewOf } from '../objects.ts'

const endpoints = (metadata: Record<string, unknown> = {}, ip = '198.51.100.1') =>
  object('v1', 'Endpoints', 'ext', {
    metadata: { namespace: 'default', ...metadata },
    subsets: [{ addresses: [{ ip }], ports: [{ port: 80 }] }],
  } as never) as Endpoints
const { selector: _, ...free } = service('ext').spec
const manual = { ...service('ext'), spec: free } as ApiObject
const made = changesFor(endpoints(), []).created[0]
const slice = { ...made, metadata: { ...made?.metadata, name: 'ext-abcde' } } as ApiObject
const synced = (all: Readonly<Record<string, readonly ApiObject[]>>) =>
  born(mirroredEndpoints, objectInput('default/ext')).on(
    sync(viewOf({ endpoints: [], services: [], 'endpointslices.discovery.k8s.io': [], ...all })),
  )
const SLICES = { 'endpointslices.discovery.k8s.io': [slice] }
const verb = (chart: ReturnType<typeof synced>) => (chart.did('call')[0]?.event as { verb?: string } | undefined)?.verb

describe('Endpoints of a Service that selects nothing', () => {
  test('are mirrored', () => {
    const chart = synced({ endpoints: [endpoints()], services: [manual] })
    expect(chart.did('call')[0]?.event).toMatchObject({ verb: 'create', body: { metadata: { generateName: 'ext-' } } })
    expect(chart.on(ok()).did('send')).toMatchObject([{ event: { outcome: 'done' } }])
    expect(verb(synced({ endpoints: [endpoints({}, '198.51.100.2')], services: [manual], ...SLICES }))).toBe('update')
    expect(verb(synced({ endpoints: [endpoints()], services: [manual], ...SLICES }))).toBe(undefined)
  })
  test('that are going make no new slice', () => {
    expect(
      verb(synced({ endpoints: [endpoints({ deletionTimestamp: '2026-01-01T00:00:00Z' })], services: [manual] })),
    ).toBe(undefined)
  })
  test('have it told what cannot be mirrored', () => {
    const wrong = endpoints({}, 'nonsense')
    expect(synced({ endpoints: [wrong], services: [manual] }).did('send')[0]).toMatchObject({
      event: { reason: 'InvalidIPAddress', message: 'Skipped 1 invalid IP addresses when mirroring to EndpointSlices' },
    })
    const addresses = Array.from({ length: 1_001 }, (_, i) => ({ ip: `10.0.${i >> 8}.${i & 255}` }))
    const many = { ...endpoints(), subsets: [{ addresses, ports: [{ port: 80 }] }] }
    expect(synced({ endpoints: [many], services: [manual] }).did('send')[0]).toMatchObject({
      event: {
        reason: 'TooManyAddressesToMirror',
        message:
          'A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. 1 addresses were skipped',
      },
    })
  })
})

test.each([
  ['no Endpoints', {}],
  ['no Service', { endpoints: [endpoints()] }],
  ['a Service that selects', { endpoints: [endpoints()], services: [service('ext')] }],
  [
    'the label that forbids it',
    { endpoints: [endpoints({ labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } })], services: [manual] },
  ],
  [
    'a leader',
    {
      endpoints: [endpoints({ annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } })],
      services: [manual],
    },
  ],
])('with %s there is no slice', (_name, all) => {
  const chart = synced({ ...all, ...SLICES })
  expect(verb(chart)).toBe('delete')
  expect(chart.on(ok()).done).toBe(true)
})

test('what concerns them', () => {
  const concerned = (resource: string, was: ApiObject | undefined, now: ApiObject | undefined, services = [manual]) =>
    endpointSliceMirroringController.concerns(resource, { key: 'default/ext', was, now }, viewOf({ services }))
  expect(concerned('endpoints', undefined, endpoints())).toEqual(['default/ext'])
  expect(concerned('endpoints', undefined, endpoints(), [service('ext')])).toEqual([])
  expect(concerned('services', undefined, manual)).toEqual(['default/ext'])
  expect(concerned('services', undefined, service('ext'))).toEqual([])
  expect(concerned('services', service('ext'), manual)).toEqual(['default/ext'])
  expect(concerned('services', manual, manual)).toEqual([])
  expect(concerned('endpointslices.discovery.k8s.io', slice, undefined)).toEqual(['default/ext'])
  const other = { ...slice, metadata: { ...slice.metadata, labels: {} } }
  expect(concerned('endpointslices.discovery.k8s.io', other, undefined)).toEqual([])
})
