import { expect, test } from 'vitest'
import {
  atBirth,
  besides,
  graceSeconds,
  isEnding,
  sawRelist,
  told,
  untilDeadline,
} from '../../../../../machines/kubelet/pod/worker.ts'
import { DAY, pod, SELF, workerInput } from '../fixtures.ts'

const context = (own = pod(), rest = {}) => ({ ...atBirth(workerInput(own)), ...rest })

test('what belongs to a pod lives beside its worker', () => {
  expect(besides(SELF, 'probe-worker', 'c', 'liveness')).toBe('probe-worker/node-1/default/web/c/liveness')
})
test('a pod ends when it is deleted, gone, or done', () => {
  expect(isEnding(context())).toBe(false)
  expect(isEnding(context(pod({}, { deletionTimestamp: 'x' })))).toBe(true)
  expect(isEnding(context(pod(), { gone: true }))).toBe(true)
  expect(isEnding(context({ ...pod(), status: { phase: 'Failed' } }))).toBe(true)
})
test('a relist counts when it came after the last sync', () => {
  expect(sawRelist(context(pod(), { syncedAt: DAY }), DAY + 999)).toBe(false)
  expect(sawRelist(context(pod(), { syncedAt: DAY + 1 }), DAY + 1_000)).toBe(true)
})
test('the grace is that of the deletion, of the spec, or 30 s; at least 1 s', () => {
  expect(graceSeconds(context())).toBe(30)
  expect(graceSeconds(context(pod({ terminationGracePeriodSeconds: 5 })))).toBe(5)
  expect(graceSeconds(context(pod({}, { deletionGracePeriodSeconds: 0 })))).toBe(1)
})
test('the deadline counts from the start of the pod', () => {
  const status = { startTime: '1970-01-02T00:00:00Z' }
  expect(untilDeadline(context(pod({ activeDeadlineSeconds: 60 }), { status }), DAY + 20_000)).toBe(40_000)
  expect(untilDeadline(context(pod(), { status }), DAY)).toBeUndefined()
})
test('a status that says nothing new is told only when it must', () => {
  const own = context()
  expect(told(own, { phase: 'Pending' }, { mayRun: true })).toEqual([])
  expect(told(own, { phase: 'Pending' }, { mayRun: false, finished: true, force: true })).toMatchObject([
    { event: { finished: true } },
  ])
})
