import { expect, test } from 'vitest'
import { checkQuantity, checkResources } from '../../../../../machines/lib/validation/resources.ts'
import { told } from './told.ts'

const of = (resources: object) => told((found) => checkResources(found, 'r', resources))
test.each([
  [{ limits: { cpu: '1' }, requests: { cpu: '500m' } }, []],
  [{ requests: { cpu: '-1' } }, ['r.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0']],
  [
    { limits: { cpu: '1' }, requests: { cpu: '2' } },
    ['r.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  [
    { limits: { 'a.b/gpu': '2' }, requests: { 'a.b/gpu': '1' } },
    ['r.requests: Invalid value: "1": must be equal to a.b/gpu limit of 2'],
  ],
  [{ requests: { 'a.b/gpu': '1' } }, ['r.limits: Required value: Limit must be set for non overcommitable resources']],
  [{ limits: { 'hugepages-2Mi': '2Mi' } }, ['r: Forbidden: HugePages require cpu or memory']],
  [{ limits: { pods: '1' } }, ['r.limits[pods]: Invalid value: "pods": must be a standard resource for containers']],
])('%j', (resources, expected) => {
  expect(of(resources)).toEqual(expected)
})
test('an unknown name is told twice', () => {
  expect(of({ limits: { foo: '1' } })).toEqual([
    'r.limits[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
    'r.limits[foo]: Invalid value: "foo": must be a standard resource for containers',
  ])
})
test('extended resources are whole', () => {
  expect(told((found) => checkQuantity(found, 'q', 'a.b/gpu', '500m'))[0]).toContain('must be an integer')
  expect(told((found) => checkQuantity(found, 'q', 'cpu', '500m'))).toEqual([])
})
test('nothing asked is nothing wrong', () => {
  expect(told((found) => checkResources(found, 'r', undefined))).toEqual([])
})
