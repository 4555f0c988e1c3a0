import { describe, expect, test } from 'vitest'
import { podTopologySpread as make } from '../../../../../machines/scheduler/plugins/pod-topology-spread.ts'
import { SYSTEM_DEFAULTS } from '../../../../../machines/scheduler/spreading.ts'
import { cacheWith, node, pod } from '../cluster.ts'
import { part, rejection, scores } from './plugins.ts'

const podTopologySpread = make(SYSTEM_DEFAULTS)
const inZone = (name: string, zone: string) => node(name, { metadata: { labels: { zone } } } as object)
const on = (nodeName: string, i: number) =>
  pod(`db-${i}`, { metadata: { labels: { app: 'db' } }, spec: { nodeName } } as object)
const spread = (whenUnsatisfiable: string, more: object = {}) => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable, labelSelector: { matchLabels: { app: 'db' } }, ...more },
  ],
})
const nodes = [inZone('a1', 'a'), inZone('a2', 'a'), inZone('b1', 'b'), node('c')]
const cache = cacheWith(nodes, [on('a1', 0), on('a2', 1), on('b1', 2)])
const everywhere = (spec: object) =>
  nodes.map(({ metadata }) => rejection(podTopologySpread, spec, cache, metadata.name, { app: 'db' }))
const MISMATCH = "node(s) didn't match pod topology spread constraints"
const KEYLESS = `${MISMATCH} (missing required label)`

describe('constraints that must hold', () => {
  test('leave the domains that have not too many', () => {
    expect(everywhere(spread('DoNotSchedule'))).toEqual([MISMATCH, MISMATCH, '', KEYLESS])
    expect(everywhere(spread('DoNotSchedule', { maxSkew: 2 }))).toEqual(['', '', '', KEYLESS])
  })
  test('with too few domains the fewest is none', () => {
    expect(everywhere(spread('DoNotSchedule', { minDomains: 3 }))).toEqual([MISMATCH, MISMATCH, MISMATCH, KEYLESS])
  })
  test('a key that no node that counts carries is passed over', () => {
    const nowhere = spread('DoNotSchedule')
    const spec = { ...nowhere, nodeSelector: { disk: 'none' } }
    expect(rejection(podTopologySpread, spec, cache, 'a1', { app: 'db' })).toBe('')
  })
  test('nothing is asked of a pod without any', () => {
    expect([part(podTopologySpread, 'preFilter', {}, cache), part(podTopologySpread, 'preScore', {}, cache)]).toEqual([
      'skip',
      'skip',
    ])
  })
})
describe('constraints that should hold', () => {
  test('prefer the domains that have fewer; a node without the key gets nothing', () => {
    expect(scores(podTopologySpread, spread('ScheduleAnyway'), cache)).toEqual({
      raw: [3, 3, 1, 0],
      normalized: [33, 33, 100, 0],
    })
  })
  test('hosts are counted one by one', () => {
    const byHost = spread('ScheduleAnyway', { topologyKey: 'kubernetes.io/hostname' })
    expect(scores(podTopologySpread, byHost, cache).raw).toEqual([2, 2, 2, 0])
  })
  test('where nobody is, everywhere is as good', () => {
    expect(scores(podTopologySpread, spread('ScheduleAnyway'), cacheWith(nodes.slice(0, 2))).normalized).toEqual([
      100, 100,
    ])
  })
})
