/** A containerd as it begins, and what it answered. */
import { containerd } from '../../../../../../machines/container-runtime/containerd/containerd.ts'
import type { ContainerdInput } from '../../../../../../machines/container-runtime/containerd/runtime.ts'
import type { ContainerConfig, PodSandboxConfig } from '../../../../../../machines/protocol/cri.ts'
import type { Exit } from '../../../../../../machines/protocol/workload.ts'
import { Tree } from '../../../../../../runtime/tree.ts'
import { born } from '../../../../../kit/chart.ts'

export const at = 1_000_000
export const kubelet = { from: 'kubelet/node-1', call: 7 }
export const input: ContainerdInput = {
  node: 'node-1',
  nodeIP: '10.0.0.1',
  podCIDR: '10.244.1.0/29',
  images: [
    { image: 'app:*', sizeBytes: 2_000_000, preloaded: true },
    { image: 'typo:*', pull: 'missing' },
  ],
}
export const sandboxConfig = (has: Partial<PodSandboxConfig> = {}): PodSandboxConfig => ({
  metadata: { name: 'web', namespace: 'default', uid: 'u1', attempt: 0 },
  hostname: 'web',
  labels: {},
  annotations: {},
  hostNetwork: false,
  runtimeHandler: '',
  portMappings: [],
  ...has,
})
export const config = (has: Partial<ContainerConfig> = {}): ContainerConfig => ({
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
export const cri = (call: string, has: object = {}) => ({ type: 'cri.request', call, ...has })
export const exit: Exit = {
  startedAt: at,
  finishedAt: at + 5,
  exitCode: 1,
  reason: 'Error',
  message: '',
  terminationMessage: '',
  log: [{ at, stream: 'stdout', text: 'line\n' }],
}

export type Chart = ReturnType<typeof up>
export const up = (has: Partial<ContainerdInput> = {}, disk?: Tree<unknown>) =>
  born(containerd, { ...input, ...has }, 'containerd/node-1', { at, disk })
export const replies = (chart: Chart) => chart.did('answer').map(({ event }) => event as never as Record<string, never>)
export const onlySandbox = (chart: Chart): string => chart.context.sandboxes.keys()[0] as string
export const onlyContainer = (chart: Chart): string => chart.context.containers.keys().at(-1) as string

export function withSandbox(chart = up(), has: Partial<PodSandboxConfig> = {}): Chart {
  const asked = chart.on(cri('RunPodSandbox', { config: sandboxConfig(has) }), kubelet)
  return asked.on({ type: 'sandbox.ready', id: asked.context.sandboxes.keys().at(-1) })
}
export function withContainer(chart = withSandbox(), has: Partial<ContainerConfig> = {}): Chart {
  const asked = chart.on(cri('CreateContainer', { podSandboxId: onlySandbox(chart), config: config(has) }), kubelet)
  return asked.on({ type: 'container.prepared', id: onlyContainer(asked) })
}
export function running(chart = withContainer()): Chart {
  const containerId = onlyContainer(chart)
  return chart
    .on(cri('StartContainer', { containerId }), kubelet)
    .on({ type: 'container.started', id: containerId, at })
}
export const addressOf = (chart: Chart): string => `container/node-1/${onlyContainer(chart)}`
