/** Rows of the kinds of apps. */
import type { apps, core, Deployment, ReplicaSet } from '../../protocol/objects.ts'
import { formatLabelSelector } from '../selector.ts'
import { age } from './age.ts'
import type { Cell } from './rows.ts'
import { labelsText } from './service-row.ts'

const names = (containers: readonly core.Container[]): string => containers.map(({ name }) => name).join(',')
const images = (containers: readonly core.Container[]): string => containers.map(({ image }) => image ?? '').join(',')
const containersOf = (template: core.PodTemplateSpec | undefined): readonly core.Container[] =>
  template?.spec?.containers ?? []

export function deploymentCells({ metadata, spec, status }: Deployment, now: number): readonly Cell[] {
  const containers = containersOf(spec.template)
  return [
    metadata.name,
    `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
    status?.updatedReplicas ?? 0,
    status?.availableReplicas ?? 0,
    age(metadata.creationTimestamp, now),
    names(containers),
    images(containers),
    formatLabelSelector(spec.selector),
  ]
}

/** ReplicaSets and ReplicationControllers. */
export function replicaSetCells({ metadata, spec, status }: ReplicaSet, now: number): readonly Cell[] {
  const containers = containersOf(spec.template)
  return [
    metadata.name,
    spec.replicas ?? 0,
    status?.replicas ?? 0,
    status?.readyReplicas ?? 0,
    age(metadata.creationTimestamp, now),
    names(containers),
    images(containers),
    selectorText(spec.selector),
  ]
}

/** A LabelSelector, or the map of a ReplicationController. */
function selectorText(selector: unknown): string {
  const { matchLabels, matchExpressions } = (selector ?? {}) as { matchLabels?: unknown; matchExpressions?: unknown }
  const isMap = matchLabels === undefined && matchExpressions === undefined
  return isMap ? labelsText(selector as Record<string, string>) : formatLabelSelector(selector as never) || '<none>'
}

export function statefulSetCells({ metadata, spec, status }: apps.StatefulSet, now: number): readonly Cell[] {
  const containers = containersOf(spec?.template)
  return [
    metadata?.name ?? '',
    `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    age(metadata?.creationTimestamp, now),
    names(containers),
    images(containers),
  ]
}

export function daemonSetCells({ metadata, spec, status }: apps.DaemonSet, now: number): readonly Cell[] {
  const containers = containersOf(spec?.template)
  return [
    metadata?.name ?? '',
    status?.desiredNumberScheduled ?? 0,
    status?.currentNumberScheduled ?? 0,
    status?.numberReady ?? 0,
    status?.updatedNumberScheduled ?? 0,
    status?.numberAvailable ?? 0,
    labelsText(spec?.template.spec?.nodeSelector),
    age(metadata?.creationTimestamp, now),
    names(containers),
    images(containers),
    selectorText(spec?.selector),
  ]
}
