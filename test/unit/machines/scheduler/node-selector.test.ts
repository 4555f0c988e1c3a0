import { describe, expect, test } from 'vitest'
import { errorIn, matches, matchesRequired } from '../../../../machines/scheduler/node-selector.ts'
import { node, pod } from './cluster.ts'

const n = node('n', { metadata: { labels: { disk: 'ssd', gen: '5' } } } as object)
const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
})
const field = (operator: string, ...values: string[]) => ({ matchFields: [{ key: 'metadata.name', operator, values }] })

describe('a node selector term', () => {
  test.each([
    [expression('disk', 'In', 'ssd', 'hdd'), true],
    [expression('disk', 'NotIn', 'ssd'), false],
    [expression('disk', 'Exists'), true],
    [expression('pool', 'DoesNotExist'), true],
    [expression('gen', 'Gt', '4'), true],
    [expression('gen', 'Lt', '5'), false],
    [expression('gen', 'Gt', '-1'), false],
    [field('In', 'n'), true],
    [field('NotIn', 'n'), false],
    [field('In', 'n', 'm'), false],
    [{}, false],
  ])('%j matches: %s', (term, expected) => {
    expect(matches(term, n)).toBe(expected)
  })
  test('is wrong in so many words', () => {
    expect(errorIn([expression('disk', 'In', 'ssd')])).toBeUndefined()
    expect(errorIn([{}, expression('gen', 'Gt', '-1')])).toMatch(
      /^\[1\]\.matchExpressions\[0\]\.values\[0\]\[gen\]: Invalid value: "-1": a valid label/,
    )
    expect(errorIn([expression('gen', 'Gt', 'x')])).toMatch(/the value must be an integer$/)
    expect(errorIn([expression('a', 'In', '-'), expression('b', 'In', '-')])).toMatch(/^\[\[0\].*, \[1\]/)
  })
})
test('a pod wants its node selector and one of its required terms', () => {
  const affinity = (...nodeSelectorTerms: object[]) => ({
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
  })
  const wants = (spec: object) => matchesRequired(pod('web', { spec } as object), n)
  expect(wants({})).toBe(true)
  expect(wants({ nodeSelector: { disk: 'hdd' } })).toBe(false)
  expect(wants({ affinity: affinity({}, expression('disk', 'Exists')) })).toBe(true)
  expect(wants({ nodeSelector: { disk: 'ssd' }, affinity: affinity({}) })).toBe(false)
})
