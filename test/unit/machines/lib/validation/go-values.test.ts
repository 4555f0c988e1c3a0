import { expect, test } from 'vitest'
import {
  goStringMap,
  goStrings,
  shownIntOrString,
  shownMap,
  shownOwner,
  shownOwners,
  shownQuantity,
  shownSelector,
  shownStrings,
  shownTaint,
  shownTime,
} from '../../../../../machines/lib/validation/go-values.ts'

test('structs are shown as Go shows them', () => {
  expect(goStringMap({ b: '2', a: '1' })).toBe('map[string]string{"a":"1", "b":"2"}')
  expect([goStringMap(undefined), goStrings(undefined), goStrings(['x'])]).toEqual([
    'map[string]string(nil)',
    '[]string(nil)',
    '[]string{"x"}',
  ])
  expect([shownMap({ a: 'b' }).text, shownStrings(['a']).text]).toEqual(['map[string]string{"a":"b"}', '[]string{"a"}'])
  expect(shownSelector({ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] })?.text).toBe(
    'v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement{v1.LabelSelectorRequirement{Key:"a", Operator:"In", Values:[]string{"b"}}}}',
  )
  expect(shownSelector(undefined)).toBeUndefined()
  expect([shownIntOrString(1).text, shownIntOrString('5%').text]).toEqual([
    'intstr.IntOrString{Type:0, IntVal:1, StrVal:""}',
    'intstr.IntOrString{Type:1, IntVal:0, StrVal:"5%"}',
  ])
  expect(shownQuantity('500m').text).toContain('value:500, scale:-3}')
  expect(shownTaint({ key: 'a', effect: 'NoSchedule' }).text).toBe(
    'core.Taint{Key:"a", Value:"", Effect:"NoSchedule", TimeAdded:<nil>}',
  )
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u', controller: true }
  expect(shownOwner(owner).text).toContain('BlockOwnerDeletion:(*bool)(nil)}')
  expect(shownOwners([owner]).text).toMatch(/^\[\]v1\.OwnerReference\{v1\.OwnerReference\{/)
  expect(shownTime('2020-01-01T00:00:00Z')?.text).toBe('2020-01-01 00:00:00 +0000 UTC')
  expect(shownTime(null)).toBeUndefined()
})
