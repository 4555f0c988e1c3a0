import { expect, test } from 'vitest'
import { isInScopes, scopesOf } from '../../../../../machines/lib/quota/scopes.ts'
import { pod } from '../../controllers/objects.ts'

const urgent = pod('urgent', { spec: { priorityClassName: 'high', activeDeadlineSeconds: 5 } })
const modest = pod('modest', { status: { qosClass: 'BestEffort' } })
const priority = (operator: string, values?: string[]) => ({
  scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, ...(values ? { values } : {}) }] },
})
const affine = (more: object) =>
  pod('affine', {
    spec: {
      affinity: {
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, podAffinityTerm: { topologyKey: 'zone', ...more } },
          ],
        },
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }] },
      },
    },
  })

test.each([
  ['Terminating', true, false],
  ['NotTerminating', false, true],
  ['BestEffort', false, true],
  ['NotBestEffort', true, false],
  ['PriorityClass', true, false],
  ['Unheard', false, false],
])('%s', (scope, first, second) => {
  expect([isInScopes({ scopes: [scope] }, urgent), isInScopes({ scopes: [scope] }, modest)]).toEqual([first, second])
})
test('a selector speaks of priority classes', () => {
  expect(isInScopes(priority('In', ['high']), urgent)).toBe(true)
  expect(isInScopes(priority('In', ['low']), urgent)).toBe(false)
  expect(isInScopes(priority('NotIn', ['low']), modest)).toBe(true)
  expect(isInScopes(priority('DoesNotExist'), modest)).toBe(true)
})
test('affinity may look into other namespaces', () => {
  const spec = { scopes: ['CrossNamespacePodAffinity'] }
  expect(isInScopes(spec, affine({ namespaces: ['other'] }))).toBe(true)
  expect(isInScopes(spec, affine({ namespaceSelector: {} }))).toBe(true)
  expect(isInScopes(spec, affine({}))).toBe(false)
  expect(isInScopes(spec, modest)).toBe(false)
})
test('no scope is about all', () => {
  expect(scopesOf({})).toEqual([])
  expect(isInScopes({}, modest)).toBe(true)
})
