import { expect, test } from 'vitest'
import { taintToleration } from '../../../../../machines/scheduler/plugins/taint-toleration.ts'
import { cacheWith, node } from '../cluster.ts'
import { rejection, scores } from './plugins.ts'

const tainted = (name: string, effect: string, ...keys: string[]) =>
  node(name, { spec: { taints: keys.map((key) => ({ key, effect })) } } as object)
const cache = cacheWith([node('a'), tainted('b', 'PreferNoSchedule', 'x', 'y'), tainted('c', 'NoExecute', 'x')])

test('a taint keeps pods away that do not tolerate it', () => {
  expect(rejection(taintToleration, {}, cache, 'c')).toBe('node(s) had untolerated taint {x: }')
  expect(rejection(taintToleration, { tolerations: [{ operator: 'Exists' }] }, cache, 'c')).toBe('')
  expect(rejection(taintToleration, {}, cache, 'b')).toBe('')
})
test('the fewer taints that prefer other pods the better', () => {
  expect(scores(taintToleration, {}, cache)).toEqual({ raw: [0, 2, 0], normalized: [100, 0, 100] })
  const tolerations = [
    { key: 'x', operator: 'Exists', effect: 'PreferNoSchedule' },
    { key: 'y', operator: 'Exists', effect: 'NoSchedule' },
  ]
  expect(scores(taintToleration, { tolerations }, cache).raw).toEqual([0, 1, 0])
})
