import { expect, test } from 'vitest'
import { nodeAffinity as make } from '../../../../../machines/scheduler/plugins/node-affinity.ts'
import { cacheWith, node } from '../cluster.ts'
import { part, rejection, scores } from './plugins.ts'

const nodeAffinity = make({})
const cache = cacheWith([node('a', { metadata: { labels: { disk: 'ssd' } } } as object), node('b')])
const named = (...values: string[]) => ({ matchFields: [{ key: 'metadata.name', operator: 'In', values }] })
const ssd = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }
const required = (...nodeSelectorTerms: object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
})
const preferred = (weight: number, preference: object) => ({
  affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, preference }] } },
})

test('takes part only when the pod asks for something', () => {
  const asked = (spec: object) => part(nodeAffinity, 'preFilter', spec, cache)
  expect([asked({}), asked({ nodeSelector: { a: 'b' } }), asked(required(ssd))]).toEqual(['skip', 'on all', 'on all'])
})
test('terms that name nodes leave only those', () => {
  expect(part(nodeAffinity, 'preFilter', required(named('b'), named('a')), cache)).toBe('on a,b')
  expect(part(nodeAffinity, 'preFilter', required(named('b'), ssd), cache)).toBe('on all')
  const torn = { matchFields: [...named('a').matchFields, ...named('b').matchFields] }
  expect(part(nodeAffinity, 'preFilter', required(torn), cache)).toBe(
    'UnschedulableAndUnresolvable: pod affinity terms conflict',
  )
})
test('rejects nodes that do not match', () => {
  expect(rejection(nodeAffinity, required(ssd), cache, 'a')).toBe('')
  expect(rejection(nodeAffinity, required(ssd), cache, 'b')).toBe("node(s) didn't match Pod's node affinity/selector")
})
test('preferred terms add their weights', () => {
  expect(scores(nodeAffinity, preferred(7, ssd), cache)).toEqual({ raw: [7, 0], normalized: [100, 0] })
  expect(part(nodeAffinity, 'preScore', {}, cache)).toBe('skip')
  const odd = { matchExpressions: [{ key: 'gen', operator: 'Gt', values: ['-1'] }] }
  expect(part(nodeAffinity, 'preScore', preferred(1, odd), cache)).toMatch(/^Error: \[0\]/)
})
