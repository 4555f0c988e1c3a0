import { expect, test } from 'vitest'
import { statusManager } from '../../../../machines/kubelet/status-manager.ts'
import type { core, Pod } from '../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { apiFailed, lost, ok, PARTS, pod } from './fixtures.ts'

const begin = () => born(statusManager, { apiserver: PARTS.apiserver, user: PARTS.user }, 'status-manager/node-1')
const set = (status: core.PodStatus, rest: object = {}, own: Pod = pod()) => ({
  type: 'status.set',
  pod: own,
  status,
  mayRun: true,
  finished: false,
  ...rest,
})
const RUNNING: core.PodStatus = { phase: 'Running', podIP: '10.0.0.1' }
const deleted = (phase: string): Pod => ({
  ...pod({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  status: { phase },
})
const FINISHED = set({ phase: 'Succeeded' }, { mayRun: false, finished: true })

test('the pod is read, and the difference patched', () => {
  const chart = begin().on(set(RUNNING))
  expect(chart.did('call')).toMatchObject([{ event: { verb: 'get', name: 'web', namespace: 'default' } }])
  const patching = chart.on(ok(pod()))
  expect(patching.did('call')).toMatchObject([
    {
      event: {
        verb: 'patch',
        patchType: 'strategic',
        subresource: 'status',
        body: { metadata: { uid: 'u1' }, status: { phase: 'Running', podIP: '10.0.0.1' } },
      },
    },
  ])
  expect(patching.on(ok({ ...pod(), status: RUNNING })).state).toBe('upToDate')
})

test('what is the same is not written', () => {
  expect(
    begin()
      .on(set(RUNNING))
      .on(ok({ ...pod(), status: RUNNING })).state,
  ).toBe('upToDate')
})

test('a terminal phase is kept back while something may run', () => {
  const chart = begin()
    .on(set({ phase: 'Failed', podIP: '10.0.0.1' }))
    .on(ok({ ...pod(), status: { phase: 'Running' } }))
  expect(chart.did('call')).toMatchObject([{ event: { body: { status: { podIP: '10.0.0.1' } } } }])
  expect(JSON.stringify(chart.did('call'))).not.toContain('Failed')
})

test('the latest of a pod is sent, after what is under way', () => {
  const chart = begin()
    .on(set({ phase: 'Pending' }))
    .on(set(RUNNING))
    .on(ok(pod()))
  expect(chart.state).toBe('getting')
  expect(chart.on(ok(pod())).did('call')).toMatchObject([{ event: { body: { status: { phase: 'Running' } } } }])
})

test('a pod that is gone, or another of its name, is forgotten', () => {
  expect(begin().on(set(RUNNING)).on(apiFailed(404, 'NotFound')).context.latest.size).toBe(0)
  const other = begin()
    .on(set(RUNNING))
    .on(ok(pod({}, { uid: 'u2' })))
  expect(other.context.latest.size).toBe(0)
  const patching = begin().on(set(RUNNING)).on(ok(pod()))
  expect(patching.on(apiFailed(404, 'NotFound')).context.latest.size).toBe(0)
  const newer = patching.on(set({ phase: 'Failed' }))
  expect(newer.on(apiFailed(404, 'NotFound')).context.latest.size).toBe(1)
  expect(newer.on({ type: 'status.forgotten', key: 'default/web' }).context.latest.size).toBe(0)
})

test('what somebody else wrote over is looked at again within 10 s', () => {
  const written = begin()
    .on(set(RUNNING))
    .on(ok({ ...pod(), status: RUNNING }))
  const overwritten = written.on({ type: 'status.overwritten', key: 'default/web' })
  expect(overwritten.state).toBe('waitingToRetry')
  expect(overwritten.after('sync period').did('call')).toMatchObject([{ event: { verb: 'get', name: 'web' } }])
  expect(written.on({ type: 'status.overwritten', key: 'default/other' }).context.failed).toEqual([])
})

test('what fails is tried again with all others after 10 s', () => {
  const getting = begin().on(set(RUNNING))
  const patching = getting.on(ok(pod()))
  for (const chart of [
    getting.on(apiFailed(500, 'InternalError')),
    getting.on(lost('request')),
    getting.after('request timeout'),
    patching.on(apiFailed(500, 'InternalError')),
    patching.on(lost('request')),
    patching.after('request timeout'),
  ]) {
    expect(chart.state).toBe('waitingToRetry')
    expect(chart.after('sync period').state).toBe('getting')
    expect(chart.on(set(RUNNING, {}, pod({}, { name: 'other' }))).state).toBe('getting')
  }
})

test('a pod that is being deleted and is over goes for good, once its phase says so', () => {
  const deleting = begin()
    .on(FINISHED)
    .on(ok(deleted('Running')))
    .on(ok(deleted('Succeeded')))
  expect(deleting.state).toBe('deleting')
  expect(deleting.did('call')).toMatchObject([
    { event: { verb: 'delete', options: { gracePeriodSeconds: 0, preconditions: { uid: 'u1' } } } },
  ])
  expect(deleting.on(ok({})).context.latest.size).toBe(0)
  expect(deleting.on(apiFailed(409, 'Conflict')).state).toBe('waitingToRetry')
  expect(deleting.on(lost('request')).state).toBe('waitingToRetry')
  expect(deleting.after('request timeout').state).toBe('waitingToRetry')
})

expectWhole(statusManager)
