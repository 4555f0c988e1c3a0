import { expect, test } from 'vitest'
import type { Namespace } from '../../../../machines/protocol/objects.ts'
import { about, heldAs, heldOn, heldTerms, isAbout, resolved } from '../../../../machines/scheduler/affinity-terms.ts'
import { EMPTY_CACHE, nodeSeen } from '../../../../machines/scheduler/cache.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { cacheWith, infoOf, node, pod } from './cluster.ts'

const term = { namespaces: ['x'], namespaceSelector: undefined, selector: {}, topologyKey: 'zone', text: 'x' }
const prod = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod', labels: { env: 'prod' } } } as Namespace
const bare = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bare' } } as Namespace
const snapshot = { ...EMPTY_CACHE, namespaces: EMPTY_CACHE.namespaces.set('prod', prod).set('bare', bare) }

test('the namespaces that a term selects are looked up', () => {
  expect(resolved(term, snapshot).namespaces).toEqual(['x'])
  expect(resolved({ ...term, namespaceSelector: { matchLabels: { env: 'prod' } } }, snapshot).namespaces).toEqual([
    'x',
    'prod',
  ])
  expect(resolved({ ...term, namespaceSelector: {}, weight: 5 }, snapshot)).toMatchObject({
    namespaces: undefined,
    weight: 5,
  })
})
test('a term is about pods in its namespaces that it selects', () => {
  const web = podInfoOf(pod('web'))
  expect(isAbout(resolved(term, snapshot), web)).toBe(false)
  expect(isAbout(resolved({ ...term, namespaceSelector: {} }, snapshot), web)).toBe(true)
})

const anti = (app: string, topologyKey: string, weight?: number) => {
  const podAffinityTerm = { topologyKey, labelSelector: { matchLabels: { app } } }
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

test('terms that several pods have are held once, and counted', () => {
  const inZone = (name: string) => node(name, { metadata: { labels: { zone: 'a' } } } as object)
  const cache = cacheWith(
    [inZone('n1'), inZone('n2')],
    [
      holding('p', 'n1', anti('web', 'zone')),
      holding('q', 'n2', anti('web', 'zone')),
      holding('r', 'n2', anti('db', 'zone', 5)),
    ],
  )
  const refusing = [...heldTerms(cache, 'refusing').values()]
  expect(refusing.map(({ hits, places }) => [hits, [...places.values()]])).toEqual([[2, [2]]])
  const judging = heldTerms(cache, 'judging')
  expect([...judging.values()].map(({ weight }) => weight)).toEqual([-5])
  const web = podInfoOf(pod('web', { metadata: { labels: { app: 'web' } } } as object))
  expect([about(heldTerms(cache, 'refusing'), web, {}).size, about(judging, web, {}).size]).toEqual([1, 0])
  expect(heldOn(infoOf(cache, 'n1'), 'refusing', true)).toBe(heldOn(infoOf(cache, 'n1'), 'refusing', true))
  expect(heldTerms(nodeSeen(EMPTY_CACHE, node('n')), 'judging').size).toBe(0)
  expect(heldAs(undefined, 'x')).toBe('undefined x')
})
