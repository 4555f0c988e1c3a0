import { describe, expect, test } from 'vitest'
import { podWorker } from '../../../../machines/kubelet/pod-worker.ts'
import type { core, Pod } from '../../../../machines/protocol/objects.ts'
import type { Effect } from '../../../../runtime/contract.ts'
import { born, type Chart, expectWhole } from '../../../kit/chart.ts'
import {
  answered,
  apiFailed,
  container,
  DAY,
  exited,
  failed,
  IMAGE,
  lost,
  ok,
  pod,
  running,
  SELF,
  sandbox,
  workerInput,
} from './fixtures.ts'

type Worker = Chart<ReturnType<typeof podWorker.getInitialSnapshot>['context']>
const begin = (own: Pod = pod(), rest: object = {}): Worker => born(podWorker, workerInput(own, rest), SELF)

type Asked = { readonly event: { readonly type: string; readonly [field: string]: unknown } }
const asked = (effects: readonly Effect[], type: string) =>
  effects.flatMap((effect) => {
    const { event } = effect as unknown as Asked
    return event?.type === type ? [event] : []
  })
const calls = (chart: Worker) => asked(chart.asked, 'cri.request').map((event) => event['call'])
const reasons = (chart: Worker) => asked(chart.asked, 'event.happened').map((event) => event['reason'])
const messages = (chart: Worker) => asked(chart.asked, 'event.happened').map((event) => event['message'])
const told = (chart: Worker) =>
  asked(chart.asked, 'status.set')[0] as unknown as { status: core.PodStatus; [x: string]: unknown }

const withSandbox = (chart: Worker) => chart.on(answered({ podSandboxId: 's0', ips: ['10.0.0.1'] }))
const withImage = (chart: Worker) => withSandbox(chart).on(answered({ image: IMAGE }))
const created = (chart: Worker) => withImage(chart).on(answered({ containerId: 'c0' }))
const started = (chart: Worker) => created(chart).on(answered())
const seconds = (n: number) => ({ at: DAY + n * 1_000 })
const relisted = (changed: object, rest: object = {}) => ({ type: 'pod.relisted', changed, ...rest })
const up = (own: Pod = pod()) => started(begin(own)).on(relisted(running(container())), seconds(1))
const deleting = (own: Pod = pod(), grace = 30): Pod => ({
  ...own,
  metadata: { ...own.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: grace },
})
const updated = (own: Pod) => ({ type: 'pod.updated', pod: own })

