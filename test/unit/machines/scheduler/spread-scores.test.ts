import { expect, test } from 'vitest'
import type { Cache } from '../../../../machines/scheduler/cache.ts'
import { podSeen } from '../../../../machines/scheduler/cache.ts'
import { nodesInOrder } from '../../../../machines/scheduler/node-list.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { countedOnEach, domainOfEach } from '../../../../machines/scheduler/spread-scores.ts'
import { HOSTNAME } from '../../../../machines/scheduler/topology.ts'
import { cacheWith, node, pod } from './cluster.ts'

const web = (name: string, nodeName?: string) =>
  pod(name, { metadata: { labels: { app: 'web' } }, spec: nodeName === undefined ? {} : { nodeName } } as object)
const constraint = {
  maxSkew: 1,
  topologyKey: HOSTNAME,
  selector: { matchLabels: { app: 'web' } },
  minDomains: 1,
  honorsAffinity: true,
  honorsTaints: false,
}
const inZone = (name: string, labels: object) => node(name, { metadata: { labels } } as object)
const nodes = [inZone('a', { zone: 'x' }), inZone('b', {}), inZone('c', { zone: 'y', [HOSTNAME]: undefined })]
const counted = (cache: Cache) => countedOnEach(podInfoOf(web('new')), constraint, nodesInOrder(cache), cache)

test('each node lies in the domain that its label says, or in none', () => {
  const cache = cacheWith(nodes)
  for (const _ of ['first', 'remembered'])
    expect(domainOfEach(nodesInOrder(cache), 'zone', cache)).toEqual(['x', null, 'y'])
})
test('the pods of each node are counted, also those that came since', () => {
  let cache = cacheWith(nodes, [web('p', 'a'), pod('other', { spec: { nodeName: 'a' } } as object), web('q', 'c')])
  for (const _ of ['first', 'remembered']) expect(counted(cache)).toEqual([1, 0, null])
  cache = podSeen(podSeen(cache, web('r', 'a')), web('s', 'b'))
  expect(counted(cache)).toEqual([2, 1, null])
})
