/** The Node that a kubelet registers and keeps up to date (pkg/kubelet/kubelet_node_status.go, nodestatus/setters.go). */

import { joined } from '../../lib/joined.ts'
import { valueOf } from '../../lib/quantity.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { Image } from '../../protocol/cri.ts'
import type { KubeletInput } from '../../protocol/kubelet.ts'
import type { core, Node } from '../../protocol/objects.ts'

export const VERSION = 'v1.32.5'
/** Hard eviction keeps so much memory and this part of the disk from pods. */
const EVICTION_MEMORY_KI = 102_400
const EVICTION_DISK = Math.fround(0.1)

type Resources = Readonly<Record<string, string>>
export const capacityOf = ({ capacity }: Pick<KubeletInput, 'capacity'>): Resources => ({
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
  ...capacity,
})
export function allocatableOf(input: Pick<KubeletInput, 'capacity' | 'allocatable'>): Resources {
  if (input.allocatable !== undefined) return input.allocatable
  const { memory, 'ephemeral-storage': disk, ...rest } = capacityOf(input)
  const bytes = valueOf(disk)
  return {
    ...rest,
    ...(disk === undefined ? {} : { 'ephemeral-storage': String(bytes - Math.floor(bytes * EVICTION_DISK)) }),
    ...(memory === undefined
      ? {}
      : { memory: `${Math.max(0, Math.floor(valueOf(memory) / 1_024) - EVICTION_MEMORY_KI)}Ki` }),
  }
}

interface Shown {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}
const PRESSURES: readonly Shown[] = [
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  {
    type: 'PIDPressure',
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
]
/** What registration says, before anything was looked at. */
export const AT_FIRST = 'CSINode is not yet initialized'

function readyCondition(problems: readonly string[]): Shown {
  if (problems.length === 0) {
    return { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
  }
  const message = problems.length === 1 ? (problems[0] as string) : `[${problems.join(', ')}]`
  return { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message }
}

/** With the times of conditions that are the same as `before` kept. */
export function nodeConditions(
  problems: readonly string[],
  before: readonly core.NodeCondition[],
  at: number,
): core.NodeCondition[] {
  const now = rfc3339(at)
  return [...PRESSURES, readyCondition(problems)].map((shown) => {
    const old = before.find(({ type }) => type === shown.type)
    const kept = old?.status === shown.status && old.lastTransitionTime !== undefined
    return joined(shown, {
      lastHeartbeatTime: now,
      lastTransitionTime: kept ? (old.lastTransitionTime as string) : now,
    })
  })
}

/** What the node runs on; the ids are drawn by whoever calls. */
export interface MachineIds {
  readonly bootID: string
  readonly machineID: string
  readonly systemUUID: string
}

export function statusOfNode(input: KubeletInput, ids: MachineIds, conditions: core.NodeCondition[]): core.NodeStatus {
  return {
    addresses: [
      { address: input.hostIP, type: 'InternalIP' },
      { address: input.node, type: 'Hostname' },
    ],
    allocatable: allocatableOf(input),
    capacity: capacityOf(input),
    conditions,
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: {
      architecture: 'amd64',
      ...ids,
      containerRuntimeVersion: 'containerd://1.6.20',
      kernelVersion: '6.1.0-18-amd64',
      kubeProxyVersion: VERSION,
      kubeletVersion: VERSION,
      operatingSystem: 'linux',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
    },
  }
}

export const LABELS = (node: string): Readonly<Record<string, string>> => ({
  'beta.kubernetes.io/arch': 'amd64',
  'beta.kubernetes.io/os': 'linux',
  'kubernetes.io/arch': 'amd64',
  'kubernetes.io/hostname': node,
  'kubernetes.io/os': 'linux',
})

export const newNode = (input: KubeletInput, ids: MachineIds, at: number): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: input.node,
    labels: { ...LABELS(input.node), ...input.labels },
    annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
  },
  spec: input.taints.length === 0 ? {} : { taints: [...input.taints] },
  status: statusOfNode(input, ids, nodeConditions([AT_FIRST], [], at)),
})

/** node.status.images: the largest 50 (`nodeStatusMaxImages`), with five names at most each. */
export const imagesShown = (images: readonly Image[]): core.ContainerImage[] =>
  [...images]
    .sort((a, b) => b.sizeBytes - a.sizeBytes || (a.id < b.id ? -1 : 1))
    .slice(0, 50)
    .map(({ imageRef, repoTags, sizeBytes }) => ({
      names: [...(imageRef.includes('@') ? [imageRef] : []), ...repoTags].slice(0, 5),
      sizeBytes,
    }))