describe('starting a pod', () => {
  test('the status is written, then the sandbox made, the image found, the container created and started', () => {
    const first = begin()
    expect(first.state).toBe('syncing.makingSandbox')
    expect(told(first).status.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'ContainerCreating' } })
    expect(calls(first)).toEqual(['RunPodSandbox'])
    const found = withSandbox(first)
    expect(calls(found)).toEqual(['ImageStatus'])
    const image = withImage(first)
    expect(image.state).toBe('syncing.startingContainer.creating')
    expect(messages(image)).toEqual(['Container image "nginx:1" already present on machine'])
    expect(messages(created(first))).toEqual(['Created container: c'])
    const last = started(first)
    expect(last.state).toBe('resting')
    expect(messages(last)).toEqual(['Started container c'])
  })

  test('it is Running and ready once a relist has shown it', () => {
    const chart = up()
    expect(chart.state).toBe('resting')
    expect(told(chart)).toMatchObject({
      mayRun: true,
      finished: false,
      status: { phase: 'Running', podIP: '10.0.0.1' },
    })
    expect(told(chart).status.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ])
  })

  test('a second sync in the same second waits for a newer relist', () => {
    const chart = started(begin()).on(updated(pod()))
    expect(chart.state).toBe('waitingForRelist')
    expect(asked(chart.asked, 'relist.awaited')).toHaveLength(1)
    expect(chart.on(relisted({ sandboxes: [], containers: [] }), seconds(1)).state).not.toBe('waitingForRelist')
  })

  test('a pod that the kubelet cannot take is marked Failed and never started', () => {
    const chart = begin(pod(), { rejection: { reason: 'OutOfcpu', message: 'too little' } })
    expect(chart.state).toBe('rejected')
    expect(chart.done).toBe(true)
    expect(told(chart).status).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: 'Pod was rejected: too little',
    })
    expect(reasons(chart)).toEqual(['OutOfcpu'])
  })

  test.each([
    ['an error', failed('no CNI')],
    ['a broken connection', lost('runtime')],
  ])('no sandbox by %s: an Event, and another try after 10 s', (_, event) => {
    const chart = begin().on(event)
    expect(chart.state).toBe('backingOff')
    expect(reasons(chart)).toEqual(['FailedCreatePodSandBox'])
    expect(chart.context.retryAt - DAY).toBeGreaterThanOrEqual(10_000)
    expect(chart.context.retryAt % 1_000).toBe(0)
    const again = chart.after('until the next sync', { at: chart.context.retryAt })
    expect(again.state).toBe('syncing.makingSandbox')
  })
  test('a sandbox that takes too long is given up', () => {
    expect(begin().after('runtime request timeout').state).toBe('backingOff')
  })
  test('while it backs off, news wants a sync: now if a relist was seen since, else at the next', () => {
    const chart = begin().on(failed('no CNI'))
    expect(chart.on(updated(pod())).state).toBe('waitingForRelist')
    expect(chart.on(updated(pod()), seconds(2)).state).toBe('syncing.makingSandbox')
    expect(chart.on(updated(deleting()), seconds(2)).state).toBe('terminating.lookingAtRemains')
  })
})

