/**
 * What happened in the cluster, in the words of framework.ClusterEvent, and which plugins may judge differently after
 * it (EventsToRegister). Whether it helps a certain pod (queueing hints) is asked of the plugin in `hints.ts`.
 */
import type { Node, Pod } from '../protocol/objects.ts'

export type ClusterEvent =
  | 'NodeAdd'
  | 'NodeDelete'
  | 'NodeUpdateNodeAllocatable'
  | 'NodeUpdateNodeLabel'
  | 'NodeUpdateNodeTaint'
  | 'AssignedPodAdd'
  | 'AssignedPodDelete'
  | 'AssignedPodUpdateLabel'
  | 'AssignedPodScaleDown'
  | 'PodUpdatePodLabel'
  | 'PodUpdatePodScaleDown'
  | 'PodUpdatePodTolerations'
  | 'PodUpdatePodSchedulingGatesEliminated'

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
  ],
  NodeDelete: ['PodTopologySpread'],
  NodeUpdateNodeAllocatable: ['NodeResourcesFit'],
  NodeUpdateNodeLabel: ['InterPodAffinity', 'NodeAffinity', 'PodTopologySpread'],
  NodeUpdateNodeTaint: [
    'InterPodAffinity',
    'NodeAffinity',
    'NodeName',
    'NodePorts',
    'NodeResourcesFit',
    'NodeUnschedulable',
    'PodTopologySpread',
    'TaintToleration',
  ],
  AssignedPodAdd: ['InterPodAffinity', 'PodTopologySpread'],
  AssignedPodDelete: ['InterPodAffinity', 'NodePorts', 'NodeResourcesFit', 'PodTopologySpread'],
  AssignedPodUpdateLabel: ['InterPodAffinity', 'PodTopologySpread'],
  AssignedPodScaleDown: ['NodeResourcesFit'],
  PodUpdatePodLabel: ['InterPodAffinity', 'PodTopologySpread'],
  PodUpdatePodScaleDown: ['NodeResourcesFit'],
  PodUpdatePodTolerations: ['NodeUnschedulable', 'PodTopologySpread', 'TaintToleration'],
  PodUpdatePodSchedulingGatesEliminated: ['SchedulingGates'],
}

/** NodeSchedulingPropertiesChange: what of an update can matter. */
export function nodeEvents(was: Node, now: Node): readonly ClusterEvent[] {
  const events: ClusterEvent[] = []
  if (differ(was.status?.allocatable, now.status?.allocatable)) events.push('NodeUpdateNodeAllocatable')
  if (differ(was.metadata.labels, now.metadata.labels)) events.push('NodeUpdateNodeLabel')
  if (
    differ(was.spec?.taints, now.spec?.taints) ||
    (was.spec?.unschedulable ?? false) !== (now.spec?.unschedulable ?? false)
  )
    events.push('NodeUpdateNodeTaint')
  return events
}

/** PodSchedulingPropertiesChange of a pod that waits. */
export function waitingPodEvents(was: Pod, now: Pod): readonly ClusterEvent[] {
  const events: ClusterEvent[] = []
  if (differ(was.metadata.labels, now.metadata.labels)) events.push('PodUpdatePodLabel')
  if (differ(was.spec.containers, now.spec.containers)) events.push('PodUpdatePodScaleDown')
  if (differ(was.spec.tolerations, now.spec.tolerations)) events.push('PodUpdatePodTolerations')
  if ((was.spec.schedulingGates ?? []).length > 0 && (now.spec.schedulingGates ?? []).length === 0)
    events.push('PodUpdatePodSchedulingGatesEliminated')
  return events
}

/** The same of a pod on a node. */
export function assignedPodEvents(was: Pod, now: Pod): readonly ClusterEvent[] {
  const events: ClusterEvent[] = []
  if (differ(was.metadata.labels, now.metadata.labels)) events.push('AssignedPodUpdateLabel')
  if (differ(was.spec.containers, now.spec.containers)) events.push('AssignedPodScaleDown')
  return events
}

/** Of JSON. Unchanged parts of an object are mostly shared, so this mostly ends at once. */
function differ(a: unknown, b: unknown): boolean {
  if (a === b) return false
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return (a ?? null) !== (b ?? null)
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return true
  return keys.some((key) => differ((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}
