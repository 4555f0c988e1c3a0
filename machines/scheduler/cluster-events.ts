/**
 * What happened in the cluster, in the words of framework.ClusterEvent, and which plugins may judge differently after
 * it (EventsToRegister). Whether it helps a certain pod (queueing hints) is asked of the plugin in `hints.ts`.
 */
import type { Delta } from '../protocol/cache.ts'
import type { ApiObject, Node, Pod } from '../protocol/objects.ts'
import { type Resources, requestsOf } from './resources.ts'

export type ClusterEvent =
  | 'NodeAdd'
  | 'NodeDelete'
  | 'NodeUpdateNodeAllocatable'
  | 'NodeUpdateNodeLabel'
  | 'NodeUpdateNodeTaint'
  | 'AssignedPodAdd'
  | 'AssignedPodDelete'
  | 'AssignedPodUpdatePodLabel'
  | 'AssignedPodUpdatePodScaleDown'
  | 'AssignedPodUpdatePodTolerations'
  | 'UnschedulablePodUpdatePodLabel'
  | 'UnschedulablePodUpdatePodScaleDown'
  | 'UnschedulablePodUpdatePodTolerations'
  | 'UnschedulablePodUpdatePodSchedulingGatesEliminated'
  | `${StorageKind}${'Add' | 'Delete' | 'Update'}`

type StorageKind =
  | 'PersistentVolume'
  | 'PersistentVolumeClaim'
  | 'storage.k8s.io/StorageClass'
  | 'storage.k8s.io/CSINode'
  | 'storage.k8s.io/CSIDriver'
  | 'storage.k8s.io/CSIStorageCapacity'
  | 'storage.k8s.io/VolumeAttachment'
export const STORAGE_KINDS: Readonly<Record<string, StorageKind>> = {
  persistentvolumes: 'PersistentVolume',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  'storageclasses.storage.k8s.io': 'storage.k8s.io/StorageClass',
  'csinodes.storage.k8s.io': 'storage.k8s.io/CSINode',
  'csidrivers.storage.k8s.io': 'storage.k8s.io/CSIDriver',
  'csistoragecapacities.storage.k8s.io': 'storage.k8s.io/CSIStorageCapacity',
  'volumeattachments.storage.k8s.io': 'storage.k8s.io/VolumeAttachment',
}

const NOBODY: readonly string[] = []
/** The plugins that registered an event, by event. A plugin that registered NodeAdd hears of changed taints, too. */
export const INTERESTED: Readonly<Record<ClusterEvent, readonly string[]>> = {
  NodeAdd: [
    'InterPodAffinity',
    'NodeAffinity',
    'NodeName',
    'NodePorts',
    'NodeResourcesFit',
    'NodeUnschedulable',
    'PodTopologySpread',
    'TaintToleration',
    'VolumeBinding',
    'VolumeRestrictions',
    'VolumeZone',
  ],
  NodeDelete: ['PodTopologySpread'],
  NodeUpdateNodeAllocatable: ['NodeResourcesFit'],
  NodeUpdateNodeLabel: ['InterPodAffinity', 'NodeAffinity', 'PodTopologySpread', 'VolumeBinding', 'VolumeZone'],
  NodeUpdateNodeTaint: [
    'InterPodAffinity',
    'NodeAffinity',
    'NodeName',
    'NodePorts',
    'NodeResourcesFit',
    'NodeUnschedulable',
    'PodTopologySpread',
    'TaintToleration',
    'VolumeBinding',
    'VolumeRestrictions',
    'VolumeZone',
  ],
  AssignedPodAdd: ['InterPodAffinity', 'PodTopologySpread'],
  AssignedPodDelete: [
    'InterPodAffinity',
    'NodePorts',
    'NodeResourcesFit',
    'NodeVolumeLimits',
    'PodTopologySpread',
    'VolumeRestrictions',
  ],
  AssignedPodUpdatePodLabel: ['InterPodAffinity', 'PodTopologySpread'],
  AssignedPodUpdatePodScaleDown: ['NodeResourcesFit'],
  AssignedPodUpdatePodTolerations: ['NodeUnschedulable', 'PodTopologySpread', 'TaintToleration'],
  UnschedulablePodUpdatePodLabel: ['InterPodAffinity', 'PodTopologySpread'],
  UnschedulablePodUpdatePodScaleDown: ['NodeResourcesFit'],
  UnschedulablePodUpdatePodTolerations: ['NodeUnschedulable', 'PodTopologySpread', 'TaintToleration'],
  UnschedulablePodUpdatePodSchedulingGatesEliminated: ['SchedulingGates'],
  PersistentVolumeAdd: ['VolumeBinding', 'VolumeZone'],
  PersistentVolumeUpdate: ['VolumeBinding', 'VolumeZone'],
  PersistentVolumeDelete: NOBODY,
  PersistentVolumeClaimAdd: ['NodeVolumeLimits', 'VolumeBinding', 'VolumeRestrictions', 'VolumeZone'],
  PersistentVolumeClaimUpdate: ['VolumeBinding', 'VolumeZone'],
  PersistentVolumeClaimDelete: NOBODY,
  'storage.k8s.io/StorageClassAdd': ['VolumeBinding', 'VolumeZone'],
  'storage.k8s.io/StorageClassUpdate': ['VolumeBinding'],
  'storage.k8s.io/StorageClassDelete': NOBODY,
  'storage.k8s.io/CSINodeAdd': ['NodeVolumeLimits', 'VolumeBinding'],
  'storage.k8s.io/CSINodeUpdate': ['VolumeBinding'],
  'storage.k8s.io/CSINodeDelete': NOBODY,
  'storage.k8s.io/CSIDriverAdd': NOBODY,
  'storage.k8s.io/CSIDriverUpdate': ['VolumeBinding'],
  'storage.k8s.io/CSIDriverDelete': NOBODY,
  'storage.k8s.io/CSIStorageCapacityAdd': ['VolumeBinding'],
  'storage.k8s.io/CSIStorageCapacityUpdate': ['VolumeBinding'],
  'storage.k8s.io/CSIStorageCapacityDelete': NOBODY,
  'storage.k8s.io/VolumeAttachmentAdd': NOBODY,
  'storage.k8s.io/VolumeAttachmentUpdate': NOBODY,
  'storage.k8s.io/VolumeAttachmentDelete': ['NodeVolumeLimits'],
}

