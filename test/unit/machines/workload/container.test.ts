import { describe, expect, test } from 'vitest'
import type { ContainerConfig } from '../../../../machines/protocol/cri.ts'
import type { Behaviour, ContainerInput } from '../../../../machines/protocol/workload.ts'
import { container } from '../../../../machines/workload/container.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const at = 1_000_000
const runtime = 'containerd/node-1'
const self = 'container/node-1/c1'

const config = (has: Partial<ContainerConfig> = {}): ContainerConfig => ({
  metadata: { name: 'c', attempt: 0 },
  image: 'app:1',
  envs: [{ key: 'COLOR', value: 'red' }],
  mounts: [],
  ports: [],
  resources: {},
  labels: {},
  annotations: {},
  terminationMessagePath: '/dev/termination-log',
  ...has,
})
const input = (
  has: Partial<ContainerConfig> = {},
  behaviours: readonly Behaviour[] = [],
  image = 'docker.io/library/app:1',
): ContainerInput => ({
  runtime,
  id: 'c1',
  podUid: 'u1',
  hostname: 'web-0',
  config: config(has),
  image,
  behaviours,
  volumes: {},
})
const created = (...args: Parameters<typeof input>) => born(container, input(...args), self, { at })
const running = (...args: Parameters<typeof input>) =>
  created(...args)
    .on({ type: 'container.start' })
    .after('start time')
const busybox = (script: string, has: Partial<ContainerConfig> = {}) =>
  running({ command: ['sh', '-c', script], ...has }, [], 'docker.io/library/busybox:1.36')
const probe = { type: 'probe.request', kind: 'http', port: 80, path: '/' }
const asked = { from: 'kubelet/node-1', call: 7 }
const stop = (graceMs = 30_000) => ({ type: 'container.stop', graceMs })

describe('a container that is not told otherwise', () => {
  test('runs for ever, and says so', () => {
    const chart = running()
    expect(chart.state).toBe('running.serving')
    expect(chart.did('send')).toEqual([{ do: 'send', to: runtime, event: { type: 'container.started', id: 'c1', at } }])
  })
  test('answers every probe', () => {
    expect(running().on(probe, asked).did('answer')[0]?.event).toMatchObject({ statusCode: 200 })
    expect(
      running()
        .on({ ...probe, kind: 'tcp' }, asked)
        .did('answer')[0]?.event,
    ).toEqual({ type: 'probe.answered' })
    expect(
      running()
        .on({ ...probe, kind: 'grpc' }, asked)
        .did('answer')[0]?.event,
    ).toMatchObject({ serving: 'SERVING' })
    expect(
      running()
        .on({ type: 'container.execute', command: ['pg_isready'], timeoutMs: 1_000 }, asked)
        .did('answer')[0]?.event,
    ).toMatchObject({ reply: { exitCode: 0 } })
  })
  test('answers requests', () => {
    const chart = running().on({ type: 'http.request', port: 80, path: '/' }, asked)
    expect(chart.did('answer')[0]?.event).toEqual({ type: 'http.answered', status: 200, body: 'ok' })
  })
  test('ends with 0 soon after SIGTERM, still serving meanwhile', () => {
    const chart = running().on(stop())
    expect(chart.state).toBe('stopping.finishing')
    expect(chart.on(probe, asked).did('answer')[0]?.event).toMatchObject({ statusCode: 200 })
    expect(chart.on({ type: 'http.request', port: 80, path: '/' }, asked).did('answer')).toHaveLength(1)
    const over = chart.after('time to end', { at: at + 10 })
    expect(over.state).toBe('exited')
    expect(over.did('send')[0]?.event).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
      startedAt: at,
      finishedAt: at + 10,
    })
  })
  test('is killed at once when no grace is given', () => {
    expect(running().on(stop(0)).context.exit).toMatchObject({ exitCode: 137, reason: 'Error' })
    expect(running().on(stop()).on(stop(0)).context.exit).toMatchObject({ exitCode: 137 })
  })
})

