import { expect, test } from 'vitest'
import type { Node, Pod } from '../../../../machines/protocol/objects.ts'
import { assignedPodEvents, nodeEvents, waitingPodEvents } from '../../../../machines/scheduler/cluster-events.ts'
import { node, pod } from './cluster.ts'

const taints = [{ key: 'x', effect: 'NoSchedule' }]
test.each([
  ['nothing', {}, {}, []],
  ['no taints where none were', {}, { spec: { taints: [] } }, []],
  ['a label', {}, { metadata: { labels: { a: 'b' } } }, ['NodeUpdateNodeLabel']],
  ['a taint', {}, { spec: { taints } }, ['NodeUpdateNodeTaint']],
  ['an amount', {}, { status: { allocatable: { cpu: '8' } } }, ['NodeUpdateNodeAllocatable']],
  ['cordoning', {}, { spec: { unschedulable: true } }, []],
  ['uncordoning', { spec: { unschedulable: true } }, {}, ['NodeUpdateNodeTaint']],
  [
    'an amount of another kind',
    { status: { allocatable: 1 } },
    { status: { allocatable: { cpu: 1 } } },
    ['NodeUpdateNodeAllocatable'],
  ],
])('of a node, %s', (_, was, now, events) => {
  expect(nodeEvents(node('n', was as object) as Node, node('n', now as object))).toEqual(events)
})

const asking = (requests: object) => ({ spec: { containers: [{ name: 'main', resources: { requests } }] } })
test.each([
  ['nothing', {}, {}, []],
  ['a label', {}, { metadata: { labels: { a: 'b' } } }, ['Label']],
  ['asking for more', asking({ cpu: '1' }), asking({ cpu: '2' }), []],
  ['asking for less', asking({ cpu: '2' }), asking({ cpu: '1' }), ['ScaleDown']],
  ['giving something up', asking({ 'example.com/gpu': '1' }), asking({}), ['ScaleDown']],
  ['a toleration', {}, { spec: { tolerations: [{ operator: 'Exists' }] } }, ['Tolerations']],
])('of a pod, %s', (_, was, now, changes) => {
  const [before, after] = [pod('a', was as object), pod('a', now as object)] as [Pod, Pod]
  expect(assignedPodEvents(before, after)).toEqual(changes.map((change) => `AssignedPodUpdatePod${change}`))
  expect(waitingPodEvents(before, after)).toEqual(changes.map((change) => `UnschedulablePodUpdatePod${change}`))
})
test('the last scheduling gate', () => {
  const gated = (...gates: string[]) =>
    pod('a', { spec: { schedulingGates: gates.map((name) => ({ name })) } } as object)
  expect(waitingPodEvents(gated('x', 'y'), gated('x'))).toEqual([])
  expect(waitingPodEvents(gated('x'), gated())).toEqual(['UnschedulablePodUpdatePodSchedulingGatesEliminated'])
})
