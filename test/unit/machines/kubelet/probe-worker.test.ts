import { describe, expect, test } from 'vitest'
import { probeWorker } from '../../../../machines/kubelet/probe-worker.ts'
import type { ProbeKind } from '../../../../machines/protocol/kubelet.ts'
import type { core } from '../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { answered, DAY, failed, lost, PARTS, pod, SELF } from './fixtures.ts'

const begin = (kind: ProbeKind, probe: core.Probe = {}, since = 0) => {
  const container = {
    name: 'c',
    image: 'x',
    [`${kind}Probe`]: { exec: { command: ['x'] }, periodSeconds: 2, ...probe },
  }
  return born(
    probeWorker,
    { parts: { ...PARTS, since }, worker: SELF, pod: pod({ containers: [container] }), container, kind },
    `probe-worker/node-1/default/web/c/${kind}`,
  )
}
const status = (id: string, rest: object = {}): core.ContainerStatus => ({
  name: 'c',
  image: 'x',
  imageID: '',
  ready: false,
  restartCount: 0,
  started: true,
  containerID: `containerd://${id}`,
  state: { running: { startedAt: '1970-01-02T00:00:00Z' } },
  ...rest,
})
const seen = (own: core.ContainerStatus | undefined, rest: object = {}) => ({
  type: 'container.seen',
  status: own,
  podIP: '10.0.0.1',
  trigger: false,
  deleting: false,
  ...rest,
})
const good = answered({ exitCode: 0, stdout: '', stderr: '' })
const bad = answered({ exitCode: 1, stdout: 'no', stderr: '' })
const seconds = (n: number) => ({ at: DAY + n * 1_000 })

describe('ticking', () => {
  test('the first probe comes one period after the worker began', () => {
    const chart = begin('liveness').on(seen(status('a')), seconds(0.5))
    expect(chart.state).toBe('waiting')
    expect(chart.did('wake')[0]?.afterMs ?? 1_500).toBe(1_500)
    expect(chart.after('until the next tick', seconds(2)).state).toBe('probing')
  })
  test('after a restart of the kubelet the ticks are spread', () => {
    const chart = begin('liveness', {}, DAY)
    expect(chart.state).toBe('spreading')
    expect(chart.on(seen(undefined)).state).toBe('spreading')
    expect(chart.after('random part of the period').state).toBe('idle')
    expect(chart.on(seen(status('a'))).after('random part of the period').state).toBe('probing')
  })
  test('what is not running is not probed', () => {
    const chart = begin('liveness').on(seen(undefined))
    expect(chart.state).toBe('idle')
    const waiting = chart.on(seen(status('a')))
    expect(waiting.on(seen(status('a', { state: { waiting: {} } }))).state).toBe('idle')
    expect(waiting.on(seen(status('a'), { deleting: true })).state).toBe('idle')
  })
  test('startup probes run until the container has started, the others from then on', () => {
    expect(begin('startup').on(seen(status('a'))).state).toBe('idle')
    expect(begin('startup').on(seen(status('a', { started: false }))).state).toBe('waiting')
    expect(begin('readiness').on(seen(status('a', { started: false }))).state).toBe('idle')
  })
})

describe('readiness', () => {
  test('it is wanted at once, and said to fail until a probe succeeds', () => {
    const chart = begin('readiness').on(seen(status('a'), { trigger: true }))
    expect(chart.state).toBe('probing')
    expect(chart.did('send')).toMatchObject([{ to: SELF, event: { kind: 'readiness', result: 'failure' } }])
    const ready = chart.on(good)
    expect(ready.did('send')).toMatchObject([{ event: { result: 'success', containerId: 'a' } }])
    expect(ready.state).toBe('waiting')
  })
  test('wanted while it waits it runs, wanted while it runs it runs again', () => {
    const waiting = begin('readiness').on(seen(status('a')))
    const probing = waiting.on(seen(status('a'), { trigger: true }))
    expect(probing.state).toBe('probing')
    expect(probing.on(seen(status('a'))).on(bad).state).toBe('waiting')
    expect(probing.on(seen(status('a'), { trigger: true })).on(bad).state).toBe('probing')
  })
  test('a container that ended counts as not ready at the next tick', () => {
    const ready = begin('readiness')
      .on(seen(status('a'), { trigger: true }))
      .on(good)
    const ended = ready.on(seen(status('a', { state: { terminated: { exitCode: 1 } } })))
    expect(ended.state).toBe('waiting')
    const told = ended.after('until the next tick', seconds(4))
    expect(told.did('send')).toMatchObject([{ event: { result: 'failure' } }])
    expect(told.state).toBe('idle')
  })
})

describe('results', () => {
  const probing = (probe: core.Probe = {}) =>
    begin('liveness', probe)
      .on(seen(status('a')))
      .after('until the next tick', seconds(2))
  test('as many failures as the threshold settle it, and then it waits for a new container', () => {
    let chart = probing({ failureThreshold: 2 }).on(bad)
    expect(chart.did('send')).toMatchObject([{ event: { reason: 'Unhealthy', message: 'Liveness probe failed: no' } }])
    chart = chart.after('until the next tick', seconds(4)).on(bad)
    expect(chart.did('send').map(({ event }) => event.type)).toEqual(['event.happened', 'probe.resulted'])
    expect(chart.state).toBe('idle')
    expect(chart.on(seen(status('b'))).state).toBe('waiting')
  })
  test('an error is told, but counts for nothing', () => {
    const chart = probing({ failureThreshold: 1 })
    const erred = chart.on(failed('failed to exec in container: no such file'))
    expect(erred.did('send')).toMatchObject([
      { event: { message: expect.stringContaining('Liveness probe errored: rpc error') } },
    ])
    expect(erred.did('send')).toHaveLength(1)
    expect(chart.on(lost('probe')).did('send')).toHaveLength(1)
    expect(chart.on(failed('', 'DeadlineExceeded')).did('send')).toHaveLength(2)
  })
  test('silence is a failure', () => {
    const chart = probing({ failureThreshold: 1 }).after('probe timeout')
    expect(chart.did('send')[0]?.event).toMatchObject({
      message: 'Liveness probe failed: command timed out: "x" timed out after 1s',
    })
  })
  test('probes over the network', () => {
    const http = probing({ exec: undefined as never, httpGet: { port: 80 }, failureThreshold: 1 })
    expect(http.did('call')).toMatchObject([{ to: 'container/node-1/a', event: { kind: 'http', port: 80 } }])
    expect(http.on({ type: 'probe.answered', statusCode: 200 }).did('send')).toMatchObject([
      { event: { result: 'success' } },
    ])
    expect(http.on({ type: 'probe.answered', statusCode: 500 }).did('send')[0]?.event).toMatchObject({
      message: 'Liveness probe failed: HTTP probe failed with statuscode: 500',
    })
    expect(http.on(lost('probe')).did('send')[0]?.event).toMatchObject({
      message: 'Liveness probe failed: Get "http://10.0.0.1:80/": dial tcp 10.0.0.1:80: connect: connection refused',
    })
  })
  test('a command that succeeds says nothing twice', () => {
    const once = probing().on(good)
    expect(once.did('send')).toHaveLength(1)
    expect(once.after('until the next tick', seconds(4)).on(good).did('send')).toHaveLength(0)
  })
})

expectWhole(probeWorker)
