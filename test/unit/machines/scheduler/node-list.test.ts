import { expect, test } from 'vitest'
import { nodeGone, nodeSeen, podSeen } from '../../../../machines/scheduler/cache.ts'
import { NOWHERE, nodesAt, nodesInOrder, placesIn } from '../../../../machines/scheduler/node-list.ts'
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

test('nodes are found at their places, round the list and in any order; others nowhere', () => {
  const list = nodesInOrder(cacheWith(Array.from({ length: 5 }, (_, i) => node(`n${i}`))))
  const of = (...places: number[]) => places.map((place) => list[place] as (typeof list)[0])
  for (const places of [[], [0, 1, 2, 3, 4], [3, 4, 0], [1, 3], [4, 2, 0]])
    expect(placesIn(list, of(...places))).toEqual(places)
  expect(placesIn(list, nodesAt(list, [3, 1]))).toEqual([3, 1])
  const [other] = nodesInOrder(cacheWith([node('n1')]))
  expect(placesIn(list, [other as (typeof list)[0], ...of(2)])).toEqual([NOWHERE, 2])
  expect(placesIn([], of(0))).toEqual([NOWHERE])
})