describe('a container that is told a behaviour', () => {
  test('is deaf until it is ready', () => {
    const chart = running({}, [{ image: 'app:*', readyAfterMs: 5_000 }])
    expect(chart.state).toBe('running.warmingUp')
    expect(chart.on(probe, asked).did('answer')[0]?.event).toEqual({
      type: 'probe.answered',
      error: 'connection refused',
    })
    expect(
      chart
        .after('time until ready', { at: at + 5_000 })
        .on(probe, asked)
        .did('answer')[0]?.event,
    ).toMatchObject({ statusCode: 200 })
  })
  test('crashes by itself', () => {
    const chart = running({ annotations: { 'orrery.dev/behaviour': 'exitAfter: 3s; exitCode: 2' } })
    expect(chart.did('wake')[0]).toMatchObject({ afterMs: 3_000 })
    expect(chart.on({ type: 'life.ended' }).context.exit).toMatchObject({ exitCode: 2, reason: 'Error' })
    expect(chart.on(stop()).on({ type: 'life.ended' }).context.exit).toMatchObject({ exitCode: 2 })
  })
  test('fails, is silent or refuses by its age', () => {
    const health = [
      { afterMs: 10, is: 'failing' },
      { afterMs: 20, is: 'silent' },
      { afterMs: 30, is: 'deaf' },
    ] as const
    const chart = running({}, [{ image: '*', health }])
    const when = (ms: number, event = probe) => chart.on(event, { ...asked, at: at + ms }).did('answer')[0]?.event
    expect(when(10)).toMatchObject({ statusCode: 500 })
    expect(when(10, { ...probe, kind: 'grpc' })).toMatchObject({ serving: 'NOT_SERVING' })
    expect(when(20)).toBeUndefined()
    expect(when(20, { ...probe, kind: 'tcp' })).toBeDefined()
    expect(when(30)).toMatchObject({ error: 'connection refused' })
  })
  test('ignores SIGTERM and is killed at the end of its grace period', () => {
    const chart = running({ annotations: { 'orrery.dev/behaviour.c': 'ignoresTerm: true' } }).on(stop())
    expect(chart.state).toBe('stopping.ignoring')
    expect(chart.after('grace period').context.exit).toMatchObject({ exitCode: 137, reason: 'Error' })
  })
  test('a second order to stop begins the grace period anew', () => {
    const chart = running({}, [{ image: '*', onTerm: 'ignored' }])
      .on(stop())
      .on(stop(2_000))
    expect(chart.context.graceMs).toBe(2_000)
    expect(chart.did('wake').map(({ afterMs }) => afterMs)).toContain(2_000)
  })
})