describe('images', () => {
  const looking = (policy: string | undefined, image = 'nginx:1', more: Partial<core.Container> = {}) =>
    withSandbox(
      begin(pod({ containers: [{ name: 'c', image, ...(policy ? { imagePullPolicy: policy } : {}), ...more }] })),
    )
  const absent = answered({ image: undefined })

  test('an absent image is pulled, and the Event says how long that took', () => {
    const chart = looking('IfNotPresent').on(absent)
    expect(chart.state).toBe('syncing.startingContainer.pulling')
    expect(messages(chart)).toEqual(['Pulling image "nginx:1"'])
    const pulled = chart.on({ type: 'image.pulled', image: IMAGE, pullMs: 1_200 }, seconds(2))
    expect(messages(pulled)).toEqual([
      'Successfully pulled image "nginx:1" in 1.2s (2s including waiting). Image size: 1000 bytes.',
    ])
    expect(pulled.state).toBe('syncing.startingContainer.creating')
  })
  test.each([
    ['a refusal', { type: 'image.pullFailed', error: 'not found' }, 'not found'],
    ['a broken connection', lost('image'), 'rpc error: code = Unavailable'],
  ])('a pull that ends in %s backs off', (_, event, text) => {
    const chart = looking('Always')
      .on(answered({ image: IMAGE }))
      .on(event)
    expect(chart.state).toBe('backingOff')
    expect(reasons(chart)).toEqual(['Failed', 'Failed'])
    expect(messages(chart)[0]).toContain(`Failed to pull image "nginx:1": ${text}`)
    expect(chart.context.startErrors['c']?.reason).toBe('ErrImagePull')
    const again = chart.on(relisted(running()), seconds(1))
    expect(told(again).status.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ErrImagePull')
    const later = again.on(absent)
    expect(messages(later)).toEqual(['Back-off pulling image "nginx:1"', 'Error: ImagePullBackOff'])
    expect(later.context.startErrors['c']?.message).toContain('Back-off pulling image "nginx:1": ErrImagePull: ')
  })
  test('with policy Never an absent image is an error', () => {
    const chart = looking('Never').on(absent)
    expect(reasons(chart)).toEqual(['ErrImageNeverPull', 'Failed'])
    expect(chart.state).toBe('backingOff')
  })
  test('a name that is none is said so', () => {
    const chart = looking(undefined, 'Not//Valid')
    expect(reasons(chart)).toEqual(['InspectFailed', 'Failed'])
    expect(chart.state).toBe('backingOff')
  })
  test.each([failed('broken'), lost('runtime')])('an image that cannot be looked for fails the container', (event) => {
    const chart = looking(undefined).on(event)
    expect(chart.context.startErrors['c']?.reason).toBe('ImageInspectError')
  })
  test('looking for it has a time-out', () => {
    expect(looking(undefined).after('runtime request timeout').state).toBe('backingOff')
  })
  test('missing pull secrets are told, and do not hinder', () => {
    const chart = begin(pod({ imagePullSecrets: [{ name: 'nope' }] })).on(apiFailed(404, 'NotFound'))
    expect(reasons(chart)).toEqual(['FailedToRetrieveImagePullSecret'])
    expect(chart.state).toBe('syncing.makingSandbox')
  })
})

describe('creating and starting', () => {
  test.each([failed('bad mount'), lost('runtime')])(
    'a container that cannot be created is CreateContainerError',
    (event) => {
      const chart = withImage(begin()).on(event)
      expect(chart.state).toBe('backingOff')
      expect(chart.context.startErrors['c']?.reason).toBe('CreateContainerError')
    },
  )
  test('creating has a time-out', () => {
    expect(withImage(begin()).after('runtime request timeout').context.startErrors['c']?.message).toBe(
      'context deadline exceeded',
    )
  })
  test.each([failed('no such file'), lost('runtime')])(
    'a container that cannot be started is RunContainerError',
    (event) => {
      const chart = created(begin()).on(event)
      expect(chart.context.startErrors['c']?.reason).toBe('RunContainerError')
      expect(reasons(chart)).toEqual(['Failed'])
    },
  )
  test('starting has a time-out', () => {
    expect(created(begin()).after('runtime request timeout').state).toBe('backingOff')
  })
  test('one container that fails does not keep the next from starting', () => {
    const chart = withImage(
      begin(
        pod({
          containers: [
            { name: 'a', image: 'x:1' },
            { name: 'b', image: 'x:1' },
          ],
        }),
      ),
    )
    expect(chart.on(failed('bad')).state).toBe('syncing.startingContainer.lookingForImage')
  })
})

describe('configuration', () => {
  const needy = pod({
    containers: [
      { name: 'c', image: 'nginx:1', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } }] },
    ],
  })
  test('what the environment names is read first', () => {
    const chart = withImage(begin(needy))
    expect(chart.state).toBe('syncing.startingContainer.configuring.reading')
    expect(asked(chart.asked, 'api.request')[0]).toMatchObject({ verb: 'get', resource: 'configmaps', name: 'm' })
    const read = chart.on(ok({ kind: 'ConfigMap', metadata: { name: 'm' }, data: { k: 'v' } }))
    expect(read.state).toBe('syncing.startingContainer.creating')
    expect(asked(read.asked, 'cri.request')[0]).toMatchObject({ config: { envs: [{ key: 'A', value: 'v' }] } })
  })
  test('what is not there is CreateContainerConfigError', () => {
    const chart = withImage(begin(needy)).on(apiFailed(404, 'NotFound'))
    expect(chart.context.startErrors['c']).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "m" not found',
    })
    expect(messages(chart)).toEqual(['Error: configmap "m" not found'])
  })
  test.each([
    (chart: Worker) => chart.on(apiFailed(500, 'InternalError')),
    (chart: Worker) => chart.on(lost('api')),
    (chart: Worker) => chart.after('request timeout'),
  ])('what cannot be read is a cache that is not in sync', (go) => {
    const chart = go(withImage(begin(needy)))
    expect(chart.context.startErrors['c']?.message).toContain('failed to sync configmap cache')
  })

  const mounting = pod({ volumes: [{ name: 'v', configMap: { name: 'm' } }] })
  test('a volume that cannot be mounted is tried again, faster at first', () => {
    const chart = begin(mounting)
    expect(chart.state).toBe('syncing.mounting.reading')
    const missing = chart.on(apiFailed(404, 'NotFound'))
    expect(missing.state).toBe('syncing.mounting.backingOff')
    expect(messages(missing)).toEqual(['MountVolume.SetUp failed for volume "v" : configmap "m" not found'])
    const again = missing.after('mount back-off').on(ok({ kind: 'ConfigMap', metadata: { name: 'm' }, data: {} }))
    expect(again.state).toBe('syncing.makingSandbox')
  })
  test.each([
    (chart: Worker) => chart.on(apiFailed(500, 'InternalError')),
    (chart: Worker) => chart.on(lost('api')),
    (chart: Worker) => chart.after('request timeout'),
  ])('a volume that cannot be read now is read later', (go) => {
    expect(go(begin(mounting)).state).toBe('syncing.mounting.backingOff')
  })
  test('a pod that is deleted meanwhile is not waited for', () => {
    const chart = begin(mounting)
      .on(lost('api'))
      .on(updated(deleting(mounting)), seconds(2))
    expect(chart.state).toBe('terminating.waitingForRelist')
  })
})

