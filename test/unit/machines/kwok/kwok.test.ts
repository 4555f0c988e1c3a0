import { expect, test } from 'vitest'
import { kwok } from '../../../../machines/kwok/kwok.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { added, cacheChanged, KWOK, moved, node, removed } from './fixtures.ts'

const start = () => born(kwok, KWOK, 'kwok/kwok')
const told = (...deltas: Parameters<typeof cacheChanged>[1]) => cacheChanged('nodes', deltas)

test('it watches nodes, the leases of nodes and the pods that are bound', () => {
  expect(start().did('spawn')).toMatchObject([
    { address: 'kwok-pods/kwok', machine: 'kwok-pods' },
    {
      address: 'reflector/kwok/kwok/leases.coordination.k8s.io',
      input: { namespace: 'kube-node-lease', subscribers: [] },
    },
    {
      address: 'reflector/kwok/kwok/pods',
      input: { fieldSelector: 'spec.nodeName!=', subscribers: [{ to: 'kwok-pods/kwok' }] },
    },
    { address: 'reflector/kwok/kwok/nodes', input: { subscribers: [{ to: 'kwok/kwok' }] } },
  ])
})

test('it takes on the nodes that are annotated as fake and leaves the others alone', () => {
  const real = { ...node('node-1'), metadata: { name: 'node-1' } }
  const chart = start().on(told(added(node('kwok-node-0')), added(real)))
  expect(chart.state).toBe('managing')
  expect(chart.asked).toMatchObject([
    {
      do: 'spawn',
      address: 'kwok-node/kwok/kwok-node-0',
      input: { identity: expect.stringMatching(/^kwok_/), pods: 'kwok-pods/kwok' },
    },
  ])
  expect(chart.on(told(moved(real, real))).asked).toEqual([])
})

test('a node that changed is told to its actor, even without its annotation', () => {
  const bare = { ...node('kwok-node-0'), metadata: { ...node('kwok-node-0').metadata, annotations: {} } }
  const chart = start()
    .on(told(added(node('kwok-node-0'))))
    .on(told(moved(node('kwok-node-0'), bare)))
  expect(chart.asked).toMatchObject([
    { do: 'send', to: 'kwok-node/kwok/kwok-node-0', event: { type: 'fakeNode.changed', node: bare } },
  ])
})

test('a node that is gone is let go, and one of the same name is another', () => {
  const again = { ...node('kwok-node-0'), metadata: { ...node('kwok-node-0').metadata, uid: 'other' } }
  const chart = start().on(told(added(node('kwok-node-0'))))
  const letGo = [
    { do: 'stop', address: 'kwok-node/kwok/kwok-node-0' },
    { do: 'send', to: 'kwok-pods/kwok', event: { type: 'fakeNode.released', node: 'kwok-node-0' } },
  ]
  const gone = chart.on(told(removed(node('kwok-node-0'))))
  expect(gone.asked).toEqual(letGo)
  expect(gone.on(told(removed(node('kwok-node-0')))).asked).toEqual([])
  expect(chart.on(told(moved(node('kwok-node-0'), again))).asked).toMatchObject([...letGo, { do: 'spawn' }])
})

expectWhole(kwok)