describe('a container with a script', () => {
  test('follows it and tells of the exit', () => {
    const chart = busybox('echo hi; sleep 2; echo bye > /dev/termination-log; exit 3')
    expect(chart.state).toBe('running.following')
    expect(chart.did('wake')[0]).toMatchObject({ key: 'script', afterMs: 2_000 })
    const over = chart.on({ type: 'script.due' }, { at: at + 2_000 })
    expect(over.state).toBe('exited')
    expect(over.did('send').at(-1)?.event).toMatchObject({
      exitCode: 3,
      reason: 'Error',
      terminationMessage: 'bye\n',
      log: [{ at, stream: 'stdout', text: 'hi\n' }],
    })
  })
  test('that ends at once has run all the same', () => {
    const chart = busybox('true')
    expect(chart.did('send').map(({ event }) => event.type)).toEqual(['container.started', 'container.exited'])
  })
  test('handles SIGTERM by its trap', () => {
    const chart = busybox('trap "sleep 1; exit 0" TERM; sleep 3600 & wait').on(stop())
    expect(chart.state).toBe('stopping.handling')
    expect(chart.on({ type: 'script.due' }, { at: at + 1_000 }).context.exit).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
    })
  })
  test('that goes round without effect is left alone, and found where it would be', () => {
    const chart = busybox('trap "" TERM; while true; do sleep 1; done')
      .on({ type: 'script.due' }, { at: at + 1_000 })
      .on({ type: 'script.due' }, { at: at + 2_000 })
    expect(chart.context.roundMs).toBe(1_000)
    expect(chart.did('wake')).toEqual([])
    const later = chart.on(
      { type: 'container.execute', command: ['touch', '/x'], timeoutMs: 0 },
      { ...asked, at: at + 7_500 },
    )
    expect(later.did('wake')[0]).toMatchObject({ key: 'script', afterMs: 500 })
  })
  test('that runs out of memory is marked', () => {
    const chart = busybox('tail /dev/zero; exit 0').on({ type: 'script.due' }, { at: at + 300 })
    expect(chart.context.exit).toMatchObject({ exitCode: 0, reason: 'OOMKilled' })
  })
  test('of an image without that command cannot start', () => {
    const chart = running({ command: ['/no/such/binary'] }, [], 'docker.io/library/busybox:1.36')
    expect(chart.did('send')[0]?.event).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
      startedAt: 0,
      message:
        'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/no/such/binary": stat /no/such/binary: no such file or directory: unknown',
    })
  })
  test('serves what it listens for', () => {
    const chart = busybox('httpd -p 80 -h /; sleep 100')
    expect(chart.on(probe, asked).did('answer')[0]?.event).toMatchObject({ statusCode: 404 })
    expect(chart.on({ ...probe, kind: 'grpc' }, asked).did('answer')[0]?.event).toMatchObject({ serving: 'SERVING' })
    expect(busybox('nc -l -p 80').on(probe, asked).did('answer')[0]?.event).toMatchObject({ error: 'EOF' })
    expect(
      busybox('sleep 1').on({ type: 'http.request', port: 80, path: '/' }, asked).did('answer')[0]?.event,
    ).toMatchObject({ status: 0 })
    expect(
      busybox('nc -l -p 80 -e sleep 9').on({ type: 'http.request', port: 80, path: '/' }, asked).did('answer'),
    ).toEqual([])
  })
})

describe('a command that is run in it', () => {
  const exec = (command: readonly string[], timeoutMs = 1_000) => ({ type: 'container.execute', command, timeoutMs })
  test('sees its files and its environment', () => {
    const chart = busybox('touch /ok; sleep 100').on(exec(['sh', '-c', 'ls /; echo $COLOR']), asked)
    expect(chart.did('answer')[0]).toMatchObject({
      to: 'kubelet/node-1',
      call: 7,
      event: { reply: { exitCode: 0, stdout: 'etc\nok\nred\n' } },
    })
  })
  test('is given up when it takes too long', () => {
    const chart = running().on(exec(['sleep', '10']), asked)
    const expired = { type: 'exec.expired', pid: 2, timeoutMs: 1_000 }
    expect(chart.did('wake')).toContainEqual(expect.objectContaining({ key: 'exec 2', afterMs: 1_000 }))
    expect(chart.on(expired).did('answer')[0]?.event).toMatchObject({ code: 'DeadlineExceeded' })
    expect(chart.on(expired).on(expired).did('answer')).toEqual([])
    expect(chart.on(stop()).on(expired).did('answer')).toHaveLength(1)
  })
  test('answers late when it takes its time', () => {
    const chart = running().on(exec(['sleep', '4'], 0), asked)
    expect(chart.on({ type: 'script.due' }, { at: at + 4_000 }).did('answer')[0]?.event).toMatchObject({
      reply: { exitCode: 0 },
    })
  })
  test('cannot start when it is not in the image', () => {
    const chart = busybox('sleep 100').on(exec(['/nope']), asked)
    expect(chart.did('answer')[0]?.event).toMatchObject({
      code: 'Unknown',
      error: expect.stringMatching(
        /^failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "\/nope": stat \/nope: no such file or directory: unknown$/,
      ),
    })
  })
  test('also runs while the container stops', () => {
    expect(
      running()
        .on(stop())
        .on(exec(['true']), asked)
        .did('answer'),
    ).toHaveLength(1)
  })
})

