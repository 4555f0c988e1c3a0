/** What scheduling needs of a node, kept up to date pod by pod: framework.NodeInfo. */
import { Tree } from '../../runtime/tree.ts'
import type { Labels } from '../lib/selector.ts'
import type { core, Node } from '../protocol/objects.ts'
import { NO_LABELS } from './labels.ts'
import type { PodInfo } from './pod-info.ts'
import { difference, NOTHING, type NonZero, type Resources, resourcesOf, sum } from './resources.ts'

export interface NodeInfo {
  readonly name: string
  /** Absent while only pods of the node are known: their watch may be ahead of the nodes'. */
  readonly node: Node | undefined
  readonly labels: Labels
  readonly taints: readonly core.Taint[]
  readonly allocatable: Resources
  readonly allowedPods: number
  /** Always the sums over `pods`. */
  readonly requested: Resources
  readonly nonZeroRequested: NonZero
  readonly pods: Tree<PodInfo>
  readonly podsWithRequiredAntiAffinity: Tree<PodInfo>
  readonly podsWithHostPorts: Tree<PodInfo>
}
/** The node is there. */
export interface KnownNode extends NodeInfo {
  readonly node: Node
}
export const isKnown = (info: NodeInfo): info is KnownNode => info.node !== undefined

export const emptyNodeInfo = (name: string): NodeInfo => ({
  name,
  node: undefined,
  labels: NO_LABELS,
  taints: [],
  allocatable: NOTHING,
  allowedPods: 0,
  requested: NOTHING,
  nonZeroRequested: { milliCpu: 0, memoryBytes: 0 },
  pods: Tree.of(),
  podsWithRequiredAntiAffinity: Tree.of(),
  podsWithHostPorts: Tree.of(),
})

/** SetNode. */
export function withNode(info: NodeInfo, node: Node): NodeInfo {
  const quantities = (node.status?.allocatable ?? {}) as Readonly<Record<string, string>>
  return {
    ...info,
    node,
    labels: node.metadata.labels ?? NO_LABELS,
    taints: node.spec?.taints ?? [],
    allocatable: resourcesOf(quantities),
    allowedPods: Number(quantities['pods'] ?? 0),
  }
}

/** The node is gone, its pods are still on their way out. */
export const withoutNode = (info: NodeInfo): NodeInfo => ({
  ...emptyNodeInfo(info.name),
  requested: info.requested,
  nonZeroRequested: info.nonZeroRequested,
  pods: info.pods,
  podsWithRequiredAntiAffinity: info.podsWithRequiredAntiAffinity,
  podsWithHostPorts: info.podsWithHostPorts,
})

/** AddPodInfo. */
export function withPod(info: NodeInfo, pod: PodInfo): NodeInfo {
  const { key, nonZero, requiredAntiAffinity, hostPorts } = pod
  const { podsWithRequiredAntiAffinity, podsWithHostPorts } = info
  return countedAnew(info, {
    requested: sum(info.requested, pod.requests),
    nonZeroRequested: {
      milliCpu: info.nonZeroRequested.milliCpu + nonZero.milliCpu,
      memoryBytes: info.nonZeroRequested.memoryBytes + nonZero.memoryBytes,
    },
    pods: info.pods.set(key, pod),
    podsWithRequiredAntiAffinity:
      requiredAntiAffinity.length > 0 ? podsWithRequiredAntiAffinity.set(key, pod) : podsWithRequiredAntiAffinity,
    podsWithHostPorts: hostPorts.length > 0 ? podsWithHostPorts.set(key, pod) : podsWithHostPorts,
  })
}

/** The pod is another version of itself that counts the same. */
export const withPodAnew = (info: NodeInfo, pod: PodInfo): NodeInfo =>
  countedAnew(info, {
    requested: info.requested,
    nonZeroRequested: info.nonZeroRequested,
    pods: info.pods.set(pod.key, pod),
    podsWithRequiredAntiAffinity: info.podsWithRequiredAntiAffinity,
    podsWithHostPorts: info.podsWithHostPorts,
  })

/** RemovePod. */
export function withoutPod(info: NodeInfo, key: string): NodeInfo {
  const pod = info.pods.get(key)
  if (pod === undefined) return info
  return countedAnew(info, {
    requested: difference(info.requested, pod.requests),
    nonZeroRequested: {
      milliCpu: info.nonZeroRequested.milliCpu - pod.nonZero.milliCpu,
      memoryBytes: info.nonZeroRequested.memoryBytes - pod.nonZero.memoryBytes,
    },
    pods: info.pods.delete(key),
    podsWithRequiredAntiAffinity: info.podsWithRequiredAntiAffinity.delete(key),
    podsWithHostPorts: info.podsWithHostPorts.delete(key),
  })
}

type Counted = Pick<
  NodeInfo,
  'requested' | 'nonZeroRequested' | 'pods' | 'podsWithRequiredAntiAffinity' | 'podsWithHostPorts'
>
/** The same node with other pods. It happens so often that all fields are named: a spread takes ten times as long. */
const countedAnew = (
  { name, node, labels, taints, allocatable, allowedPods }: NodeInfo,
  counted: Counted,
): NodeInfo => ({
  name,
  node,
  labels,
  taints,
  allocatable,
  allowedPods,
  requested: counted.requested,
  nonZeroRequested: counted.nonZeroRequested,
  pods: counted.pods,
  podsWithRequiredAntiAffinity: counted.podsWithRequiredAntiAffinity,
  podsWithHostPorts: counted.podsWithHostPorts,
})
