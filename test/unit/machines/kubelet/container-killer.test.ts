import { expect, test } from 'vitest'
import { containerKiller } from '../../../../machines/kubelet/container-killer.ts'
import type { core } from '../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { answered, DAY, failed, lost, PARTS, pod, SELF } from './fixtures.ts'

const begin = (preStop?: core.LifecycleHandler, rest: object = {}) =>
  born(
    containerKiller,
    {
      parts: PARTS,
      worker: SELF,
      pod: pod({
        containers: [{ name: 'c', image: 'x', ...(preStop === undefined ? {} : { lifecycle: { preStop } }) }],
      }),
      name: 'c',
      containerId: 'c0',
      podIP: '10.0.0.1',
      graceSeconds: 30,
      after: [],
      ...rest,
    },
    'container-killer/node-1/default/web/c',
  )
const exec = { exec: { command: ['x'] } }

test('the container is stopped with its grace, and the worker told', () => {
  const chart = begin()
  expect(chart.did('call')).toMatchObject([{ event: { call: 'StopContainer', timeoutSeconds: 30 } }])
  const ended = chart.on(answered())
  expect(ended.done).toBe(true)
  expect(ended.did('send')).toMatchObject([{ to: SELF, event: { type: 'container.killed', name: 'c' } }])
})

test('the least grace is 2 s', () => {
  expect(begin(undefined, { graceSeconds: 1 }).did('call')).toMatchObject([{ event: { timeoutSeconds: 2 } }])
})

test('the preStop hook counts against the grace', () => {
  const chart = begin(exec)
  expect(chart.did('call')).toMatchObject([{ event: { call: 'ExecSync' } }])
  const after = chart.on(answered({ exitCode: 0, stdout: '', stderr: '' }), { at: DAY + 10_400 })
  expect(after.did('call')).toMatchObject([{ event: { call: 'StopContainer', timeoutSeconds: 20 } }])
  expect(
    begin({ sleep: { seconds: 5 } })
      .after('hook sleep', { at: DAY + 5_000 })
      .did('call'),
  ).toMatchObject([{ event: { timeoutSeconds: 25 } }])
})

test('a hook that fails is told, and the container stopped all the same', () => {
  for (const event of [answered({ exitCode: 1, stdout: '', stderr: '' }), failed('no such file'), lost('runtime')]) {
    const chart = begin(exec).on(event)
    expect(chart.did('send')).toMatchObject([{ event: { reason: 'FailedPreStopHook', message: 'PreStopHook failed' } }])
    expect(chart.state).toBe('stopping')
  }
  const http = begin({ httpGet: { port: 80 } })
  expect(http.on({ type: 'probe.answered', statusCode: 200 }).did('send')).toHaveLength(0)
  expect(http.on({ type: 'probe.answered', error: 'connection refused' }).did('send')).toHaveLength(1)
})

test('a hook that outlives the grace leaves 2 s', () => {
  const chart = begin(exec).after('grace period', { at: DAY + 30_000 })
  expect(chart.did('send')).toMatchObject([{ event: { reason: 'FailedPreStopHook' } }])
  expect(chart.did('call')).toMatchObject([{ event: { timeoutSeconds: 2 } }])
})

test('a sidecar waits for the others, but not beyond the grace', () => {
  const chart = begin(undefined, { after: ['a', 'b'] })
  expect(chart.state).toBe('waitingForTurn')
  const one = chart.on({ type: 'container.killed', name: 'a' })
  expect(one.on({ type: 'container.killed', name: 'b' }).state).toBe('stopping')
  expect(one.after('grace period').state).toBe('stopping')
})

test('a runtime that does not do it is asked again', () => {
  expect(begin().on(failed('busy')).after('retry interval').state).toBe('stopping')
  expect(begin().on(lost('runtime')).state).toBe('backingOff')
})

expectWhole(containerKiller)