describe('postStart hooks', () => {
  const hooked = (postStart: core.LifecycleHandler) =>
    started(begin(pod({ containers: [{ name: 'c', image: 'nginx:1', lifecycle: { postStart } }] })))
  const exec = { exec: { command: ['x'] } }
  test('a hook that only sleeps holds everything for so long', () => {
    const chart = hooked({ sleep: { seconds: 3 } })
    expect(chart.state).toBe('syncing.startingContainer.runningHook.sleeping')
    expect(chart.after('hook sleep').state).toBe('resting')
  })
  test('a command that succeeds lets the sync go on', () => {
    const chart = hooked(exec)
    expect(calls(chart)).toEqual(['ExecSync'])
    expect(chart.on(answered({ exitCode: 0, stdout: '', stderr: '' })).state).toBe('resting')
  })
  test('a request that succeeds too', () => {
    const chart = hooked({ httpGet: { port: 80, path: '/x' } })
    expect(asked(chart.asked, 'probe.request')).toHaveLength(1)
    expect(chart.on({ type: 'probe.answered', statusCode: 200 }).state).toBe('resting')
    expect(chart.on({ type: 'probe.answered', error: 'connection refused' }).state).toBe(
      'syncing.startingContainer.runningHook.killing',
    )
  })
  test.each([answered({ exitCode: 5, stdout: 'bad\n', stderr: '' }), failed('no such file'), lost('runtime')])(
    'a hook that fails has its container killed',
    (event) => {
      const chart = hooked(exec).on(event)
      expect(reasons(chart)).toEqual(['FailedPostStartHook', 'Killing'])
      const killed = chart.on({ type: 'container.killed', name: 'c' })
      expect(killed.state).toBe('backingOff')
      expect(killed.context.startErrors['c']?.reason).toBe('PostStartHookError')
      expect(killed.context.startErrors['c']?.message).toContain('Exec lifecycle hook ([x])')
    },
  )
})

