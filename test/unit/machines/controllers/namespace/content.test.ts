import { expect, test } from 'vitest'
import {
  againAfterMs,
  counted,
  emptyPass,
  failing,
  graceSeconds,
  namespacedResources,
} from '../../../../../machines/controllers/namespace/content.ts'
import type { Namespace } from '../../../../../machines/protocol/objects.ts'
import { AT, object, pod } from '../objects.ts'

const ending = object('v1', 'Namespace', 'team', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })

test('everything namespaced that can be deleted is content, each once', () => {
  expect(namespacedResources).toContain('pods')
  expect(namespacedResources).toContain('deployments.apps')
  expect(namespacedResources).not.toContain('nodes')
  expect(new Set(namespacedResources).size).toBe(namespacedResources.length)
})

test('the longest grace period counts while it has not run out', () => {
  const slow = pod('a', { spec: { terminationGracePeriodSeconds: 30 } })
  const over = pod('b', { spec: { terminationGracePeriodSeconds: 90 }, status: { phase: 'Failed' } })
  expect(graceSeconds([slow, over], ending as Namespace, AT + 5_000)).toBe(30)
  expect(graceSeconds([slow, over], ending as Namespace, AT + 30_000)).toBe(0)
})

test('what remains is expected to go: pods with their grace, what is held in 15 s', () => {
  const stopping = counted(emptyPass, 'team', 'pods', [pod('a'), pod('b')], 30)
  expect([stopping.remaining, againAfterMs(stopping)]).toEqual([{ 'pods.': 2 }, 16_000])
  const held = object('v1', 'ConfigMap', 'c', { metadata: { finalizers: ['x'] } })
  const both = counted(stopping, 'team', 'leases.coordination.k8s.io', [held], 0)
  expect(both.finalizers).toEqual({ x: 1 })
  expect(againAfterMs(counted(emptyPass, 'team', 'configmaps', [held], 0))).toBe(8_000)
  expect(counted(emptyPass, 'team', 'configmaps', [], 0)).toBe(emptyPass)
})

test('what remains without a reason is a failure', () => {
  const { failures } = counted(emptyPass, 'team', 'replicasets.apps', [object('apps/v1', 'ReplicaSet', 'r')], 0)
  expect(failures).toEqual(['unexpected items still remain in namespace: team for gvr: apps/v1, Resource=replicasets'])
  expect(failing(emptyPass, 'no').failures).toEqual(['no'])
  const own = counted(emptyPass, 'team', 'widgets.example.com', [object('example.com/v1', 'Widget', 'w')], 0)
  expect(own.failures[0]).toContain('Resource=widgets.example.com')
})
