import { describe, expect, test } from 'vitest'
import { containerd } from '../../../../../machines/container-runtime/containerd/containerd.ts'
import type { ContainerdInput } from '../../../../../machines/container-runtime/containerd/runtime.ts'
import type { ContainerConfig, ContainerStatus, PodSandboxConfig } from '../../../../../machines/protocol/cri.ts'
import type { Exit } from '../../../../../machines/protocol/workload.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'

const at = 1_000_000
const kubelet = { from: 'kubelet/node-1', call: 7 }
const input: ContainerdInput = {
  node: 'node-1',
  nodeIP: '10.0.0.1',
  podCIDR: '10.244.1.0/29',
  images: [
    { image: 'app:*', sizeBytes: 2_000_000, preloaded: true },
    { image: 'typo:*', pull: 'missing' },
  ],
}
const sandboxConfig = (has: Partial<PodSandboxConfig> = {}): PodSandboxConfig => ({
  metadata: { name: 'web', namespace: 'default', uid: 'u1', attempt: 0 },
  hostname: 'web',
  labels: {},
  annotations: {},
  hostNetwork: false,
  runtimeHandler: '',
  portMappings: [],
  ...has,
})
const config = (has: Partial<ContainerConfig> = {}): ContainerConfig => ({
  metadata: { name: 'c', attempt: 0 },
  image: 'app:1',
  envs: [],
  mounts: [],
  ports: [],
  resources: {},
  labels: {},
  annotations: {},
  terminationMessagePath: '/dev/termination-log',
  ...has,
})
const cri = (call: string, has: object = {}) => ({ type: 'cri.request', call, ...has })
const exit: Exit = {
  startedAt: at,
  finishedAt: at + 5,
  exitCode: 1,
  reason: 'Error',
  message: '',
  terminationMessage: '',
  log: [{ at, stream: 'stdout', text: 'line\n' }],
}

type Chart = ReturnType<typeof up>
const up = (has: Partial<ContainerdInput> = {}, disk?: Tree<unknown>) =>
  born(containerd, { ...input, ...has }, 'containerd/node-1', { at, disk })
const replies = (chart: Chart) => chart.did('answer').map(({ event }) => event as never as Record<string, never>)
const onlySandbox = (chart: Chart): string => chart.context.sandboxes.keys()[0] as string
const onlyContainer = (chart: Chart): string => chart.context.containers.keys().at(-1) as string

function withSandbox(chart = up(), has: Partial<PodSandboxConfig> = {}): Chart {
  const asked = chart.on(cri('RunPodSandbox', { config: sandboxConfig(has) }), kubelet)
  return asked.on({ type: 'sandbox.ready', id: asked.context.sandboxes.keys().at(-1) })
}
function withContainer(chart = withSandbox(), has: Partial<ContainerConfig> = {}): Chart {
  const asked = chart.on(cri('CreateContainer', { podSandboxId: onlySandbox(chart), config: config(has) }), kubelet)
  return asked.on({ type: 'container.prepared', id: onlyContainer(asked) })
}
function running(chart = withContainer()): Chart {
  const containerId = onlyContainer(chart)
  return chart
    .on(cri('StartContainer', { containerId }), kubelet)
    .on({ type: 'container.started', id: containerId, at })
}
const addressOf = (chart: Chart): string => `container/node-1/${onlyContainer(chart)}`