describe('restarting', () => {
  const crashed = (attempt: number) =>
    relisted({ sandboxes: [], containers: [exited(1, { attempt, finishedAt: DAY + 2_000 })] })
  test('the first crash is restarted at once, the second backs off', () => {
    const once = up().on(crashed(0), seconds(3))
    expect(once.state).toBe('syncing.startingContainer.lookingForImage')
    expect(told(once).status.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(1)
    const again = once
      .on(answered({ image: IMAGE }))
      .on(answered({ containerId: 'c1' }))
      .on(answered())
      .on(relisted({ sandboxes: [], containers: [exited(1, { attempt: 1, finishedAt: DAY + 3_500 })] }), seconds(4))
    expect(again.state).toBe('backingOff')
    expect(messages(again)).toEqual(['Back-off restarting failed container c in pod web_default(u1)'])
    expect(asked(again.asked, 'remains.unwanted')[0]).toMatchObject({ containers: ['c0'] })
    const next = again.after('until the next sync', seconds(30))
    expect(next.state).toBe('syncing.startingContainer.lookingForImage')
    expect(told(next).status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'back-off 10s restarting failed container=c pod=web_default(u1)',
        },
      },
    })
  })

  test('a failed liveness probe kills and starts again in one sync', () => {
    const probing = pod({ containers: [{ name: 'c', image: 'nginx:1', livenessProbe: { exec: { command: ['x'] } } }] })
    expect(
      begin(probing)
        .did('spawn')
        .map(({ machine }) => machine),
    ).toEqual(['probe-worker'])
    const chart = up(probing).on(
      { type: 'probe.resulted', containerId: 'c0', kind: 'liveness', result: 'failure' },
      seconds(9),
    )
    expect(chart.state).toBe('syncing.killing')
    expect(messages(chart)).toEqual(['Container c failed liveness probe, will be restarted'])
    expect(chart.did('spawn')[0]?.address).toBe('container-killer/node-1/default/web/c')
    expect(chart.on({ type: 'container.killed', name: 'c' }).state).toBe('syncing.startingContainer.lookingForImage')
  })

  test('a sandbox that died is made anew, after what is left was killed', () => {
    const chart = up().on(relisted({ sandboxes: [sandbox('NOTREADY')], containers: [] }), seconds(3))
    expect(chart.state).toBe('syncing.killing')
    const anew = chart.on({ type: 'container.killed', name: 'c' })
    expect(anew.state).toBe('syncing.makingSandbox')
    expect(reasons(anew)).toEqual(['SandboxChanged'])
  })

  const sidecar = pod({
    restartPolicy: 'Never',
    initContainers: [{ name: 's', image: 'x', restartPolicy: 'Always' }],
  })
  const done = () => begin(sidecar, { found: running(exited(0), container({ name: 's' })) })
  test('when the containers are done the sidecars are killed, then the sandbox is taken down', () => {
    const chart = done()
    expect(chart.state).toBe('syncing.killing')
    const killed = chart.on({ type: 'container.killed', name: 's' })
    expect(killed.state).toBe('syncing.stoppingSandbox')
    expect(killed.on(answered()).state).toBe('resting')
  })
  test.each([
    (chart: Worker) => chart.on(failed('busy')),
    (chart: Worker) => chart.on(lost('runtime')),
    (chart: Worker) => chart.after('runtime request timeout'),
  ])('a sandbox that cannot be taken down fails the sync', (go) => {
    expect(go(done().on({ type: 'container.killed', name: 's' })).state).toBe('backingOff')
  })
})

