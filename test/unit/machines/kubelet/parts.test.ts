import { expect, test } from 'vitest'
import { firstParts, partsOf, userOf } from '../../../../machines/kubelet/parts.ts'

const INPUT = {
  node: 'n',
  apiserver: 'load-balancer/lb',
  runtime: 'containerd/n',
  hostIP: '1.2.3.4',
  capacity: {},
  labels: {},
  taints: [],
}

test('a kubelet acts as the user of its node', () => {
  expect(userOf('n')).toEqual({ name: 'system:node:n', groups: ['system:nodes', 'system:authenticated'] })
})
test('its parts live on its node', () => {
  const parts = partsOf(INPUT, 5)
  expect(parts).toMatchObject({ kubelet: 'kubelet/n', recorder: 'event-recorder/n/kubelet', since: 5 })
  expect(firstParts(parts).map(([address]) => address.split('/')[1])).toEqual(Array(7).fill('n'))
})
