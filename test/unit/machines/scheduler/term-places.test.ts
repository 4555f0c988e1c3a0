import { expect, test } from 'vitest'
import { resolved } from '../../../../machines/scheduler/affinity-terms.ts'
import { candidatesForAll, placesOfAll, placesOfEach } from '../../../../machines/scheduler/term-places.ts'
import { cacheWith, node, pod } from './cluster.ts'

const inZone = (name: string, zone: string) => node(name, { metadata: { labels: { zone } } } as object)
const labelled = (name: string, nodeName: string, labels: object) =>
  pod(name, { metadata: { labels }, spec: { nodeName } } as object)
const cache = cacheWith(
  [inZone('n1', 'a'), inZone('n2', 'b')],
  [
    labelled('p', 'n1', { app: 'web' }),
    labelled('q', 'n1', { app: 'web', tier: 'front' }),
    labelled('r', 'n2', { tier: 'front' }),
  ],
)
const about = (matchLabels: Record<string, string>, weight = 1) =>
  resolved(
    {
      namespaces: ['default'],
      namespaceSelector: undefined,
      selector: { matchLabels },
      topologyKey: 'zone',
      weight,
      text: JSON.stringify(matchLabels),
    },
    cache,
  )
const [web, front] = [about({ app: 'web' }), about({ tier: 'front' }, -5)]

test('a pod counts for all terms together only when it matches each of them', () => {
  expect(placesOfAll([web], cache).places).toEqual(new Map([['zone\0a', 2]]))
  expect(placesOfAll([web, front], cache).places).toEqual(new Map([['zone\0a', 2]]))
  expect(placesOfAll([], cache).hits).toBe(0)
})
test('for each term by itself it counts with the weight of those that it matches', () => {
  expect(placesOfEach([web, front], cache).places).toEqual(
    new Map([
      ['zone\0a', -3],
      ['zone\0b', -5],
    ]),
  )
})
test('only pods with the rarest label are looked at', () => {
  expect([...candidatesForAll([web, front], cache).keys()]).toEqual(['n1'])
  expect(candidatesForAll([], cache).size).toBe(0)
})
