import { expect, test } from 'vitest'
import { assume, forget, nodeSeen } from '../../../../machines/scheduler/cache.ts'
import { invariants } from '../../../../machines/scheduler/invariants.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { scheduler } from '../../../../machines/scheduler/scheduler.ts'
import { born } from '../../../kit/chart.ts'
import { listed, node, pod } from './cluster.ts'

const input = { apiserver: 'a', user: { name: 'u', groups: [] }, recorder: 'r' }
const before = listed({ nodes: [node('n')], pods: [pod('web')] }).reduce(
  (chart, event) => chart.on(event),
  born(scheduler, input, 'scheduler/cp'),
)
const after = before.after('scheduling attempt')
type Seen = typeof before.context
const step = (was: Seen, is: Seen) => ({
  ...{ self: 'scheduler/cp', at: 0, from: '', event: { type: 'any' }, effects: [], was: '', state: '' },
  before: was,
  after: is,
})
const broken = (was: Seen, is: Seen) => invariants.flatMap((each) => each.broken(step(was, is)) ?? [])

test('they hold of a pod that is placed where it fits', () => {
  expect(after.context.cache.placed.get('default/web')?.node).toBe('n')
  expect(broken(before.context, after.context)).toEqual([])
  expect(broken(after.context, after.context)).toEqual([])
})
test('a pod that is placed where it does not fit breaks one', () => {
  const cordoned = { ...node('n'), spec: { unschedulable: true } }
  const full = { ...before.context, cache: nodeSeen(before.context.cache, cordoned) }
  expect(broken(full, after.context)).toEqual([
    'default/web was placed on n, which NodeUnschedulable rejects: node(s) were unschedulable',
  ])
  const nowhere = {
    ...after.context,
    cache: assume(forget(after.context.cache, 'default/web'), podInfoOf(pod('web')), 'x'),
  }
  expect(broken(before.context, nowhere)).toEqual(['default/web was placed on x, which is not known'])
})
test('a pod in two lanes breaks the other', () => {
  const { queue } = before.context
  const twice = { ...before.context, queue: { ...queue, active: queue.active.set('a', 'x').set('b', 'x') } }
  expect(broken(before.context, twice)).toEqual([expect.stringMatching(/pods lie in \d places/)])
})
