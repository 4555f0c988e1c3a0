import { expect, test } from 'vitest'
import { nodeGone, nodeSeen, podSeen } from '../../../../machines/scheduler/cache.ts'
import { nodesInOrder } from '../../../../machines/scheduler/node-list.ts'
import { names } from '../../../../machines/scheduler/node-order.ts'
import { cacheWith, node, pod } from './cluster.ts'

const zoned = (name: string, zone: string) =>
  node(name, { metadata: { labels: { 'topology.kubernetes.io/zone': zone } } } as object)
const listed = (cache: Parameters<typeof nodesInOrder>[0]) => nodesInOrder(cache).map(({ name }) => name)

test('nodes are listed in the order in which they are looked at, those that are not there left out', () => {
  let cache = cacheWith([zoned('c', 'x'), zoned('a', 'x'), zoned('b', 'y')])
  cache = podSeen(cache, pod('early', { spec: { nodeName: 'aa' } }))
  expect(listed(cache)).toEqual(['c', 'b', 'a'])
  expect(listed(cache)).toEqual(names(cache.order))
  expect(nodesInOrder(cache)).toBe(nodesInOrder(cache))
})
test('the list follows every change', () => {
  let cache = cacheWith(Array.from({ length: 100 }, (_, i) => zoned(`n${i}`, `${i % 3}`)))
  expect(nodesInOrder(cache)[5]?.pods.size).toBe(0)
  cache = podSeen(cache, pod('p', { spec: { nodeName: nodesInOrder(cache)[5]?.name as string } }))
  expect(nodesInOrder(cache)[5]?.pods.size).toBe(1)
  cache = nodeGone(nodeSeen(cache, zoned('new', '1')), 'n0')
  expect(listed(cache)).toEqual(names(cache.order))
})
