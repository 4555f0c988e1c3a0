import { expect, test } from 'vitest'
import { EMPTY_CACHE } from '../../../../machines/scheduler/cache.ts'
import { hopes, mayHelp } from '../../../../machines/scheduler/hints.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { node, pod } from './cluster.ts'

const web = podInfoOf(pod('web'))
const queued = (...rejectedBy: string[]) =>
  ({
    key: 'default/web',
    pod: pod('web'),
    lane: 'unschedulable',
    since: 0,
    arrival: 0,
    attempts: 1,
    rejectedBy,
  }) as const

test('one of the plugins that rejected the pod has to hope', () => {
  const small = {
    event: 'NodeAdd',
    now: node('n', { status: { allocatable: { cpu: '1m', pods: '1' } } } as object),
  } as const
  expect(mayHelp(queued('NodeResourcesFit'), small, EMPTY_CACHE)).toBe(false)
  expect(mayHelp(queued('NodeResourcesFit', 'NodeName'), small, EMPTY_CACHE)).toBe(true)
  expect(mayHelp(queued(), small, EMPTY_CACHE)).toBe(false)
})
test('a plugin that knows nothing of taints hopes whenever they change', () => {
  const change = { event: 'NodeUpdateNodeTaint', was: node('n'), now: node('n') } as const
  expect(hopes('NodeAffinity', web, change, EMPTY_CACHE)).toBe(true)
  expect(hopes('TaintToleration', web, change, EMPTY_CACHE)).toBe(false)
})
test('a plugin without a rule hopes', () => {
  expect(
    hopes('SchedulingGates', web, { event: 'UnschedulablePodUpdatePodSchedulingGatesEliminated' }, EMPTY_CACHE),
  ).toBe(true)
  expect(hopes('NodePorts', web, { event: 'NodeAdd', now: node('n') }, EMPTY_CACHE)).toBe(true)
})
