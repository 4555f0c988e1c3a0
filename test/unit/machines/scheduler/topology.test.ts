import { expect, test } from 'vitest'
import { EMPTY_CACHE, nodeSeen, podSeen } from '../../../../machines/scheduler/cache.ts'
import type { NodeInfo } from '../../../../machines/scheduler/node-info.ts'
import {
  added,
  changed,
  Gathering,
  HOSTNAME,
  NO_COUNTS,
  NO_TALLY,
  pair,
  summed,
  type Tally,
  talliedBy,
  together,
  topologyKeyOf,
} from '../../../../machines/scheduler/topology.ts'
import { infoOf, node, pod } from './cluster.ts'

const inZone = (name: string, zone: string) => node(name, { metadata: { labels: { zone } } } as object)
const a = pair('zone', 'a')
const b = pair('zone', 'b')

test('counts are added place by place', () => {
  const one = new Map([[a, 1]])
  const both = added(one, new Map([[a, 2], [b, 0]])) // biome-ignore format: a table
  expect([...both]).toEqual([[a, 3], [b, 0]]) // biome-ignore format: a table
  expect([added(one, NO_COUNTS), added(NO_COUNTS, one)]).toEqual([one, one])
  expect(topologyKeyOf(a)).toBe('zone')
})
test('tallies are added, and taken back', () => {
  const one: Tally = { places: new Map([[a, 1]]), hits: 1 }
  expect([together(one, NO_TALLY), together(NO_TALLY, one)]).toEqual([one, one])
  expect(together(one, one)).toEqual({ places: new Map([[a, 2]]), hits: 2 })
  expect(changed(one, NO_TALLY, 1)).toBe(one)
  expect(changed(one, one, -1)).toEqual({ places: new Map([[a, 0]]), hits: 0 })
  expect(changed(one, { places: new Map([[b, 2]]), hits: 1 }, 1).places.get(b)).toBe(2)
})
test('a node is gathered at its places; single hosts are only counted', () => {
  const known = infoOf(nodeSeen(EMPTY_CACHE, inZone('n', 'a')), 'n')
  const gathered = (single: boolean) => {
    const gathering = new Gathering(known.node, single)
    for (const key of ['zone', HOSTNAME, 'rack']) gathering.count(key, 2)
    return gathering.tally()
  }
  expect(gathered(true)).toEqual({ places: new Map([[a, 2]]), hits: 2 })
  expect(gathered(false).places.get(pair(HOSTNAME, 'n'))).toBe(2)
  expect(new Gathering(known.node, true).tally()).toBe(NO_TALLY)
})
test('only what changed is counted again', () => {
  let asked = 0
  const pods = ({ labels, pods: { size } }: NodeInfo): Tally => {
    asked++
    return { places: new Map([[pair('zone', labels['zone'] ?? ''), size]]), hits: 1 }
  }
  let cache = EMPTY_CACHE
  for (let i = 0; i < 100; i++) cache = nodeSeen(cache, inZone(`n${i}`, i % 2 === 0 ? 'even' : 'odd'))
  summed(cache.nodes, 'test: pods by zone', () => talliedBy(pods))
  expect(asked).toBe(100)
  const more = podSeen(cache, pod('web', { spec: { nodeName: 'n7' } }))
  const { places } = summed(more.nodes, 'test: pods by zone', () => talliedBy(pods))
  expect(places.get(pair('zone', 'odd'))).toBe(1)
  expect(asked).toBeLessThanOrEqual(133)
})
test('of many questions those are forgotten that nobody asks any more', () => {
  const { nodes } = nodeSeen(EMPTY_CACHE, node('n'))
  let made = 0
  const ask = (question: string) =>
    summed(nodes, question, () => {
      made++
      return talliedBy(() => NO_TALLY)
    })
  for (let i = 0; i < 2_000; i++) {
    ask('test: often')
    ask(`test: ${i}`)
  }
  expect(made).toBe(2_001)
  ask('test: 0')
  expect(made).toBe(2_002)
})
