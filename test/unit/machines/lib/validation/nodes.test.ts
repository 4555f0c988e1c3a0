import { expect, test } from 'vitest'
import { checkNode, checkNodeUpdate } from '../../../../../machines/lib/validation/nodes.ts'
import { told } from './told.ts'

const taint = { key: 'a', effect: 'NoSchedule' }
test.each([
  [{ spec: { taints: [taint], podCIDRs: ['10.0.0.0/24'] } }, 0],
  [{ spec: { taints: [taint, { ...taint, value: 'b c' }] } }, 2],
  [{ spec: { taints: [{ key: 'a b', effect: 'X' }] } }, 2],
  [{ spec: { podCIDRs: ['x', '10.0.0.0/24', '10.0.1.0/24'] } }, 2],
  [{ status: { capacity: { cpu: '-1' }, allocatable: { pods: '500m' } } }, 2],
])('%j', (node, count) => {
  expect(told((found) => checkNode(found, node as never))).toHaveLength(count)
})
test('ranges and provider are set once', () => {
  const change = (next: object, was: object) =>
    told((found) => checkNodeUpdate(found, { spec: next } as never, { spec: was } as never))
  expect(change({ podCIDRs: ['10.0.0.0/24'], providerID: 'a' }, {})).toEqual([])
  expect(
    change({ podCIDRs: ['10.0.1.0/24'], providerID: 'b' }, { podCIDRs: ['10.0.0.0/24'], providerID: 'a' }),
  ).toEqual([
    'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
    'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
  ])
})
