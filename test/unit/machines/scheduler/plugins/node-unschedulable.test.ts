import { expect, test } from 'vitest'
import { nodeUnschedulable } from '../../../../../machines/scheduler/plugins/node-unschedulable.ts'
import { cacheWith, node } from '../cluster.ts'
import { rejection } from './plugins.ts'

test('a cordoned node takes only pods that tolerate it', () => {
  const cache = cacheWith([node('a'), node('b', { spec: { unschedulable: true } } as object)])
  const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }]
  expect(rejection(nodeUnschedulable, {}, cache, 'a')).toBe('')
  expect(rejection(nodeUnschedulable, {}, cache, 'b')).toBe('node(s) were unschedulable')
  expect(rejection(nodeUnschedulable, { tolerations }, cache, 'b')).toBe('')
})