/** What a claim, a volume or another object of storage becoming, changing or going is called. */
export function storageEvents(kind: StorageKind, { was, now }: Delta): readonly Happened[] {
  const change = was === undefined ? 'Add' : now === undefined ? 'Delete' : 'Update'
  const event: ClusterEvent = `${kind}${change}`
  return INTERESTED[event].length === 0 ? [] : [{ event, was, now }]
}
export interface Happened {
  readonly event: ClusterEvent
  readonly was?: ApiObject | undefined
  readonly now?: ApiObject | undefined
}

/** NodeSchedulingPropertiesChange: what of an update can matter. Uncordoning counts as a taint less. */
export function nodeEvents(was: Node, now: Node): readonly ClusterEvent[] {
  const events: ClusterEvent[] = []
  if (differ(was.status?.allocatable, now.status?.allocatable)) events.push('NodeUpdateNodeAllocatable')
  if (differ(was.metadata.labels, now.metadata.labels)) events.push('NodeUpdateNodeLabel')
  const uncordoned = was.spec?.unschedulable === true && now.spec?.unschedulable !== true
  if (uncordoned || differ(was.spec?.taints, now.spec?.taints)) events.push('NodeUpdateNodeTaint')
  return events
}

/** PodSchedulingPropertiesChange of a pod that waits. */
export function waitingPodEvents(was: Pod, now: Pod): readonly ClusterEvent[] {
  const events: ClusterEvent[] = changesOf(was, now).map((change) => `UnschedulablePodUpdatePod${change}` as const)
  if ((was.spec.schedulingGates ?? []).length > 0 && (now.spec.schedulingGates ?? []).length === 0)
    events.push('UnschedulablePodUpdatePodSchedulingGatesEliminated')
  return events
}

/** The same of a pod on a node. */
export const assignedPodEvents = (was: Pod, now: Pod): readonly ClusterEvent[] =>
  changesOf(was, now).map((change) => `AssignedPodUpdatePod${change}` as const)

function changesOf(was: Pod, now: Pod): readonly ('Label' | 'ScaleDown' | 'Tolerations')[] {
  return [
    ...(differ(was.metadata.labels, now.metadata.labels) ? (['Label'] as const) : []),
    ...(asksLess(requestsOf(now), requestsOf(was)) ? (['ScaleDown'] as const) : []),
    ...(differ(was.spec.tolerations, now.spec.tolerations) ? (['Tolerations'] as const) : []),
  ]
}

const asksLess = (now: Resources, was: Resources): boolean =>
  now.milliCpu < was.milliCpu ||
  now.memoryBytes < was.memoryBytes ||
  now.ephemeralStorageBytes < was.ephemeralStorageBytes ||
  Object.entries(was.scalar).some(([name, amount]) => (now.scalar[name] ?? 0) < amount)

/** Of JSON; empty and absent are the same. Unchanged parts of an object are mostly shared, so this mostly ends at once. */
function differ(a: unknown, b: unknown): boolean {
  if (a === b) return false
  const [left, right] = [partsOf(a), partsOf(b)]
  if (left === undefined || right === undefined) return true
  const keys = Object.keys(left)
  return keys.length !== Object.keys(right).length || keys.some((key) => differ(left[key], right[key]))
}
function partsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || value === null) return {}
  return typeof value === 'object' ? (value as Readonly<Record<string, unknown>>) : undefined
}
