/**
 * kwok's default stages, v0.7.0 (kustomize/stage/{node/fast,node/heartbeat-with-lease,pod/fast}): which one an object is
 * at, and the status that it leads to.
 */

import { draw } from '../../runtime/contract.ts'
import { joined } from '../lib/joined.ts'
import { rfc3339 } from '../lib/time.ts'
import type { KwokInput, PodStage } from '../protocol/kwok.ts'
import type { core, Node, Pod } from '../protocol/objects.ts'

export const VERSION = 'v0.7.0'
export type NodeStage = 'node-initialize' | 'node-heartbeat-with-lease'

const HEARTBEAT_MS = 600_000
const HEARTBEAT_JITTER_MS = 10_000

/** The stage of a node; undefined: none matches, and nothing is done before it changes. */
export function nodeStage({ status }: Node): NodeStage | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status
  if (ready !== 'True') return 'node-initialize'
  return (status as { phase?: string }).phase === 'Running' ? 'node-heartbeat-with-lease' : undefined
}

/** From 10 min up to 10 s more, drawn anew whenever the node changed. */
export const heartbeatDelayMs = (dice: number, resourceVersion: string): number =>
  HEARTBEAT_MS + (HEARTBEAT_JITTER_MS * draw(dice, 'heartbeat delay', resourceVersion)) / 2 ** 32

const CONDITIONS = [
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['NetworkUnavailable', 'False', 'RouteCreated', 'RouteController created a route'],
] as const
/** What a node has that says nothing of it. */
const ENDLESS = { cpu: '1k', memory: '1Ti', pods: '1M' }

/** A condition is as old as the node, whatever it was in between: the templates say so. */
function heartbeat({ metadata, status }: Node, { nodeIP, nodeName, nodePort }: KwokInput, at: number) {
  const now = rfc3339(at)
  const lastTransitionTime = metadata.creationTimestamp ?? now
  const own = [
    { address: nodeIP, type: 'InternalIP' },
    { address: nodeName, type: 'Hostname' },
  ].filter(({ address }) => address !== '')
  return {
    conditions: CONDITIONS.map(([type, value, reason, message]) => ({
      lastHeartbeatTime: now,
      lastTransitionTime,
      message,
      reason,
      status: value,
      type,
    })),
    addresses: (status?.addresses ?? []).length > 0 ? status?.addresses : own,
    ...(nodePort === 0 ? {} : { daemonEndpoints: { kubeletEndpoint: { Port: nodePort } } }),
  }
}

/** The status patch of a node's stage. */
export function nodeStatus(stage: NodeStage, node: Node, input: KwokInput, at: number): object {
  if (stage === 'node-heartbeat-with-lease') return heartbeat(node, input, at)
  const { status } = node
  return joined(heartbeat(node, input, at), {
    allocatable: given(status?.allocatable) ?? ENDLESS,
    capacity: given(status?.capacity) ?? ENDLESS,
    nodeInfo: nodeInfo(status?.nodeInfo),
    phase: 'Running',
  })
}

const given = <T extends object>(value: T | undefined): T | undefined =>
  value === undefined || Object.keys(value).length === 0 ? undefined : value

function nodeInfo(known: Partial<core.NodeSystemInfo> = {}): core.NodeSystemInfo {
  const version = `kwok-${VERSION}`
  return {
    architecture: known.architecture || 'amd64',
    bootID: known.bootID ?? '',
    containerRuntimeVersion: known.containerRuntimeVersion || version,
    kernelVersion: known.kernelVersion || version,
    kubeProxyVersion: known.kubeProxyVersion || version,
    kubeletVersion: known.kubeletVersion || version,
    machineID: known.machineID ?? '',
    operatingSystem: known.operatingSystem || 'linux',
    osImage: known.osImage ?? '',
    systemUUID: known.systemUUID ?? '',
  }
}

/** The stage of a pod; undefined: it is where it is to stay. */
export function podStage({ metadata, status }: Pod): PodStage | undefined {
  if (metadata.deletionTimestamp !== undefined) return 'pod-delete'
  if ((status?.podIP ?? '') === '') return 'pod-ready'
  const ofJob = metadata.ownerReferences?.some(({ kind }) => kind === 'Job') === true
  return status?.phase === 'Running' && ofJob ? 'pod-complete' : undefined
}

/** The status patch of `pod-ready`. */
export function readyStatus({ spec }: Pod, hostIP: string, podIP: string, at: number): object {
  const now = rfc3339(at)
  const gates = (spec.readinessGates ?? []).map(({ conditionType }) => conditionType)
  return {
    conditions: ['Initialized', 'Ready', 'ContainersReady', ...gates].map((type) => ({
      lastTransitionTime: now,
      status: 'True',
      type,
    })),
    containerStatuses: spec.containers.map(({ image, name }) => ({
      image,
      name,
      ready: true,
      restartCount: 0,
      state: { running: { startedAt: now } },
    })),
    initContainerStatuses: (spec.initContainers ?? []).map((container) => initialized(container, now)),
    hostIP,
    podIP,
    phase: 'Running',
    startTime: now,
  }
}

function initialized({ image, name, restartPolicy }: core.Container, now: string): object {
  const common = { image, name, ready: true, restartCount: 0 }
  return restartPolicy === 'Always'
    ? { ...common, started: true, state: { running: { startedAt: now } } }
    : { ...common, state: completed(now) }
}

/** The status patch of `pod-complete`, for the pods of Jobs. */
export function completeStatus({ spec }: Pod, at: number): object {
  const now = rfc3339(at)
  return {
    containerStatuses: spec.containers.map(({ image, name }) => ({
      image,
      name,
      ready: false,
      restartCount: 0,
      started: false,
      state: completed(now),
    })),
    phase: 'Succeeded',
  }
}

const completed = (now: string): object => ({
  terminated: { exitCode: 0, finishedAt: now, reason: 'Completed', startedAt: now },
})
