import { expect, test } from 'vitest'
import { schedulingGates } from '../../../../../machines/scheduler/plugins/scheduling-gates.ts'
import { podInfoOf } from '../../../../../machines/scheduler/pod-info.ts'
import { pod } from '../cluster.ts'

test('a pod with gates waits for them', () => {
  const gated = pod('web', { spec: { schedulingGates: [{ name: 'a' }, { name: 'b' }] } } as object)
  expect(schedulingGates.preEnqueue?.(podInfoOf(gated))?.reasons).toEqual(['waiting for scheduling gates: [a b]'])
  expect(schedulingGates.preEnqueue?.(podInfoOf(pod('web')))).toBeUndefined()
})
