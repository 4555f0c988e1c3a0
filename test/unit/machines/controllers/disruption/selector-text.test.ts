import { expect, test } from 'vitest'
import { shownSelector } from '../../../../../machines/controllers/disruption/selector-text.ts'

test('a selector is printed as Go does', () => {
  expect(shownSelector(undefined)).toBe('nil')
  expect(shownSelector({ matchLabels: { tier: 'a', app: 'x' } })).toBe(
    '&LabelSelector{MatchLabels:map[string]string{app: x,tier: a,},MatchExpressions:[]LabelSelectorRequirement{},}',
  )
  const matchExpressions = [
    { key: 'app', operator: 'In', values: ['x', 'y'] },
    { key: 'old', operator: 'Exists' },
  ]
  expect(shownSelector({ matchExpressions })).toBe(
    '&LabelSelector{MatchLabels:map[string]string{},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:app,Operator:In,Values:[x y],},LabelSelectorRequirement{Key:old,Operator:Exists,Values:[],},},}',
  )
})