describe('probes', () => {
  const probing = pod({
    containers: [{ name: 'c', image: 'nginx:1', readinessProbe: { tcpSocket: { port: 80 } }, startupProbe: {} }],
  })
  test('a startup that settled is written at once and shown to the other probes', () => {
    const chart = up(probing).on({ type: 'probe.resulted', containerId: 'c0', kind: 'startup', result: 'success' })
    expect(told(chart).status.containerStatuses?.[0]?.started).toBe(true)
    expect(asked(chart.asked, 'container.seen').length).toBeGreaterThan(0)
    const ready = chart.on(
      { type: 'probe.resulted', containerId: 'c0', kind: 'readiness', result: 'success' },
      seconds(3),
    )
    expect(ready.context.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True')
  })
})

describe('ending', () => {
  const ending = () => up().on(updated(deleting()), seconds(5))
  test('what runs is killed, the sandbox taken down, and the end reported', () => {
    const chart = ending()
    expect(chart.state).toBe('terminating.stoppingContainers')
    expect(messages(chart)).toEqual(['Stopping container c'])
    expect(chart.did('spawn')[0]?.input).toMatchObject({ graceSeconds: 30, after: [] })
    const killed = chart.on({ type: 'container.killed', name: 'c' })
    expect(calls(killed)).toEqual(['StopPodSandbox'])
    const looked = killed.on(answered())
    expect(calls(looked)).toEqual(['ListContainers'])
    const ended = looked.on(answered({ containers: [exited(0)] }))
    expect(told(ended)).toMatchObject({ mayRun: false, finished: false, status: { phase: 'Succeeded' } })
    expect(ended.state).toBe('terminated.waitingForRelist')
    const over = ended.on(relisted({ sandboxes: [], containers: [] }), seconds(6))
    expect(over.state).toBe('terminated.over')
    expect(told(over)).toMatchObject({ finished: true })
    expect(asked(over.asked, 'pod.terminated')).toHaveLength(1)
    const gone = over.on({ type: 'pod.removed' })
    expect(gone.done).toBe(true)
    expect(asked(gone.asked, 'remains.unwanted')[0]).toMatchObject({ containers: ['c0'], sandboxes: ['s0'] })
  })

  test('a pod whose containers are done ends by itself', () => {
    const never = pod({ restartPolicy: 'Never' })
    const chart = up(never).on(relisted({ sandboxes: [], containers: [exited(9)] }), seconds(3))
    expect(chart.state).toBe('terminating.waitingForRelist')
    expect(told(chart)).toMatchObject({ mayRun: true, status: { phase: 'Failed' } })
    const stopping = chart.on(relisted({ sandboxes: [], containers: [] }), seconds(4))
    expect(stopping.state).toBe('terminating.stoppingSandbox')
    const over = stopping.on(answered()).on(answered({ containers: [exited(9)] }), seconds(5))
    const last = over.on(relisted({ sandboxes: [], containers: [] }), seconds(6))
    expect(last.state).toBe('terminated.over')
    expect(asked(last.on(updated(never)).asked, 'status.set')).toHaveLength(0)
    expect(asked(last.on(updated(deleting(never))).asked, 'status.set')).toHaveLength(1)
  })

  test('past its deadline a pod is Failed', () => {
    const chart = begin(pod({ activeDeadlineSeconds: 60 }))
    expect(chart.did('wake').find(({ key }) => key === 'deadline')?.afterMs).toBe(60_000)
    const late = started(chart).on({ type: 'deadline.passed' }, seconds(60))
    expect(late.context.status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' })
    expect(late.state).toBe('terminating.waitingForRelist')
  })

  test.each([
    (chart: Worker) => chart.on(failed('busy')),
    (chart: Worker) => chart.on(lost('runtime')),
    (chart: Worker) => chart.after('runtime request timeout'),
  ])('a runtime that fails is asked again 10 s later', (go) => {
    const stopping = ending().on({ type: 'container.killed', name: 'c' })
    expect(go(stopping).state).toBe('terminating.backingOff')
    const looking = go(stopping.on(answered()))
    expect(looking.state).toBe('terminating.backingOff')
    expect(looking.after('error back-off', seconds(20)).state).toBe('terminating.stoppingContainers')
  })

  test('a pod that was removed from the API at once is killed all the same, and nothing is reported', () => {
    const chart = up().on({ type: 'pod.removed' }, seconds(5))
    expect(chart.state).toBe('terminating.stoppingContainers')
    expect(asked(chart.asked, 'status.set')).toHaveLength(0)
    const ended = chart
      .on({ type: 'container.killed', name: 'c' })
      .on(answered())
      .on(answered({ containers: [exited(137)] }))
      .on(relisted({ sandboxes: [], containers: [] }), seconds(7))
    expect(ended.done).toBe(true)
  })

  test('when a relist has come meanwhile, the end is not waited for', () => {
    const chart = ending().on({ type: 'container.killed', name: 'c' }, seconds(6)).on(answered(), seconds(6))
    expect(chart.state).toBe('terminating.lookingAtRemains')
  })

  test('a deletion in the midst of a sync is seen after it', () => {
    const chart = withSandbox(begin()).on(updated(deleting()))
    expect(chart.state).toBe('syncing.startingContainer.lookingForImage')
  })
})

expectWhole(podWorker)
