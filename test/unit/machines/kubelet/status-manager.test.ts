import { expect, test } from 'vitest'
import { statusManager } from '../../../../machines/kubelet/status-manager.ts'
import type { core, Pod } from '../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { apiFailed, lost, ok, PARTS, pod } from './fixtures.ts'

const [REST, TO_RETRY] = ['writing.upToDate, rounds.idle', 'writing.upToDate, rounds.waiting']
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
  expect(patching.on(ok({ ...pod(), status: RUNNING })).state).toBe(REST)
})

test('what is the same is not written', () => {
  expect(
    begin()
      .on(set(RUNNING))
      .on(ok({ ...pod(), status: RUNNING })).state,
  ).toBe(REST)
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
  expect(chart.state).toContain('writing.getting')
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

const shown = (status: core.PodStatus, key = 'default/web') => ({
  type: 'status.shown',
  key,
  pod: { ...pod(), status },
})
const READY: core.PodStatus = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
const OVERRULED: core.PodStatus = { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }
const written = () =>
  begin()
    .on(set(READY))
    .on(ok({ ...pod(), status: READY }))

test('what somebody else wrote over is written again within 10 s, also when what we wrote was never shown', () => {
  const overwritten = written().on(shown(OVERRULED))
  expect(overwritten.state).toBe(TO_RETRY)
  const getting = overwritten.after('sync period')
  expect(getting.did('call')).toMatchObject([{ event: { verb: 'get', name: 'web' } }])
  expect(getting.on(ok({ ...pod(), status: OVERRULED })).state).toContain('writing.patching')
  expect(written().on(shown(OVERRULED, 'default/other')).state).toBe(REST)
})

test('a late echo of what we wrote earlier is in doubt until the next one comes', () => {
  const late = written().on(shown({ phase: 'Pending' }))
  expect(late.state).toBe(TO_RETRY)
  expect(late.on(shown(READY))).toMatchObject({ state: REST, context: { doubted: [] } })
  expect(late.on({ type: 'status.forgotten', key: 'default/web' }).state).toBe(REST)
  expect(late.after('sync period').on(apiFailed(404, 'NotFound')).state).toBe(REST)
})

test('what the API goes on to say is looked at every 10 s', () => {
  const again = written().on(shown(OVERRULED)).after('sync period')
  const nothing = again.on(ok({ ...pod(), status: READY }))
  expect(nothing.state).toBe(TO_RETRY)
  expect(nothing.on(shown(READY)).state).toBe(REST)
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
    expect(chart.state).toBe(TO_RETRY)
    expect(chart.after('sync period').state).toContain('writing.getting')
    expect(chart.on(set(RUNNING, {}, pod({}, { name: 'other' }))).state).toContain('writing.getting')
  }
})

test('the round comes, however much else is written meanwhile', () => {
  const other = (status: core.PodStatus) => set(status, {}, pod({}, { name: 'other', uid: 'u2' }))
  const busy = written().on(shown(OVERRULED)).on(other(RUNNING))
  expect(busy.state).toBe('writing.getting, rounds.waiting')
  const due = busy.after('sync period')
  expect(due.context.queue).toEqual(['default/web'])
  expect(due.on(apiFailed(404, 'NotFound')).did('call')).toMatchObject([{ event: { verb: 'get', name: 'web' } }])
})

test('a pod that is being deleted and is over goes for good, once its phase says so', () => {
  const deleting = begin()
    .on(FINISHED)
    .on(ok(deleted('Running')))
    .on(ok(deleted('Succeeded')))
  expect(deleting.state).toContain('writing.deleting')
  expect(deleting.did('call')).toMatchObject([
    { event: { verb: 'delete', options: { gracePeriodSeconds: 0, preconditions: { uid: 'u1' } } } },
  ])
  expect(deleting.on(ok({})).context.latest.size).toBe(0)
  expect(deleting.on(apiFailed(409, 'Conflict')).state).toBe(TO_RETRY)
  expect(deleting.on(lost('request')).state).toBe(TO_RETRY)
  expect(deleting.after('request timeout').state).toBe(TO_RETRY)
})

expectWhole(statusManager)