describe('sandboxes', () => {
  test('get an address and are answered once they are ready', () => {
    const chart = up().on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
    expect(chart.did('answer')).toEqual([])
    expect(chart.did('spawn')[0]).toMatchObject({ machine: 'pod-sandbox', process: true })
    const ready = chart.on({ type: 'sandbox.ready', id: onlySandbox(chart) })
    expect(ready.did('answer')[0]).toMatchObject({
      to: 'kubelet/node-1',
      call: 7,
      event: { reply: { podSandboxId: expect.stringMatching(/^[0-9a-f]{64}$/), ips: ['10.244.1.2'] } },
    })
    expect(ready.on({ type: 'sandbox.ready', id: onlySandbox(chart) }).asked).toEqual([])
  })
  test('on the network of the host have its address and need no CNI', () => {
    const chart = withSandbox(born(containerd, { node: 'node-1', nodeIP: '10.0.0.1', images: [] }), {
      hostNetwork: true,
    })
    expect(replies(chart)[0]).toMatchObject({ reply: { ips: ['10.0.0.1'] } })
  })
  test('fail when no network is configured, until it is', () => {
    const bare = born(containerd, { node: 'node-1', nodeIP: '10.0.0.1', images: [] })
    expect(bare.state).toBe('serving.withoutNetwork')
    expect(replies(bare.on(cri('Status'), kubelet))[0]).toMatchObject({
      reply: {
        conditions: [
          { status: true },
          { status: false, message: 'Network plugin returns error: cni plugin not initialized' },
        ],
      },
    })
    const refused = bare.on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
    expect(replies(refused)[0]).toMatchObject({
      type: 'cri.failed',
      error: expect.stringMatching(/^failed to setup network for sandbox "[0-9a-f]{64}": cni plugin not initialized$/),
    })
    const configured = bare.on({ type: 'cni.configured', podCIDR: '10.244.7.0/24' })
    expect(configured.state).toBe('serving.withNetwork')
    expect(replies(withSandbox(configured))[0]).toMatchObject({ reply: { ips: ['10.244.7.2'] } })
    expect(replies(configured.on(cri('Status'), kubelet))[0]).toMatchObject({
      reply: { conditions: [{}, { status: true }] },
    })
  })
  test('fail when the range has no address left', () => {
    let chart = up({ podCIDR: '10.244.1.0/30' })
    chart = withSandbox(chart)
    const refused = chart.on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
    expect(replies(refused)[0]).toMatchObject({
      error: expect.stringContaining(
        'plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.2',
      ),
    })
  })
  test('stop with what runs in them, and give their address back', () => {
    const chart = running()
    const stopping = chart.on(cri('StopPodSandbox', { podSandboxId: onlySandbox(chart) }), kubelet)
    expect(stopping.did('send').map(({ event }) => event)).toEqual([
      { type: 'container.stop', graceMs: 0 },
      { type: 'sandbox.stop' },
    ])
    const stopped = stopping.on({ type: 'sandbox.stopped', id: onlySandbox(chart) })
    expect(stopped.did('answer')).toHaveLength(1)
    expect(stopped.context.allocations.byAddress.size).toBe(0)
    expect(stopped.on(cri('StopPodSandbox', { podSandboxId: onlySandbox(chart) }), kubelet).did('answer')).toHaveLength(
      1,
    )
    expect(stopped.on({ type: 'sandbox.stopped', id: onlySandbox(chart) }).asked).toEqual([])
    expect(replies(stopped.on(cri('ListPodSandbox'), kubelet))[0]).toMatchObject({
      reply: { sandboxes: [{ state: 'NOTREADY' }] },
    })
  })
  test('whose pause container is killed are not ready any more', () => {
    const chart = withSandbox()
    const lost = chart.on({ type: 'peer.lost', address: `pod-sandbox/node-1/${onlySandbox(chart)}`, reason: 'crashed' })
    expect(lost.context.sandboxes.values()[0]?.state).toBe('NOTREADY')
    const early = up().on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
    const gone = early.on({ type: 'peer.lost', address: `pod-sandbox/node-1/${onlySandbox(early)}`, reason: 'crashed' })
    expect(replies(gone)[0]).toMatchObject({ type: 'cri.failed' })
  })
  test('are removed with all their containers', () => {
    const chart = running()
    const removed = chart.on(cri('RemovePodSandbox', { podSandboxId: onlySandbox(chart) }), kubelet)
    expect(removed.context.containers.size + removed.context.sandboxes.size).toBe(0)
    expect(removed.did('send').map(({ event }) => event.type)).toEqual(['container.delete', 'sandbox.stop'])
    expect(removed.on(cri('RemovePodSandbox', { podSandboxId: 'x' }), kubelet).did('answer')).toHaveLength(1)
  })
})

