import { expect, test } from 'vitest'
import {
  endpointOf,
  identityOf,
  isUnchanged,
  portKey,
  portsOf,
} from '../../../../../machines/controllers/endpointslice/endpoint.ts'
import { node, pod, service } from '../objects.ts'

const zoned = node('node-1', 'True', { metadata: { labels: { 'topology.kubernetes.io/zone': 'za' } } })
const going = { metadata: { deletionTimestamp: '2026-01-01T00:00:30Z' } }

test('a pod is an endpoint on its node, in its zone', () => {
  expect(endpointOf(pod('a'), zoned, service('web'), 'IPv4')).toEqual({
    addresses: ['10.244.0.2'],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: 'node-1',
    targetRef: { kind: 'Pod', name: 'a', namespace: 'default', uid: 'uid-a' },
    zone: 'za',
  })
  expect(endpointOf(pod('a'), node('node-1'), service('web'), 'IPv6').addresses).toEqual([])
})

test('one that terminates is not ready, though it may serve; unless all are published', () => {
  const ending = pod('a', going)
  expect(endpointOf(ending, zoned, service('web'), 'IPv4').conditions).toEqual({
    ready: false,
    serving: true,
    terminating: true,
  })
  const published = service('web', { publishNotReadyAddresses: true })
  expect(endpointOf(pod('a', { ready: false }), zoned, published, 'IPv4').conditions).toMatchObject({
    ready: true,
    serving: false,
  })
})

test('ports that the pod does not have are left out, and their order does not matter', () => {
  const ports = [
    { name: 'a', port: 80, targetPort: 8080, appProtocol: 'h2c' },
    { name: 'b', port: 81, targetPort: 'none' },
    { port: 82, protocol: 'UDP' },
  ]
  const found = portsOf(service('web', { ports }), pod('a'))
  expect(found).toEqual([
    { name: 'a', port: 8080, protocol: 'TCP', appProtocol: 'h2c' },
    { name: '', port: 82, protocol: 'UDP' },
  ])
  expect(portKey([...found].reverse())).toBe(portKey(found))
  expect(portKey(null)).toBe('')
})

test('hints make no difference, a condition does', () => {
  const one = endpointOf(pod('a'), zoned, service('web'), 'IPv4')
  expect(isUnchanged(one, { ...one, hints: { forZones: [{ name: 'za' }] } })).toBe(true)
  expect(isUnchanged(one, { ...one, conditions: { ready: false } })).toBe(false)
  expect(isUnchanged(one, { ...one, zone: 'zb' })).toBe(false)
  expect(identityOf(one)).toBe(identityOf({ ...one, conditions: {} }))
  expect(identityOf(one)).not.toBe(identityOf({ ...one, hostname: 'h' }))
})
