import { expect, test } from 'vitest'
import {
  emptyNodeInfo,
  isKnown,
  withNode,
  withoutNode,
  withoutPod,
  withPod,
} from '../../../../machines/scheduler/node-info.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { node, pod } from './cluster.ts'

const info = withNode(emptyNodeInfo('a'), node('a'))
const porty = podInfoOf(
  pod('p', { spec: { containers: [{ name: 'c', ports: [{ containerPort: 1, hostPort: 1 }] }] } } as object),
)

test('a node is its labels, taints and allocatable amounts', () => {
  expect(info).toMatchObject({ name: 'a', allowedPods: 110, taints: [], allocatable: { milliCpu: 4_000 } })
  expect([isKnown(info), isKnown(emptyNodeInfo('a'))]).toEqual([true, false])
})
test('adding a pod and removing it leaves nothing behind', () => {
  const two = withPod(withPod(info, podInfoOf(pod('a'))), porty)
  expect(two.requested.milliCpu).toBe(1_000)
  expect(two.nonZeroRequested.milliCpu).toBe(1_100)
  expect(two.podsWithHostPorts.size).toBe(1)
  const none = withoutPod(withoutPod(two, 'default/a'), 'default/p')
  expect(none.requested).toEqual(info.requested)
  expect([none.pods.size, none.podsWithHostPorts.size]).toEqual([0, 0])
  expect(withoutPod(info, 'default/x')).toBe(info)
})
test('a node that is gone keeps its pods', () => {
  const gone = withoutNode(withPod(info, porty))
  expect([isKnown(gone), gone.pods.size, gone.allowedPods]).toEqual([false, 1, 0])
})