describe('containers', () => {
  test('are created as processes of their own', () => {
    const chart = withSandbox()
    const asked = chart.on(cri('CreateContainer', { podSandboxId: onlySandbox(chart), config: config() }), kubelet)
    expect(asked.did('spawn')[0]).toMatchObject({ machine: 'container', process: true, address: addressOf(asked) })
    expect(asked.did('wake')[0]).toMatchObject({ afterMs: 40 })
    const made = asked.on({ type: 'container.prepared', id: onlyContainer(asked) })
    expect(replies(made)[0]).toMatchObject({ reply: { containerId: onlyContainer(asked) } })
  })
  test('need their sandbox and their image', () => {
    const chart = withSandbox()
    const fail = (podSandboxId: string, image: string) =>
      replies(chart.on(cri('CreateContainer', { podSandboxId, config: config({ image }) }), kubelet))[0]
    expect(fail('x', 'app:1')).toMatchObject({ code: 'NotFound', error: 'failed to find sandbox id "x": not found' })
    expect(fail(onlySandbox(chart), 'other:1')).toMatchObject({ code: 'NotFound' })
  })
  test('are started once, and followed', () => {
    const followed = withContainer().on(cri('GetContainerEvents'), { from: 'kubelet/node-1', call: 9 })
    const chart = running(followed)
    expect(chart.did('answer')).toHaveLength(1)
    expect(chart.did('push')[0]).toMatchObject({
      stream: 9,
      event: { events: [{ kind: 'CONTAINER_STARTED_EVENT', container: { state: 'RUNNING', startedAt: at } }] },
    })
    const again = chart.on(cri('StartContainer', { containerId: onlyContainer(chart) }), kubelet)
    expect(replies(again)[0]).toMatchObject({
      error: expect.stringContaining('container is in CONTAINER_RUNNING state'),
    })
    const over = chart
      .on({ type: 'stream.closed', stream: 9 })
      .on({ type: 'container.exited', id: onlyContainer(chart), ...exit })
    expect(over.did('push')).toEqual([])
    expect(replies(over.on(cri('StartContainer', { containerId: onlyContainer(chart) }), kubelet))[0]).toMatchObject({
      error: expect.stringContaining('EXITED'),
    })
    expect(replies(chart.on(cri('StartContainer', { containerId: 'x' }), kubelet))[0]).toMatchObject({
      code: 'NotFound',
    })
    expect(chart.on({ type: 'container.started', id: 'x', at }).asked).toEqual([])
  })
  test('that cannot start fail with the words of runc', () => {
    const chart = withContainer()
    const id = onlyContainer(chart)
    const message = 'failed to create containerd task: …'
    const failed = chart
      .on(cri('StartContainer', { containerId: id }), kubelet)
      .on({ type: 'container.exited', id, ...exit, exitCode: 128, reason: 'StartError', message })
    expect(replies(failed)[0]).toMatchObject({ type: 'cri.failed', code: 'Unknown', error: message })
  })
  test('are listed all, or those of the one pod that is named', () => {
    const chart = running()
    const listed = (more: object): unknown[] => {
      const [answer] = replies(chart.on(cri('ListContainers', more), kubelet))
      return (answer as never as { reply: { containers: ContainerStatus[] } }).reply.containers
    }
    const [{ pod }] = listed({}) as [ContainerStatus]
    expect(listed({ podUid: pod.uid })).toHaveLength(1)
    expect(listed({ podUid: 'another' })).toEqual([])
  })

  test('that are to stop are answered when they have exited', () => {
    const chart = running()
    const id = onlyContainer(chart)
    const stopping = chart.on(cri('StopContainer', { containerId: id, timeoutSeconds: 30 }), kubelet)
    expect(stopping.did('send')[0]?.event).toEqual({ type: 'container.stop', graceMs: 30_000 })
    const over = stopping.on({ type: 'container.exited', id, ...exit })
    expect(over.did('answer')).toHaveLength(1)
    expect(over.did('send')[0]?.event).toEqual({ type: 'container.delete' })
    expect(over.on({ type: 'container.exited', id, ...exit }).did('send')).toHaveLength(1)
    expect(over.on(cri('StopContainer', { containerId: id, timeoutSeconds: 1 }), kubelet).did('answer')).toHaveLength(1)
    const [status] = (
      replies(over.on(cri('ListContainers'), kubelet))[0] as never as { reply: { containers: ContainerStatus[] } }
    ).reply.containers
    expect(status).toMatchObject({
      state: 'EXITED',
      exitCode: 1,
      reason: 'Error',
      logTail: 'line\n',
      image: 'docker.io/library/app:1',
    })
  })
  test('whose shim is killed have exited with 137', () => {
    const chart = running()
    const lost = chart.on({ type: 'peer.lost', address: addressOf(chart), reason: 'crashed' })
    expect(lost.context.containers.values()[0]?.exit).toMatchObject({ exitCode: 137, reason: 'Error' })
    expect(lost.on({ type: 'peer.lost', address: addressOf(chart), reason: 'ended' }).asked).toEqual([])
  })
  test('are removed, running or not', () => {
    const chart = running()
    const containerId = onlyContainer(chart)
    const removed = chart.on(cri('RemoveContainer', { containerId }), kubelet)
    expect(removed.did('send')[0]?.event).toEqual({ type: 'container.delete' })
    expect(removed.context.sandboxes.values()[0]?.containers).toEqual([])
    expect(removed.on(cri('RemoveContainer', { containerId }), kubelet).did('answer')).toHaveLength(1)
  })
  test('are told', () => {
    const chart = withContainer()
    const tell = (containerId: string) => replies(chart.on(cri('ContainerStatus', { containerId }), kubelet))[0]
    expect(tell(onlyContainer(chart))).toMatchObject({ reply: { container: { state: 'CREATED' } } })
    expect(tell('x')).toMatchObject({ code: 'NotFound' })
  })
  test('take new limits and new files', () => {
    const chart = running()
    const containerId = onlyContainer(chart)
    const resources = { limits: { cpu: '1' } }
    expect(
      chart.on(cri('UpdateContainerResources', { containerId, resources }), kubelet).did('send')[0]?.event,
    ).toEqual({ type: 'limits.changed', resources })
    expect(
      replies(chart.on(cri('UpdateContainerResources', { containerId: 'x', resources }), kubelet))[0],
    ).toMatchObject({ code: 'NotFound' })
    expect(chart.on(cri('MountsChanged', { containerId, mounts: [] }), kubelet).did('send')[0]?.event).toEqual({
      type: 'mounts.renewed',
      mounts: [],
    })
  })
  test('of one pod share what they write to its volumes', () => {
    const mounts = [{ volume: 'v', containerPath: '/v', readonly: false }]
    const first = running(withContainer(withSandbox(), { mounts }))
    const writer = addressOf(first)
    const both = withContainer(first, { metadata: { name: 'd', attempt: 0 }, mounts })
    const change = {
      type: 'volume.changed',
      volume: 'v',
      files: [{ path: '/x', file: { kind: 'file', content: 'a', size: 1 } }],
    }
    const shared = both.on(change, { from: writer })
    expect(shared.did('send')).toHaveLength(1)
    const third = withContainer(shared, { metadata: { name: 'e', attempt: 0 }, mounts })
    expect(third.context.volumes.get('u1/v')?.get('/x')?.content).toBe('a')
    expect(shared.on(change, { from: 'container/node-1/x' }).asked).toEqual([])
  })
})

