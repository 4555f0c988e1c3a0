import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import {
  type Domains,
  domainsOf,
  isMatching,
  NO_DOMAINS,
  spreadOf,
  together,
} from '../../../../machines/scheduler/spread-counts.ts'
import type { Constraint } from '../../../../machines/scheduler/spreading.ts'
import { HOSTNAME } from '../../../../machines/scheduler/topology.ts'
import { cacheWith, node, pod } from './cluster.ts'

const one = (pods: number): Domains => ({ ...NO_DOMAINS, number: 1, fewest: pods, holders: 1 })
const selector = { matchLabels: { app: 'web' } }
const over = (topologyKey: string): Constraint => ({
  maxSkew: 1,
  topologyKey,
  selector,
  minDomains: 1,
  honorsAffinity: true,
  honorsTaints: false,
})
const inZone = (name: string, zone: string) => node(name, { metadata: { labels: { zone } } } as object)
const web = (name: string, nodeName?: string) =>
  podInfoOf(pod(name, { metadata: { labels: { app: 'web' } }, spec: { ...(nodeName ? { nodeName } : {}) } } as object))

test('the fewest, how many have so few, and the fewest elsewhere', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }), (counts) => {
      const all = counts.map(one).reduce(together, NO_DOMAINS)
      const sorted = [...counts].sort((a, b) => a - b)
      const [fewest = 0, next = Number.POSITIVE_INFINITY] = sorted
      const holders = counts.filter((count) => count === fewest).length
      expect(all).toEqual({ number: counts.length, fewest, holders, elsewhere: next })
    }),
  )
})
test('domains without pods count, and hosts as any', () => {
  const nodes = [inZone('n1', 'a'), inZone('n2', 'a'), inZone('n3', 'b'), node('n4')]
  const pods = [web('p', 'n1'), web('q', 'n1'), web('r', 'n2')].map((info) => info.pod)
  const cache = cacheWith(nodes, pods)
  const domains = (topologyKey: string, keys: readonly string[] = [topologyKey], at = cache) => {
    const spread = spreadOf(web('new'), over(topologyKey), keys, at)
    return domainsOf(web('new'), spread, keys, at)
  }
  expect(domains('zone')).toEqual({ number: 2, fewest: 0, holders: 1, elsewhere: 3 })
  expect(domains(HOSTNAME)).toEqual({ number: 4, fewest: 0, holders: 2, elsewhere: 0 })
  expect(domains(HOSTNAME, [HOSTNAME, 'zone'])).toEqual({ number: 3, fewest: 0, holders: 1, elsewhere: 1 })
  expect(domains(HOSTNAME, [HOSTNAME], { ...cache, singleHosts: false })).toMatchObject({ number: 4, fewest: 0 })
  expect(domains('rack')).toBeUndefined()
})
test('pods on their way out do not count, nor those of other namespaces', () => {
  const of = (metadata: object) => podInfoOf(pod('p', { metadata: { labels: { app: 'web' }, ...metadata } } as object))
  const matching = (metadata: object, by: Constraint = over('zone')) => isMatching(of(metadata), by, 'default')
  expect([matching({}), matching({ deletionTimestamp: 'now' }), matching({ namespace: 'other' })]).toEqual([
    true,
    false,
    false,
  ])
  expect([{}, undefined].map((none) => matching({}, { ...over('zone'), selector: none }))).toEqual([false, false])
})
