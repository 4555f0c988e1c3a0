import { expect, test } from 'vitest'
import { loadBalancer } from '../../../../machines/load-balancer/load-balancer.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
const get = { type: 'api.request', user, verb: 'get', resource: 'nodes', name: 'node-1' }
const watch = { type: 'api.request', user, verb: 'watch', resource: 'nodes' }
const fresh = () => born(loadBalancer, { backends: ['kube-apiserver/cp-1', 'kube-apiserver/cp-2'] }, 'load-balancer/lb')
const kubelet = { from: 'kubelet/node-1', call: 7 }
const servers = ['kube-apiserver/cp-1', 'kube-apiserver/cp-2']

test('a call goes to a server and its answer back', () => {
  const passing = fresh().on(get, kubelet)
  expect(passing.asked).toEqual([{ do: 'call', to: 'kube-apiserver/cp-1', event: get, line: '7', connectMs: 5_000 }])
  const answered = { type: 'api.answered', code: 200 }
  const done = passing.on(answered, { from: 'kube-apiserver/cp-1', line: '7' })
  expect(done.asked).toEqual([{ do: 'answer', to: 'kubelet/node-1', call: 7, event: answered }])
  expect(done.context.calls.size).toBe(0)
  expect(done.on(answered, { line: '7' }).asked).toEqual([])
})

test('a watch is a stream through it, in both directions', () => {
  const passing = fresh().on(watch, kubelet)
  expect(passing.asked).toEqual([
    { do: 'stream', to: 'kube-apiserver/cp-1', event: watch, line: '7', connectMs: 5_000 },
  ])
  const events = { type: 'watch.events', changes: [], resourceVersion: '5' }
  expect(passing.on(events, { line: '7' }).asked).toEqual([{ do: 'push', stream: 7, event: events }])
  const failed = { type: 'watch.failed', status: {} }
  expect(passing.on(failed, { line: '7' }).did('push')).toHaveLength(1)
  expect(passing.on({ type: 'stream.closed', stream: 7 }).asked).toEqual([{ do: 'hangUp', line: '7' }])
  expect(passing.on({ type: 'stream.ended', line: '7', reason: 'ended' }).asked).toEqual([{ do: 'end', stream: 7 }])
})

test('a server that dies breaks what goes through it', () => {
  const calling = fresh().on(get, kubelet)
  expect(calling.on({ type: 'call.lost', line: '7', reason: 'reset' }).asked).toEqual([
    { do: 'reset', to: 'kubelet/node-1', call: 7 },
  ])
  expect(calling.on({ type: 'call.lost', line: '9', reason: 'reset' }).asked).toEqual([])
  const watching = fresh().on(watch, kubelet)
  const broken = watching.on({ type: 'stream.ended', line: '7', reason: 'reset' })
  expect(broken.asked).toEqual([{ do: 'reset', to: 'kubelet/node-1', call: 7 }])
  expect(broken.on({ type: 'stream.ended', line: '7', reason: 'reset' }).asked).toEqual([])
})

test('what a server did not take is led to the next, and broken off when there is none', () => {
  const refused = { type: 'call.lost', line: '7', reason: 'refused' }
  const again = fresh().on(get, kubelet).on(refused)
  expect(again.asked).toEqual([{ do: 'call', to: 'kube-apiserver/cp-2', event: get, line: '7', connectMs: 5_000 }])
  expect(again.on({ ...refused, line: '9' }).asked).toEqual([])
  expect(again.on(refused).asked).toEqual([{ do: 'reset', to: 'kubelet/node-1', call: 7 }])
  const alone = born(loadBalancer, { backends: ['kube-apiserver/cp-1'] })
    .on(get, kubelet)
    .on(refused)
  expect(alone.asked).toEqual([{ do: 'reset', to: 'kubelet/node-1', call: 7 }])
})

test('a watch that no server took is led to the next, once', () => {
  const refused = { type: 'stream.ended', line: '7', reason: 'refused' }
  const again = fresh().on(watch, kubelet).on(refused)
  expect(again.asked).toEqual([{ do: 'stream', to: 'kube-apiserver/cp-2', event: watch, line: '7', connectMs: 5_000 }])
  expect(again.on(refused).asked).toEqual([{ do: 'reset', to: 'kubelet/node-1', call: 7 }])
})

test('a client keeps its connection until that breaks, and then makes another', () => {
  const connected = fresh().on(get, kubelet).on({ type: 'api.answered', code: 200 }, { line: '7' })
  const next = { ...kubelet, call: 8 }
  expect(connected.on(get, next).asked).toEqual([{ do: 'call', to: 'kube-apiserver/cp-1', event: get, line: '8' }])
  const broken = connected.on(get, next).on({ type: 'call.lost', line: '8', reason: 'reset' })
  expect(broken.on(get, next).asked).toMatchObject([{ to: 'kube-apiserver/cp-2', connectMs: 5_000 }])
})

test('servers that fail three probes get no clients; those that pass two do again', () => {
  let chart = fresh()
  for (let i = 0; i < 3; i++) {
    chart = chart.after('probe interval')
    expect(chart.did('call').map(({ to }) => to)).toEqual(servers)
    chart = chart.on({ type: 'call.lost', line: 'probe kube-apiserver/cp-1', reason: 'refused' })
    chart =
      i === 0
        ? chart.on({ type: 'api.healthAnswered', ok: false }, { line: 'probe kube-apiserver/cp-2' })
        : chart.after('probe timeout')
  }
  expect(chart.state).toBe('passing.withoutServer, probing.resting')
  expect(chart.on(get, kubelet).asked).toEqual([{ do: 'reset', to: 'kubelet/node-1', call: 7 }])
  for (let i = 0; i < 2; i++) {
    chart = chart.after('probe interval')
    for (const server of servers)
      chart = chart.on({ type: 'api.healthAnswered', ok: true }, { line: `probe ${server}` })
  }
  expect(chart.state).toBe('passing.balancing, probing.resting')
})

expectWhole(loadBalancer)