describe('commands in containers', () => {
  const exec = (containerId: string) => cri('ExecSync', { containerId, command: ['true'], timeoutSeconds: 1 })
  test('are passed on, and their results back', () => {
    const chart = running()
    const asked = chart.on(exec(onlyContainer(chart)), kubelet)
    const line = asked.did('call')[0]?.line as string
    const result = { type: 'cri.answered', reply: { exitCode: 0, stdout: '', stderr: '' } }
    expect(asked.on(result, { line }).did('answer')[0]).toMatchObject({ to: 'kubelet/node-1', call: 7, event: result })
    expect(asked.on({ type: 'cri.failed', code: 'DeadlineExceeded', error: 'e' }, { line }).did('answer')).toHaveLength(
      1,
    )
    expect(replies(asked.on({ type: 'call.lost', line, reason: 'reset' }))[0]).toMatchObject({
      code: 'NotFound',
      error: expect.stringContaining('no running task found'),
    })
  })
  test('fail where nothing runs', () => {
    const chart = withContainer()
    const id = onlyContainer(chart)
    expect(replies(chart.on(exec(id), kubelet))[0]).toMatchObject({
      error: expect.stringContaining('CONTAINER_CREATED'),
    })
    const over = chart.on({ type: 'container.exited', id, ...exit })
    expect(replies(over.on(exec(id), kubelet))[0]).toMatchObject({
      error: 'failed to exec in container: container is in CONTAINER_EXITED state',
    })
    expect(replies(chart.on(exec('x'), kubelet))[0]).toMatchObject({ code: 'NotFound' })
  })
})

