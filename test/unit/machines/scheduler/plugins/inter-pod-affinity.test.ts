import { describe, expect, test } from 'vitest'
import {
  INTER_POD_AFFINITY_ARGS,
  interPodAffinity as make,
} from '../../../../../machines/scheduler/plugins/inter-pod-affinity.ts'
import { cacheWith, node, pod } from '../cluster.ts'
import { part, rejection, scores } from './plugins.ts'

const interPodAffinity = make(INTER_POD_AFFINITY_ARGS)
const inZone = (name: string, zone: string) => node(name, { metadata: { labels: { zone } } } as object)
const term = (app: string, topologyKey = 'zone') => ({ topologyKey, labelSelector: { matchLabels: { app } } })
const required = (kind: string, ...terms: object[]) => ({
  affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
})
const preferred = (kind: string, weight: number, app: string) => ({
  affinity: { [kind]: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: term(app) }] } },
})
const on = (nodeName: string, app: string, spec: object = {}) =>
  pod(`${app}-${nodeName}`, { metadata: { labels: { app } }, spec: { nodeName, ...spec } } as object)
const nodes = [inZone('a1', 'a'), inZone('a2', 'a'), inZone('b1', 'b'), node('c')]
const cache = cacheWith(nodes, [on('a1', 'db')])
const everywhere = (spec: object, known = cache, labels: object = {}) =>
  nodes.map(({ metadata }) => rejection(interPodAffinity, spec, known, metadata.name, labels))

const NO_AFFINITY = "node(s) didn't match pod affinity rules"
const UNWANTED = "node(s) didn't match pod anti-affinity rules"
const REFUSED = "node(s) didn't satisfy existing pods anti-affinity rules"

describe('required rules', () => {
  test('affinity leaves the places where such pods are', () => {
    expect(everywhere(required('podAffinity', term('db')))).toEqual(['', '', NO_AFFINITY, NO_AFFINITY])
  })
  test('one pod has to match all terms', () => {
    expect(everywhere(required('podAffinity', term('db'), term('x')))).toEqual(nodes.map(() => NO_AFFINITY))
  })
  test('the first of a group may go anywhere that has the key', () => {
    expect(everywhere(required('podAffinity', term('web')), cache, { app: 'web' })).toEqual(['', '', '', NO_AFFINITY])
  })
  test('anti-affinity rules those places out', () => {
    expect(everywhere(required('podAntiAffinity', term('db')))).toEqual([UNWANTED, UNWANTED, '', ''])
  })
  test('pods that are there rule their places out, too', () => {
    const jealous = cacheWith(nodes, [on('b1', 'db', required('podAntiAffinity', term('web')))])
    expect(everywhere({}, jealous, { app: 'web' })).toEqual(['', '', REFUSED, ''])
    expect(part(interPodAffinity, 'preFilter', {}, jealous)).toBe('skip')
  })
})
describe('preferred rules', () => {
  test('of the pod', () => {
    expect(scores(interPodAffinity, preferred('podAffinity', 5, 'db'), cache)).toEqual({
      raw: [5, 5, 0, 0],
      normalized: [100, 100, 0, 0],
    })
    expect(scores(interPodAffinity, preferred('podAntiAffinity', 5, 'db'), cache)).toEqual({
      raw: [-5, -5, 0, 0],
      normalized: [0, 0, 100, 100],
    })
  })
  test('of others, whose required affinity counts 1', () => {
    const known = cacheWith(nodes, [
      on('a1', 'x', required('podAffinity', term('web'))),
      on('b1', 'y', preferred('podAffinity', 9, 'web')),
      on('b1', 'z', preferred('podAntiAffinity', 3, 'web')),
    ])
    expect(scores(interPodAffinity, {}, known, { app: 'web' }).raw).toEqual([1, 1, 6, 0])
  })
  test('nobody prefers anything', () => {
    expect(part(interPodAffinity, 'preScore', {}, cache)).toBe('skip')
    const everyone = cacheWith([inZone('a1', 'a')], [on('a1', 'db')])
    expect(scores(interPodAffinity, preferred('podAffinity', 5, 'db'), everyone).normalized).toEqual([0])
  })
})
