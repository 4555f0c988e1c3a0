/** The parts of a kubelet's process and where they are. */
import type { Address } from '../../runtime/contract.ts'
import type { User } from '../protocol/api.ts'
import type { EventRecorderInput, ReflectorInput } from '../protocol/cache.ts'
import type { KubeletInput, KubeletParts } from '../protocol/kubelet.ts'
import { capacityOf } from './node/node-object.ts'

export const userOf = (node: string): User => ({
  name: `system:node:${node}`,
  groups: ['system:nodes', 'system:authenticated'],
})

export function partsOf(input: KubeletInput, since: number): KubeletParts {
  const { node, apiserver, runtime, hostIP } = input
  return {
    node,
    user: userOf(node),
    kubelet: `kubelet/${node}`,
    apiserver,
    runtime,
    statusManager: `status-manager/${node}`,
    recorder: `event-recorder/${node}/kubelet`,
    imagePuller: `image-puller/${node}`,
    containerDeletor: `container-deletor/${node}`,
    pleg: `pleg/${node}`,
    hostIP,
    capacity: capacityOf(input),
    since,
  }
}
export const nodeStatusOf = (node: string): Address => `node-status/${node}`

type Part = readonly [address: Address, machine: string, input: unknown]
/** What runs from the start of the process. */
export function firstParts(parts: KubeletParts): Part[] {
  const { node, user, apiserver, runtime, kubelet, since } = parts
  const recording: EventRecorderInput = { apiserver, user, component: 'kubelet', host: node }
  return [
    [parts.recorder, 'event-recorder', recording],
    [parts.statusManager, 'status-manager', { apiserver, user }],
    [parts.imagePuller, 'image-puller', { runtime, nodeStatus: nodeStatusOf(node) }],
    [parts.containerDeletor, 'container-deletor', { runtime }],
    [parts.pleg, 'pleg', { kubelet, runtime, since }],
    [`runtime-health/${node}`, 'runtime-health', { kubelet, runtime }],
    reflectorOf(parts, 'nodes', `metadata.name=${node}`),
  ]
}
export const reflectorOf = (
  { node, user, apiserver, kubelet }: KubeletParts,
  resource: string,
  fieldSelector: string,
): Part => {
  const input: ReflectorInput = {
    apiserver,
    user,
    resource,
    fieldSelector,
    indexes: [],
    subscribers: [{ to: kubelet }],
  }
  return [`reflector/${node}/kubelet/${resource}`, 'reflector', input]
}