test('logs come from the container while it is there, and from the record afterwards', () => {
  const chart = running()
  const id = onlyContainer(chart)
  const sought = chart.on({ type: 'log.request', containerId: id }, kubelet)
  const line = sought.did('call')[0]?.line as string
  expect(sought.on({ type: 'log.answered', lines: [] }, { line }).did('answer')).toHaveLength(1)
  expect(replies(sought.on({ type: 'call.lost', line, reason: 'reset' }))[0]).toMatchObject({ type: 'log.answered' })
  const over = chart.on({ type: 'container.exited', id, ...exit })
  expect(replies(over.on({ type: 'log.request', containerId: id }, kubelet))[0]).toMatchObject({
    lines: [{ text: 'line\n' }],
  })
})

test('who has an address is told to the traffic', () => {
  const chart = running()
  const found = (ip: string) => replies(chart.on({ type: 'pod.sought', ip }, kubelet))[0]
  expect(found('10.244.1.2')).toEqual({ type: 'pod.found', containers: [addressOf(chart)] })
  expect(found('10.244.1.3')).toEqual({ type: 'pod.found', containers: [] })
})

describe('images', () => {
  const pull = (image: string, chart = up()) => chart.on(cri('PullImage', { image }), kubelet)
  test('are pulled once for all who ask', () => {
    const pulling = pull('nginx:1.27')
    expect(pulling.did('spawn')[0]).toMatchObject({ machine: 'image-pull', input: { loadMs: 400 + 3_600 } })
    const both = pull('nginx:1.27', pulling)
    expect(both.did('spawn')).toEqual([])
    const done = both.on({ type: 'pull.finished', image: 'docker.io/library/nginx:1.27', outcome: 'well' })
    expect(replies(done)).toHaveLength(2)
    expect(replies(done)[0]).toMatchObject({
      reply: { image: { repoTags: ['docker.io/library/nginx:1.27'], sizeBytes: 72_000_000 } },
    })
    expect(pull('nginx:1.27', done).did('spawn')[0]).toMatchObject({ input: { loadMs: 400, attempt: 1 } })
    const image = done.context.images.values()[0]
    const known = (name: string) => replies(done.on(cri('ImageStatus', { image: name }), kubelet))[0]
    expect([known('nginx:1.27'), known(image?.id ?? ''), known(image?.imageRef ?? '')]).toEqual(
      Array(3).fill({ type: 'cri.answered', reply: { image } }),
    )
    expect(replies(done.on(cri('ListImages'), kubelet))[0]).toMatchObject({ reply: { images: [image] } })
    const removed = done.on(cri('RemoveImage', { image: 'nginx:1.27' }), kubelet)
    expect(removed.context.images.size).toBe(0)
    expect(removed.on(cri('RemoveImage', { image: 'nginx:1.27' }), kubelet).did('answer')).toHaveLength(1)
  })
  test('that cannot be had fail with the words of the registry', () => {
    const failed = pull('typo:1').on({ type: 'pull.finished', image: 'docker.io/library/typo:1', outcome: 'missing' })
    expect(replies(failed)[0]).toMatchObject({
      code: 'NotFound',
      error:
        'failed to pull and unpack image "docker.io/library/typo:1": failed to resolve reference "docker.io/library/typo:1": docker.io/library/typo:1: not found',
    })
  })
  test('may be on the node from the first', () => {
    expect(replies(up().on(cri('ImageStatus', { image: 'app:2' }), kubelet))[0]).toMatchObject({
      reply: { image: { sizeBytes: 2_000_000 } },
    })
    expect(replies(up().on(cri('ImageStatus', { image: 'no:2' }), kubelet))[0]).toEqual({
      type: 'cri.answered',
      reply: { image: undefined },
    })
  })
})

