import { expect, test } from 'vitest'
import { type Attachments, add, check, del, networkOf, noAttachments } from '../../../../machines/cni/bridge.ts'

const network = networkOf({ subnet: '10.99.0.0/29' })
const tiny = networkOf({ subnet: '10.99.4.0/30' })
const with1 = (config = network): Attachments => add(config, noAttachments, 'c1').allocations

test('a container gets an interface on the bridge, and an address', () => {
  expect(add(network, noAttachments, 'c1')).toMatchObject({
    ips: [{ ip: '10.99.0.2', prefixLength: 29, gateway: '10.99.0.1' }],
    interfaces: ['cni0', 'veth', 'eth0'],
    routes: null,
  })
  expect(add({ ...network, routes: [{ dst: '0.0.0.0/0' }] }, noAttachments, 'c1')).toMatchObject({
    routes: [{ dst: '0.0.0.0/0' }],
  })
})
test('twice is once too often', () => {
  expect(add(network, with1(), 'c1')).toEqual({
    error: 'container veth name provided (eth0) already exists',
    allocations: with1(),
  })
})
test('an interface is made before an address is found wanting, and stays until a deletion', () => {
  const failed = add(tiny, with1(tiny), 'c2').allocations
  expect(add(tiny, failed, 'c2')).toMatchObject({ error: 'container veth name provided (eth0) already exists' })
  expect(add(tiny, del(del(failed, 'c2'), 'c1'), 'c2')).toMatchObject({ ips: [{ ip: '10.99.4.2' }] })
})
test('nothing is made in a namespace that does not exist', () => {
  expect(add(network, noAttachments, 'c1', { missingNetns: '/run/none' })).toEqual({
    error: 'failed to open netns "/run/none": failed to Statfs "/run/none": no such file or directory',
    allocations: noAttachments,
  })
})
test('deleting what never was is well', () => {
  expect(del(with1(), 'c9')).toEqual(with1())
})
test('a check finds what is missing', () => {
  const told = { interfaces: ['cni0', 'veth', 'eth0'], ips: [{ ip: '10.99.0.2', prefixLength: 29, gateway: '' }] }
  expect(check(network, with1(), 'c1', told)).toBeUndefined()
  expect(check(network, with1(), 'c1', { ...told, interfaces: [] })).toBe('Interface name missing ')
  expect(check(network, noAttachments, 'c1', told)).toBe('interface eth0 not found')
  const other = { ...told, ips: [{ ip: '10.99.0.3', prefixLength: 29, gateway: '' }] }
  expect(check(network, with1(), 'c1', other)).toBe('host-local: Failed to find address added by container c1')
})