test('what another container writes to a shared volume is seen', () => {
  const mounts = [{ volume: 'v', containerPath: '/v', readonly: false, files: { k: 'one' } }]
  const chart = busybox('while [ ! -e /v/go ]; do sleep 1; done; echo gone > /v/done; cat /v/k', { mounts })
  const change = {
    type: 'volume.changed',
    volume: 'v',
    files: [{ path: '/go', file: { kind: 'file', content: '', size: 0 } }],
  }
  const over = chart.on(change).on({ type: 'script.due' }, { at: at + 1_000 })
  expect(over.did('send')[0]?.event).toMatchObject({ type: 'volume.changed', volume: 'v' })
  expect(over.context.exit?.log[0]?.text).toBe('one')
  expect(busybox('sleep 9', { mounts }).on(stop()).on(change).state).toBe('stopping.handling')
})

test('what the kubelet renews is seen', () => {
  const mounts = [{ volume: 'v', containerPath: '/v', readonly: true, files: { k: 'one' } }]
  const renewed = { type: 'mounts.renewed', mounts: [{ ...mounts[0], files: { k: 'two' } }] }
  const chart = busybox('sleep 100', { mounts }).on(renewed)
  const read = chart.on({ type: 'container.execute', command: ['cat', '/v/k'], timeoutMs: 0 }, asked)
  expect(read.did('answer')[0]?.event).toMatchObject({ reply: { stdout: 'two' } })
})

test('before it is started it takes changes of its volumes and can be thrown away', () => {
  const chart = created()
  expect(chart.on({ type: 'volume.changed', volume: 'v', files: [] }).state).toBe('created')
  expect(chart.on({ type: 'mounts.renewed', mounts: [] }).state).toBe('created')
  expect(chart.on({ type: 'container.delete' }).done).toBe(true)
  expect(chart.on({ type: 'container.start' }).on({ type: 'container.delete' }).done).toBe(true)
  expect(chart.on(probe, asked).did('answer')[0]?.event).toMatchObject({ error: 'connection refused' })
  expect(chart.on({ type: 'http.request', port: 80, path: '/' }, asked).did('answer')[0]?.event).toMatchObject({
    status: 0,
  })
})

test('it tells a runtime that came back how it fares', () => {
  const inspect = { type: 'container.inspect' }
  expect(created().on(inspect, asked).did('answer')[0]?.event).toMatchObject({ state: 'CREATED' })
  expect(running().on(inspect, asked).did('answer')[0]?.event).toMatchObject({ state: 'RUNNING', startedAt: at })
  const over = running().on(stop(0))
  expect(over.on(inspect, asked).did('answer')[0]?.event).toMatchObject({ state: 'EXITED', exit: { exitCode: 137 } })
  expect(
    over.on({ type: 'container.execute', command: ['true'], timeoutMs: 0 }, asked).did('answer')[0]?.event,
  ).toMatchObject({
    error: 'failed to exec in container: container is in CONTAINER_EXITED state',
  })
  expect(over.on({ type: 'container.delete' }).done).toBe(true)
})

test('it tells its log, and what a behaviour logs only when its time has come', () => {
  const chart = running({}, [
    {
      image: '*',
      logs: [
        { afterMs: 0, text: 'up\n' },
        { afterMs: 500, text: 'ready\n' },
      ],
    },
  ])
  const log = (ms: number) =>
    chart.on({ type: 'log.request', containerId: 'c1' }, { ...asked, at: at + ms }).did('answer')[0]?.event
  expect(log(0)).toEqual({ type: 'log.answered', lines: [{ at, stream: 'stdout', text: 'up\n' }] })
  expect(log(500)).toMatchObject({ lines: [{}, { at: at + 500 }] })
})

test('limits can be changed and the container deleted while it runs or stops', () => {
  const resources = { limits: { cpu: '2' } }
  expect(running().on({ type: 'limits.changed', resources }).context.config.resources).toEqual(resources)
  expect(running().on({ type: 'container.delete' }).done).toBe(true)
  expect(running().on(stop()).on({ type: 'container.delete' }).done).toBe(true)
})

expectWhole(container)