describe('after a restart', () => {
  /** What all the writes of a history leave on the disk. */
  function diskOf(charts: readonly Chart[]): Tree<unknown> {
    let disk = Tree.of<unknown>()
    for (const chart of charts) for (const { key, value } of chart.did('write')) disk = disk.update(key, () => value)
    return disk
  }
  function history(): readonly [Tree<unknown>, string, string] {
    const sandboxed = up().on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
    const ready = sandboxed.on({ type: 'sandbox.ready', id: onlySandbox(sandboxed) })
    const mounts = [{ volume: 'v', containerPath: '/v', readonly: false }]
    const made = ready.on(
      cri('CreateContainer', { podSandboxId: onlySandbox(ready), config: config({ mounts }) }),
      kubelet,
    )
    const written = made.on({ type: 'volume.changed', volume: 'v', files: [] }, { from: addressOf(made) })
    const pulled = written.on({ type: 'pull.finished', image: 'docker.io/library/x:1', outcome: 'well' })
    const configured = pulled.on({ type: 'cni.configured', podCIDR: '10.244.1.0/29' })
    return [diskOf([sandboxed, ready, made, written, pulled, configured]), onlySandbox(made), onlyContainer(made)]
  }
  const [disk, sandbox, id] = history()

  test('everybody is asked how they fare; meanwhile the kubelet is put off', () => {
    const chart = up({}, disk)
    expect(chart.state).toBe('recovering')
    expect(chart.did('call').map(({ to }) => to)).toEqual([`pod-sandbox/node-1/${sandbox}`, `container/node-1/${id}`])
    expect(replies(chart.on(cri('ListContainers'), kubelet))[0]).toMatchObject({
      error: 'server is not initialized yet',
    })
    const serving = chart
      .on({ type: 'sandbox.ready', id: sandbox })
      .on({ type: 'container.inspected', id, state: 'RUNNING', startedAt: at })
    expect(serving.state).toBe('serving.withNetwork')
    expect(serving.context.containers.get(id)?.startedAt).toBe(at)
  })
  test('exits that nobody saw are found', () => {
    const chart = up({}, disk).on({ type: 'container.inspected', id, state: 'EXITED', startedAt: at, exit })
    expect(chart.context.containers.get(id)?.exit).toEqual(exit)
    expect(chart.on({ type: 'container.inspected', id: 'x', state: 'CREATED', startedAt: 0 }).state).toBe(
      'serving.withNetwork',
    )
  })
  test('what a loss of power has taken is marked', () => {
    const lost = up({}, disk)
      .on({ type: 'call.lost', line: `inspect sandbox ${sandbox}`, reason: 'refused' })
      .on({ type: 'call.lost', line: `inspect container ${id}`, reason: 'refused' })
    expect(lost.state).toBe('serving.withNetwork')
    expect(lost.context.containers.get(id)?.exit).toMatchObject({ exitCode: 255, reason: 'Unknown' })
    expect(lost.context.sandboxes.get(sandbox)?.state).toBe('NOTREADY')
  })
  test('who does not answer is not waited for longer than ten seconds', () => {
    const chart = up({}, disk).on({ type: 'cni.configured', podCIDR: '10.244.2.0/24' })
    expect(chart.after('connect time-out').state).toBe('serving.withNetwork')
  })
  test('the network is as it was', () => {
    const { podCIDR: _, ...bare } = input
    const chart = born(containerd, bare, 'containerd/node-1', { at, disk })
    expect(chart.context.podCIDR).toBe('10.244.1.0/29')
    expect(chart.context.images.size + chart.context.volumes.size).toBe(2)
  })
})

expectWhole(containerd)
