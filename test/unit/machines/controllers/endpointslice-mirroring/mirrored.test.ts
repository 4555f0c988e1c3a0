import { describe, expect, test } from 'vitest'
import { changesFor, MOST_PER_SUBSET } from '../../../../../machines/controllers/endpointslice-mirroring/mirrored.ts'
import type { EndpointSlice, Endpoints } from '../../../../../machines/protocol/objects.ts'
import { object } from '../objects.ts'

const endpoints = (subsets: readonly object[], metadata: Record<string, unknown> = {}) =>
  object('v1', 'Endpoints', 'ext', { metadata: { namespace: 'default', ...metadata }, subsets } as never) as Endpoints
const of = (...ips: readonly string[]) => ips.map((ip) => ({ ip }))
const HTTP = [{ port: 8080, protocol: 'TCP' }]
const one = endpoints([{ addresses: of('198.51.100.1'), notReadyAddresses: of('198.51.100.2'), ports: HTTP }])
const there = (slice: EndpointSlice | undefined, name = 'ext-abcde') =>
  ({ ...slice, metadata: { ...slice?.metadata, name } }) as EndpointSlice
const first = changesFor(one, []).created[0]

describe('Endpoints made by hand', () => {
  test('become a slice that is owned by them', () => {
    expect(first).toMatchObject({
      addressType: 'IPv4',
      metadata: {
        generateName: 'ext-',
        labels: {
          'kubernetes.io/service-name': 'ext',
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
        },
        ownerReferences: [{ kind: 'Endpoints', uid: 'uid-ext' }],
      },
      endpoints: [
        { addresses: ['198.51.100.1'], conditions: { ready: true } },
        { addresses: ['198.51.100.2'], conditions: { ready: false } },
      ],
      ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    })
  })
  test('that are mirrored already ask for nothing, whatever the order', () => {
    const turned = { ...there(first), endpoints: [...(first?.endpoints ?? [])].reverse() }
    expect(changesFor(one, [turned])).toEqual({ created: [], updated: [], deleted: [], invalid: 0, skipped: 0 })
  })
  test('have a slice for each family of addresses and each group of ports', () => {
    const both = endpoints([
      { addresses: of('198.51.100.1', '2001:db8::1'), ports: HTTP },
      { addresses: of('198.51.100.9'), ports: [{ name: 'x', port: 1, appProtocol: 'http' }] },
    ])
    expect(changesFor(both, []).created.map(({ addressType, ports }) => [addressType, ports?.[0]?.port])).toEqual([
      ['IPv4', 8080],
      ['IPv6', 8080],
      ['IPv4', 1],
    ])
  })
  test('pass on what is known of an address, and their own labels and annotations', () => {
    const address = { ip: '198.51.100.1', hostname: 'h', nodeName: 'n', targetRef: { kind: 'Pod', name: 'p' } }
    const labelled = endpoints([{ addresses: [address], ports: HTTP }], {
      labels: { team: 'blue' },
      annotations: { note: 'x', 'endpoints.kubernetes.io/last-change-trigger-time': 'now' },
    })
    const { created } = changesFor(labelled, [])
    expect(created[0]).toMatchObject({
      metadata: { labels: { team: 'blue' }, annotations: { note: 'x' } },
      endpoints: [{ hostname: 'h', nodeName: 'n', targetRef: { name: 'p' } }],
    })
    expect(created[0]?.metadata.annotations).not.toHaveProperty(['endpoints.kubernetes.io/last-change-trigger-time'])
  })
})

describe('slices that are there', () => {
  test('are brought up to date under their names', () => {
    const more = endpoints([{ addresses: of('198.51.100.1', '198.51.100.3'), ports: HTTP }])
    const { created, updated } = changesFor(more, [there(first)])
    expect([created.length, updated.map(({ metadata, endpoints: all }) => [metadata.name, all.length])]).toEqual([
      0,
      [['ext-abcde', 2]],
    ])
    const renamed = endpoints(one.subsets as readonly object[], { labels: { team: 'blue' } })
    expect(changesFor(renamed, [there(first)]).updated.length).toBe(1)
  })
  test('of other ports serve for the new ones before any is made or deleted', () => {
    const moved = endpoints([{ addresses: of('198.51.100.1'), ports: [{ port: 9090 }] }])
    const { created, updated, deleted } = changesFor(moved, [there(first)])
    expect([created, deleted, updated[0]?.metadata.name, updated[0]?.ports?.[0]?.port]).toEqual([
      [],
      [],
      'ext-abcde',
      9090,
    ])
    expect(updated[0]?.metadata).not.toHaveProperty('generateName')
  })
  test('are deleted when there are too many, or none is wanted', () => {
    expect(
      changesFor(one, [there(first), there(first, 'ext-fghij')]).deleted.map(({ metadata }) => metadata.name),
    ).toEqual(['ext-fghij'])
    expect(changesFor(endpoints([]), [there(first)]).deleted.length).toBe(1)
  })
})

test('addresses that are none, and more than a thousand, are left out', () => {
  const many = Array.from({ length: MOST_PER_SUBSET + 5 }, (_, i) => `10.0.${i >> 8}.${i & 255}`)
  const { created, invalid, skipped } = changesFor(endpoints([{ addresses: of('nonsense', ...many), ports: HTTP }]), [])
  expect([created[0]?.endpoints.length, invalid, skipped]).toEqual([MOST_PER_SUBSET, 1, 6])
})
