import { expect, test } from 'vitest'
import {
  checkAnnotations,
  checkLabelName,
  checkLabelSelector,
  checkLabels,
  checkRequirement,
  isUsable,
} from '../../../../../machines/lib/validation/labels.ts'
import { told } from './told.ts'

test('labels have qualified names and short values', () => {
  expect(told((found) => checkLabels(found, 'l', { 'a.b/c': 'd', e: '' }))).toEqual([])
  expect(told((found) => checkLabels(found, 'l', { 'a b': 'c d' }))).toHaveLength(2)
  expect(told((found) => checkLabelName(found, 'l', ''))).toHaveLength(2)
})
test('annotations are free in value, not in name or size', () => {
  expect(told((found) => checkAnnotations(found, 'a', { Upper: 'any text: at all' }))).toEqual([])
  expect(told((found) => checkAnnotations(found, 'a', { 'a b': '' }))).toHaveLength(1)
  expect(told((found) => checkAnnotations(found, 'a', { a: 'x'.repeat(262_144) }))).toEqual([
    'a: Too long: may not be more than 262144 bytes',
  ])
})
test.each([
  [
    { key: 'a', operator: 'In', values: [] },
    "r.values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
  ],
  [
    { key: 'a', operator: 'Exists', values: ['b'] },
    "r.values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
  ],
  [{ key: 'a', operator: 'Gt', values: ['1'] }, 'r.operator: Invalid value: "Gt": not a valid selector operator'],
])('%j', (requirement, message) => {
  expect(told((found) => checkRequirement(found, 'r', requirement))).toEqual([message])
})
test('of nodes numbers may be asked for', () => {
  expect(told((found) => checkRequirement(found, 'r', { key: 'a', operator: 'Gt', values: ['1'] }, true))).toEqual([])
  expect(told((found) => checkRequirement(found, 'r', { key: 'a', operator: 'Lt' }, true))).toHaveLength(1)
})
test('a selector is usable when nothing is wrong with it', () => {
  expect(isUsable({ matchLabels: { a: 'b' } })).toBe(true)
  expect(isUsable({ matchExpressions: [{ key: 'a', operator: 'Like' }] })).toBe(false)
  expect(told((found) => checkLabelSelector(found, 's', undefined))).toEqual([])
  expect(told((found) => checkLabelSelector(found, 's', { matchLabels: { 'a b': 'c' } }))[0]).toContain('s.matchLabels')
})
