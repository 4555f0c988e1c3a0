import { expect, test } from 'vitest'
import { podGone } from '../../../../machines/scheduler/cache.ts'
import { heldAbout, tallyOf } from '../../../../machines/scheduler/held-terms.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { HOSTNAME } from '../../../../machines/scheduler/topology.ts'
import { cacheWith, node, pod } from './cluster.ts'

const anti = (app: string, topologyKey: string, weight?: number, more: object = {}) => {
  const podAffinityTerm = { topologyKey, labelSelector: { matchLabels: { app } }, ...more }
  return {
    affinity: {
      podAntiAffinity:
        weight === undefined
          ? { requiredDuringSchedulingIgnoredDuringExecution: [podAffinityTerm] }
          : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] },
    },
  }
}
const holding = (name: string, nodeName: string, rules: object) => pod(name, { spec: { nodeName, ...rules } } as object)
const inZone = (name: string) => node(name, { metadata: { labels: { zone: 'a' } } } as object)
const web = podInfoOf(pod('web', { metadata: { labels: { app: 'web' } } } as object))
const cache = cacheWith(
  [inZone('n1'), inZone('n2')],
  [
    holding('p', 'n1', anti('web', 'zone')),
    holding('q', 'n2', anti('web', 'zone')),
    holding('r', 'n2', anti('db', 'zone', 5)),
    holding('s', 'n2', anti('web', HOSTNAME, 7, { namespaceSelector: {} })),
    holding('t', 'n2', anti('web', 'zone', 9, { namespaces: ['other'] })),
  ],
)

test('terms that several pods have are held once, and counted', () => {
  const [term] = heldAbout(cache.refusing, web, {})
  expect(heldAbout(cache.refusing, web, {}).length).toBe(1)
  expect(tallyOf(term as never, true)).toEqual({ places: new Map([['zone\0a', 2]]), hits: 2 })
})
test('only those that are about the pod are found', () => {
  expect(heldAbout(cache.judging, web, {}).map(({ weight }) => weight)).toEqual([-7])
  expect(heldAbout(cacheWith([], []).judging, web, {})).toEqual([])
})
test('of single hosts the holders are only counted', () => {
  const [term] = heldAbout(cache.judging, web, {})
  expect(tallyOf(term as never, true)).toEqual({ places: new Map(), hits: 1 })
  expect(tallyOf(term as never, false).places.get(`${HOSTNAME}\0n2`)).toBe(1)
})
test('a term that nobody has any more is forgotten', () => {
  const left = podGone(podGone(cache, 'default/p'), 'default/q')
  expect([left.refusing.size, left.judging.size]).toEqual([0, cache.judging.size])
})
