import { expect, test } from 'vitest'
import { checkAffinity, checkSpread, checkTolerations } from '../../../../../machines/lib/validation/affinity.ts'
import { told } from './told.ts'

const affinity = (of: object) => told((found) => checkAffinity(found, 'a', of))
test('node affinity', () => {
  expect(
    affinity({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } })[0],
  ).toContain('must have at least one node selector term')
  const preference = {
    matchFields: [
      { key: 'x', operator: 'Gt', values: [] },
      { key: 'metadata.name', operator: 'In', values: [] },
    ],
  }
  expect(
    affinity({ nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference }] } }),
  ).toHaveLength(4)
})
test('pod affinity', () => {
  const term = { topologyKey: 'zone', labelSelector: { matchLabels: { a: 'b' } }, namespaces: ['A'] }
  expect(affinity({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } })).toHaveLength(1)
  const weighted = { weight: 101, podAffinityTerm: { topologyKey: '' } }
  expect(affinity({ podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [weighted] } })).toHaveLength(4)
})
test('spread', () => {
  const spread = { maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' }
  const of = (...constraints: object[]) => told((found) => checkSpread(found, 's', constraints as never))
  expect(of(spread)).toEqual([])
  expect(of(spread, spread)).toEqual(['s[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{a, DoNotSchedule}"'])
  expect(of({ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'X', minDomains: 0 })).toHaveLength(5)
})
test.each([
  [{ operator: 'Exists' }, []],
  [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 1 }, []],
  [{ operator: 'Equal' }, 1],
  [
    { key: 'a', tolerationSeconds: 1 },
    ['t[0].effect: Invalid value: "": effect must be \'NoExecute\' when `tolerationSeconds` is set'],
  ],
  [{ key: 'a', operator: 'Exists', value: 'b' }, 1],
  [{ key: 'a', operator: 'Like' }, 1],
  [{ key: 'a', value: 'b c', effect: 'X' }, 2],
])('toleration %j', (toleration, expected) => {
  const found = told((into) => checkTolerations(into, 't', [toleration]))
  expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
})
