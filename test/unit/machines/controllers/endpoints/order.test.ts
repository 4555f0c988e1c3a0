import { expect, test } from 'vitest'
import { portsInOrder, subsetsInOrder } from '../../../../../machines/controllers/endpoints/order.ts'

test('the ports of kube-dns stand as on any cluster', () => {
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'metrics', port: 9153, protocol: 'TCP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ]
  expect(portsInOrder(ports).map(({ name }) => name)).toEqual(['dns-tcp', 'dns', 'metrics'])
})

test('the order of subsets does not depend on how they came', () => {
  const reference = { kind: 'Pod', namespace: 'default', name: 'a', uid: 'u' }
  const one = { addresses: [{ ip: '1.1.1.1', nodeName: 'n', targetRef: reference }], ports: [{ port: 1 }] }
  const two = { notReadyAddresses: [{ ip: '1.1.1.2', hostname: 'h', targetRef: {} }] }
  const three = { addresses: [{ ip: '1.1.1.3' }] }
  expect(subsetsInOrder([one, two, three])).toEqual(subsetsInOrder([three, one, two]))
  expect(subsetsInOrder([one])).toEqual([one])
})
