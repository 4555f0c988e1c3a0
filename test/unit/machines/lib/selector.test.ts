import { describe, expect, test } from 'vitest'
import {
  formatLabelSelector,
  labelsMatch,
  nodeSelectorTermMatches,
  nodeSelectorTermsMatch,
  requirementsMet,
  selectorMatches,
} from '../../../../machines/lib/selector.ts'

const labels = { app: 'web', tier: 'front', cpus: '8' }

test('a map matches when every label is there', () => {
  expect(selectorMatches({ app: 'web' }, labels)).toBe(true)
  expect(selectorMatches({ app: 'web', x: 'y' }, labels)).toBe(false)
  expect(selectorMatches({}, undefined)).toBe(true)
  expect(selectorMatches({ app: 'web' }, undefined)).toBe(false)
})
test('an absent selector matches nothing, an empty one everything', () => {
  expect(labelsMatch(undefined, labels)).toBe(false)
  expect(labelsMatch({}, labels)).toBe(true)
})
describe('a requirement', () => {
  test.each([
    ['In', ['web', 'api'], 'app', true],
    ['In', ['api'], 'app', false],
    ['In', ['api'], 'missing', false],
    ['NotIn', ['api'], 'app', true],
    ['NotIn', ['web'], 'missing', true],
    ['Exists', [], 'app', true],
    ['DoesNotExist', [], 'app', false],
    ['Gt', ['4'], 'cpus', true],
    ['Lt', ['4'], 'cpus', false],
    ['Gt', ['x'], 'cpus', false],
    ['Gt', ['4'], 'app', false],
    ['Like', ['web'], 'app', false],
  ])('%s %j of %s: %s', (operator, values, key, met) => {
    expect(labelsMatch({ matchLabels: {}, matchExpressions: [{ key, operator, values }] }, labels)).toBe(met)
    expect(requirementsMet([{ key, operator: operator as 'In', values }], labels)).toBe(met)
  })
})
describe('a node selector term', () => {
  const node = { metadata: { name: 'node-1', labels: { zone: 'a' } } }
  test('without anything matches nothing', () => {
    expect(nodeSelectorTermMatches({}, node)).toBe(false)
  })
  test('asks for labels and for the name', () => {
    const zone = { key: 'zone', operator: 'In', values: ['a'] }
    const name = { key: 'metadata.name', operator: 'In', values: ['node-1'] }
    expect(nodeSelectorTermsMatch([{ matchExpressions: [zone], matchFields: [name] }], node)).toBe(true)
    expect(
      nodeSelectorTermsMatch([{ matchFields: [{ ...name, values: ['node-2'] }] }, { matchExpressions: [zone] }], node),
    ).toBe(true)
    expect(nodeSelectorTermsMatch([{ matchFields: [{ ...name, operator: 'NotIn' }] }], node)).toBe(false)
  })
})
test('a selector is written as kubectl shows it', () => {
  const matchExpressions = [
    { key: 'q', operator: 'NotIn', values: ['z', 'y'] },
    { key: 'b', operator: 'Exists' },
    { key: 'c', operator: 'DoesNotExist' },
    { key: 'd', operator: 'In', values: ['x'] },
  ]
  expect(formatLabelSelector({ matchLabels: { a: 'b' }, matchExpressions })).toBe('a=b,b,!c,d in (x),q notin (y,z)')
  expect(formatLabelSelector(undefined)).toBe('')
})
