import { expect, test } from 'vitest'
import type { Namespace } from '../../../../machines/protocol/objects.ts'
import { isAbout, resolved } from '../../../../machines/scheduler/affinity-terms.ts'
import { EMPTY_CACHE } from '../../../../machines/scheduler/cache.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { pod } from './cluster.ts'

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
