import { expect, test } from 'vitest'
import {
  needsToFail,
  neverScheduled,
  orphaned,
  outOfService,
  overThreshold,
  unknownNodes,
} from '../../../../../machines/controllers/pod-gc/disposable.ts'
import { keyOf, type Node, type Pod } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { node, pod } from '../objects.ts'

const pods = (...all: readonly Pod[]) => Tree.of(all.map((each) => [keyOf(each), each] as const))
const nodes = (...all: readonly Node[]) => Tree.of(all.map((each) => [each.metadata.name, each] as const))
const names = (disposals: readonly { pod: Pod }[]) => disposals.map(({ pod: each }) => each.metadata.name)
const over = (name: string, creationTimestamp: string, status = {}) =>
  pod(name, { metadata: { creationTimestamp }, status: { phase: 'Failed', ...status } })
const going = { metadata: { deletionTimestamp: '2026-01-01T00:00:30Z' } }

test('above the threshold evicted pods go first, then the oldest', () => {
  const all = pods(
    over('a', '2026-01-01T00:00:02Z'),
    over('b', '2026-01-01T00:00:01Z'),
    over('c', '2026-01-01T00:00:03Z', { reason: 'Evicted' }),
    over('d', '2026-01-01T00:00:01Z'),
    pod('running'),
  )
  expect(names(overThreshold(all, 1))).toEqual(['c', 'b', 'd'])
  expect(overThreshold(all, 4)).toEqual([])
  expect(overThreshold(all, 0)).toEqual([])
})

test('terminating pods go on nodes that are out of service and not ready, or when they never had a node', () => {
  const spec = { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] }
  const terminating = pods(pod('a', going), pod('b'), pod('c', { ...going, spec: { nodeName: undefined } }))
  expect(names(outOfService(terminating, nodes(node('node-1', 'False', { spec }))))).toEqual(['a'])
  expect(outOfService(terminating, nodes(node('node-1', 'True', { spec })))).toEqual([])
  expect(outOfService(terminating, nodes(node('node-1', 'False')))).toEqual([])
  expect(names(neverScheduled(terminating))).toEqual(['c'])
})

test('all pods of a node that is gone go, and those not over are failed first', () => {
  const podsOf = Tree.of([['node-1', pods(pod('a'), over('b', 'x'))]] as const)
  expect(unknownNodes(podsOf, nodes(node('node-2')))).toEqual(['node-1'])
  expect(orphaned(podsOf, ['node-1', 'nobody']).map(needsToFail)).toEqual([true, false])
})
