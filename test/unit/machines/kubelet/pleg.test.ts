import { expect, test } from 'vitest'
import { pleg } from '../../../../machines/kubelet/pleg.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { answered, container, DAY, failed, lost, sandbox } from './fixtures.ts'

const begin = () =>
  born(pleg, { kubelet: 'kubelet/node-1', runtime: 'containerd/node-1', since: DAY + 250 }, 'pleg/node-1', {
    at: DAY + 1_000,
  })
const quiet = () =>
  begin()
    .on(answered({ sandboxes: [sandbox()] }))
    .on(answered({ containers: [container()] }))
const started = {
  type: 'cri.events',
  events: [{ kind: 'CONTAINER_STARTED_EVENT', pod: sandbox().metadata, container: container() }],
}

test('everything is listed at first, and told to the kubelet', () => {
  const chart = quiet()
  expect(chart.state).toBe('quiet')
  expect(chart.did('send')).toMatchObject([{ to: 'kubelet/node-1', event: { type: 'runtime.listed' } }])
})

test('what happens is told at the next whole second since the kubelet began', () => {
  const chart = quiet().on(started)
  expect(chart.state).toBe('waitingForTick')
  const ticked = chart.after('until the next relist', { at: DAY + 1_250 })
  expect(ticked.state).toBe('quiet')
  expect(ticked.did('send')).toMatchObject([
    { to: 'pod-worker/node-1/default/web', event: { type: 'pod.relisted', changed: { containers: [{ id: 'c0' }] } } },
  ])
})

test('a worker that waits is told, though nothing changed', () => {
  const chart = quiet().on({ type: 'relist.awaited' }, { from: 'pod-worker/node-1/default/other' })
  expect(chart.state).toBe('waitingForTick')
  expect(chart.after('until the next relist').did('send')).toMatchObject([
    { to: 'pod-worker/node-1/default/other', event: { changed: { containers: [], sandboxes: [] } } },
  ])
})

test('a runtime that is out of reach is tried at every tick, and listed anew', () => {
  for (const out of [
    begin().on(failed('not ready')),
    begin().on(lost('list')),
    begin().after('runtime request timeout'),
  ]) {
    expect(out.state).toBe('outOfReach')
    expect(out.after('until the next relist').state).toBe('connecting.listingSandboxes')
  }
  expect(quiet().on({ type: 'stream.ended', line: 'events', reason: 'reset' }).state).toBe('outOfReach')
})

expectWhole(pleg)
