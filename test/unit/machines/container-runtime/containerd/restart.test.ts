/** containerd with its containers in a world: what a crash, a restart and a loss of power leave. */
import { expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import { containerd } from '../../../../../machines/container-runtime/containerd/containerd.ts'
import { imagePull } from '../../../../../machines/container-runtime/containerd/image-pull.ts'
import { podSandbox } from '../../../../../machines/container-runtime/containerd/pod-sandbox.ts'
import type { ContainerStatus, CriReply } from '../../../../../machines/protocol/cri.ts'
import { container } from '../../../../../machines/workload/container.ts'
import { compiledLogic } from '../../../../../runtime/logic.ts'
import { World } from '../../../../../runtime/world.ts'

const logics = new Map(
  [containerd, container, podSandbox, imagePull].map((machine) => [machine.id, compiledLogic(machine)]),
)
const input = { node: 'node-1', nodeIP: '10.0.0.1', podCIDR: '10.244.1.0/24', images: [] }

function node() {
  const world = new World(logics)
  world.addHost('node-1', { address: 'containerd/node-1', machine: 'containerd', input })
  world.boot('node-1')
  const answers = new Map<number, EventObject>()
  world.bindOutside('kubelet/node-1', (item) => {
    const { number, event } = item as unknown as { number: number; event: EventObject }
    answers.set(number, event)
  })
  /** Asks as the kubelet does, and lets time pass. */
  const ask = (call: string, has: object = {}, waitMs = 5_000): CriReply & Record<string, never> => {
    const number = world.operate({
      op: 'call',
      to: 'containerd/node-1',
      event: { type: 'cri.request', call, ...has } as EventObject,
      from: 'kubelet/node-1',
    })
    world.run(world.now + waitMs)
    return (answers.get(number) as never as { reply: CriReply & Record<string, never> })?.reply
  }
  return { world, ask }
}

function withContainer(script: string) {
  const { world, ask } = node()
  const metadata = { name: 'web', namespace: 'default', uid: 'u1', attempt: 0 }
  const common = { labels: {}, annotations: {} }
  const sandbox = ask('RunPodSandbox', {
    config: { metadata, hostname: 'web', hostNetwork: false, runtimeHandler: '', portMappings: [], ...common },
  })
  ask('PullImage', { image: 'busybox:1.36' })
  const config = {
    metadata: { name: 'c', attempt: 0 },
    image: 'busybox:1.36',
    command: ['sh', '-c', script],
    envs: [],
    mounts: [],
    ports: [],
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    ...common,
  }
  const { containerId } = ask('CreateContainer', { podSandboxId: sandbox.podSandboxId, config })
  ask('StartContainer', { containerId }, 200)
  const status = (): ContainerStatus =>
    (ask('ListContainers', {}, 100) as never as { containers: ContainerStatus[] }).containers[0] as ContainerStatus
  return { world, ask, containerId, status }
}

test('a container runs through its life', () => {
  const { ask, status, containerId } = withContainer('trap "exit 0" TERM; echo hi; sleep 3600 & wait')
  expect(status()).toMatchObject({ state: 'RUNNING', pod: { uid: 'u1' } })
  expect(ask('ExecSync', { containerId, command: ['sh', '-c', 'echo $HOSTNAME'], timeoutSeconds: 1 })).toEqual({
    exitCode: 0,
    stdout: 'web\n',
    stderr: '',
  })
  ask('StopContainer', { containerId, timeoutSeconds: 30 }, 50)
  expect(status()).toMatchObject({ state: 'EXITED', exitCode: 0, reason: 'Completed', logTail: 'hi\n' })
})

test('nothing happens while nothing happens', () => {
  for (const script of ['sleep infinity', 'while true; do sleep 1; done']) {
    const { world } = withContainer(script)
    world.run(world.now + 10_000)
    const before = world.counts.delivered
    world.run(world.now + 3_600_000)
    expect(world.counts.delivered - before).toBeLessThan(2)
  }
})

test('containers do not notice a restart of their runtime, and it finds out what it missed', () => {
  const { world, status } = withContainer('sleep 10; exit 4')
  const { startedAt } = status()
  world.operate({ op: 'crash', process: 'containerd/node-1' })
  world.run(world.now + 20_000)
  world.spawn('containerd/node-1', 'containerd', input)
  world.run(world.now + 1_000)
  expect(status()).toMatchObject({
    state: 'EXITED',
    exitCode: 4,
    reason: 'Error',
    startedAt,
    finishedAt: startedAt + 10_000,
  })
})

test('a container that is running when its runtime comes back is still running', () => {
  const { world, status, ask, containerId } = withContainer('sleep 3600')
  world.operate({ op: 'crash', process: 'containerd/node-1' })
  world.spawn('containerd/node-1', 'containerd', input)
  world.run(world.now + 1_000)
  expect(status().state).toBe('RUNNING')
  ask('StopContainer', { containerId, timeoutSeconds: 2 })
  expect(status()).toMatchObject({ state: 'EXITED', exitCode: 137 })
})

test('a loss of power ends everything', () => {
  const { world, status, ask } = withContainer('sleep 3600')
  world.run(world.now + 1_000)
  world.operate({ op: 'powerOff', host: 'node-1' })
  world.run(world.now + 1_000)
  world.operate({ op: 'powerOn', host: 'node-1' })
  world.run(world.now + 1_000)
  expect(status()).toMatchObject({ state: 'EXITED', exitCode: 255, reason: 'Unknown' })
  for (const { state } of (ask('ListPodSandbox') as never as { sandboxes: { state: string }[] }).sandboxes)
    expect(state).toBe('NOTREADY')
})
