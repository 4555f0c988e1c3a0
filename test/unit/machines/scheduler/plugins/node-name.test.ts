import { expect, test } from 'vitest'
import { nodeName } from '../../../../../machines/scheduler/plugins/node-name.ts'
import { cacheWith, node } from '../cluster.ts'
import { rejection } from './plugins.ts'

test('a pod that names its node fits no other', () => {
  const cache = cacheWith([node('a')])
  expect(rejection(nodeName, { nodeName: 'b' }, cache, 'a')).toBe("node(s) didn't match the requested node name")
  expect([
    rejection(nodeName, { nodeName: 'a' }, cache, 'a'),
    rejection(nodeName, { nodeName: '' }, cache, 'a'),
  ]).toEqual(['', ''])
})
