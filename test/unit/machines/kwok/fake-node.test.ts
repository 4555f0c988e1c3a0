import { expect, test } from 'vitest'
import { fakeNode } from '../../../../machines/kwok/fake-node.ts'

test('a node is labelled, annotated and has a range of its own', () => {
  expect(fakeNode('kwok-node', 258, { cpu: '32' })).toMatchObject({
    metadata: {
      name: 'kwok-node-258',
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: { type: 'kwok', 'kwok.x-k8s.io/kwokctl-scale': 'kwok-node', 'kubernetes.io/hostname': 'kwok-node-258' },
    },
    spec: { podCIDR: '10.1.2.0/24' },
    status: { allocatable: { cpu: '32' }, capacity: { cpu: '32' } },
  })
})

test('there are ranges for 65,536 nodes', () => {
  expect(() => fakeNode('kwok-node', 65_536, {})).toThrow('no range')
})
