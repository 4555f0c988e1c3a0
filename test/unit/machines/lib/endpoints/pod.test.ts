import { describe, expect, test } from 'vitest'
import {
  addressesOf,
  belongs,
  changeOf,
  hostnameIn,
  isReady,
  portOf,
} from '../../../../../machines/lib/endpoints/pod.ts'
import { pod, service } from '../../controllers/objects.ts'

const going = { metadata: { deletionTimestamp: '2026-01-01T00:00:30Z' } }

test('a pod belongs to endpoints while it has an address and its life is not over', () => {
  expect(belongs(pod('a'), false)).toBe(true)
  expect(belongs(pod('a', { status: { podIP: '', podIPs: [] } }), true)).toBe(false)
  expect(belongs(pod('a', { status: { phase: 'Failed' } }), true)).toBe(false)
  expect(belongs(pod('a', going), false)).toBe(false)
  expect(belongs(pod('a', going), true)).toBe(true)
})

test('its addresses are all of them, or the one', () => {
  expect(addressesOf(pod('a', { status: { podIPs: [{ ip: '1.1.1.1' }, { ip: '::1' }] } }))).toEqual(['1.1.1.1', '::1'])
  expect(addressesOf(pod('a', { status: { podIPs: [], podIP: '1.1.1.1' } }))).toEqual(['1.1.1.1'])
  expect(isReady(pod('a', { ready: false }))).toBe(false)
})

test('it has a host name in the Service that its subdomain names', () => {
  const named = pod('a', { spec: { hostname: 'db-0', subdomain: 'db' } })
  expect(hostnameIn(named, service('db'))).toBe('db-0')
  expect(hostnameIn(named, service('web'))).toBeUndefined()
  expect(hostnameIn(pod('a'), service('db'))).toBeUndefined()
})

test('a port is found by number, or by name and protocol, also of a sidecar', () => {
  const ports = [{ name: 'http', containerPort: 8080 }]
  const sidecar = { name: 's', restartPolicy: 'Always', ports: [{ name: 'admin', containerPort: 9000 }] }
  const init = { name: 'i', ports: [{ name: 'never', containerPort: 1 }] }
  const some = pod('a', { spec: { containers: [{ name: 'c', ports }], initContainers: [sidecar, init] } })
  expect(portOf(some, { port: 80 })).toBe(80)
  expect(portOf(some, { port: 80, targetPort: 8080 })).toBe(8080)
  expect(portOf(some, { port: 80, targetPort: 'http' })).toBe(8080)
  expect(portOf(some, { port: 80, targetPort: 'http', protocol: 'UDP' })).toBeUndefined()
  expect(portOf(some, { port: 80, targetPort: 'admin' })).toBe(9000)
  expect(portOf(some, { port: 80, targetPort: 'never' })).toBeUndefined()
})

describe('a change of a pod', () => {
  const was = pod('a')
  test.each([
    ['of nothing that counts', pod('a', { metadata: { annotations: { x: 'y' } } }), { pod: false, labels: false }],
    ['of a label', pod('a', { metadata: { labels: { app: 'db' } } }), { pod: false, labels: true }],
    ['of its host name', pod('a', { spec: { hostname: 'h' } }), { pod: false, labels: true }],
    ['of its readiness', pod('a', { ready: false }), { pod: true, labels: false }],
    ['of its address', pod('a', { ip: '10.244.0.9' }), { pod: true, labels: false }],
    ['of its node', pod('a', { spec: { nodeName: 'node-2' } }), { pod: true, labels: false }],
    ['into terminating', pod('a', going), { pod: true, labels: false }],
    ['into the end', pod('a', { status: { phase: 'Succeeded' } }), { pod: true, labels: false }],
  ])('%s', (_, now, expected) => {
    expect(changeOf(was, now)).toEqual(expected)
  })
})
