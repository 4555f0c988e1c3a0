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
const broken = () => invariants.filter(({ holds }) => !holds(before.context, after.context)).map(({ says }) => says)

test('they hold of a pod that is placed where it fits', () => {
  expect(broken()).toEqual([])
  expect(invariants.every(({ holds }) => holds(after.context, after.context))).toBe(true)
})
test('a pod that is placed where it does not fit breaks one', () => {
  const [fits] = invariants
  const cordoned = { ...node('n'), spec: { unschedulable: true } }
  const full = { ...before.context, cache: nodeSeen(before.context.cache, cordoned) }
  expect(fits?.holds(full, after.context)).toBe(false)
  const nowhere = {
    ...after.context,
    cache: assume(forget(after.context.cache, 'default/web'), podInfoOf(pod('web')), 'x'),
  }
  expect(fits?.holds(before.context, nowhere)).toBe(false)
})
test('a pod in two lanes breaks the other', () => {
  const { queue } = before.context
  const twice = { ...before.context, queue: { ...queue, active: queue.active.set('a', 'x').set('b', 'x') } }
  expect(invariants[1]?.holds(before.context, twice)).toBe(false)
})
