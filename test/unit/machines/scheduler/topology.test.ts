import { expect, test } from 'vitest'
import { EMPTY_CACHE, nodeSeen, podSeen } from '../../../../machines/scheduler/cache.ts'
import { added, NO_COUNTS, pair, summed, topologyKeyOf } from '../../../../machines/scheduler/topology.ts'
import { node, pod } from './cluster.ts'

const inZone = (name: string, zone: string) => node(name, { metadata: { labels: { zone } } } as object)

test('counts are added place by place', () => {
  const one = new Map([[pair('zone', 'a'), 1]])
  expect([
    ...added(
      one,
      new Map([
        [pair('zone', 'a'), 2],
        [pair('zone', 'b'), 0],
      ]),
    ),
  ]).toEqual([
    [pair('zone', 'a'), 3],
    [pair('zone', 'b'), 0],
  ])
  expect([added(one, NO_COUNTS), added(NO_COUNTS, one)]).toEqual([one, one])
  expect(topologyKeyOf(pair('zone', 'a'))).toBe('zone')
})
test('only nodes that changed are counted again, and nodes that are not there never', () => {
  let asked = 0
  const pods = ({ labels, pods: { size } }: { labels: Readonly<Record<string, string>>; pods: { size: number } }) => {
    asked++
    return new Map([[pair('zone', labels['zone'] ?? ''), size]])
  }
  let cache = podSeen(EMPTY_CACHE, pod('early', { spec: { nodeName: 'not-yet' } }))
  for (let i = 0; i < 100; i++) cache = nodeSeen(cache, inZone(`n${i}`, i % 2 === 0 ? 'even' : 'odd'))
  summed(cache.nodes, 'test: pods by zone', pods)
  expect(asked).toBe(100)
  const more = podSeen(cache, pod('web', { spec: { nodeName: 'n7' } }))
  expect(summed(more.nodes, 'test: pods by zone', pods).get(pair('zone', 'odd'))).toBe(1)
  expect(asked).toBeLessThanOrEqual(133)
})
test('many questions are forgotten, not kept for ever', () => {
  const { nodes } = nodeSeen(EMPTY_CACHE, node('n'))
  for (let i = 0; i < 600; i++) summed(nodes, `test: ${i}`, () => NO_COUNTS)
  expect(summed(nodes, 'test: 0', () => NO_COUNTS).size).toBe(0)
})
