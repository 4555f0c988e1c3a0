import { expect, test } from 'vitest'
import { podDisruption } from '../../../../../machines/controllers/disruption/pod-disruption.ts'
import type { Pod } from '../../../../../machines/protocol/objects.ts'
import { born } from '../../../../kit/chart.ts'
import { ok, refused } from '../kit/replies.ts'
import { objectInput, pod, sync, viewOf } from '../objects.ts'
import { BUDGETS, budget } from './budgets.ts'

const DAY = '1970-01-02T00:00:00Z'
const told = (since: string) =>
  pod('a', { status: { conditions: [{ type: 'DisruptionTarget', status: 'True', lastTransitionTime: since }] } })
const synced = (pods: readonly Pod[], budgets = [budget()]) =>
  born(podDisruption, objectInput('default/a')).on(sync(viewOf({ pods, [BUDGETS]: budgets })))
const sentOf = (chart: ReturnType<typeof synced>) => chart.did('send').map(({ event }) => event)

test('a pod is told after two minutes that it may stay', () => {
  const waiting = synced([told(DAY)])
  expect(sentOf(waiting)).toMatchObject([{ outcome: 'done', againAfterMs: 120_000 }])
  const writing = synced([told('1970-01-01T23:00:00Z')])
  expect(writing.did('call')[0]?.event).toMatchObject({
    ...{ verb: 'update', resource: 'pods', subresource: 'status', name: 'a' },
    body: { status: { conditions: [{ type: 'DisruptionTarget', status: 'False' }] } },
  })
  expect(sentOf(writing.on(refused(409, 'Conflict')))).toMatchObject([{ outcome: 'failed' }])
  expect(writing.on(ok()).done).toBe(true)
})
test('a pod that was told nothing, or is gone, is forgotten', () => {
  expect([synced([pod('a')]).done, synced([]).done]).toEqual([true, true])
})
test('a pod that several budgets protect is told which of them is counted anew', () => {
  const chart = synced([pod('a')], [budget({}, {}, 'z'), budget()])
  expect(sentOf(chart)[0]).toMatchObject({
    ...{ about: { kind: 'Pod', name: 'a' }, kind: 'Warning', reason: 'MultiplePodDisruptionBudgets' },
    message: 'Pod "default"/"a" matches multiple PodDisruptionBudgets.  Chose "b" arbitrarily.',
  })
})
