/** Reads the recorded decisions of kube-scheduler v1.32.5 and applies the defaults that the API server would. */
import { join } from 'node:path'
import type { ApiObject, core, Namespace, Node, Pod, Service } from '../../../machines/protocol/objects.ts'
import { type Cache, EMPTY_CACHE, nodeSeen, podSeen } from '../../../machines/scheduler/cache.ts'
import { takenIn } from '../../../machines/scheduler/intake.ts'
import { nominated } from '../../../machines/scheduler/nominations.ts'
import { DEFAULT_PROFILE } from '../../../machines/scheduler/profile.ts'
import { EMPTY_QUEUE } from '../../../machines/scheduler/queue.ts'
import { changedTo } from '../../unit/machines/scheduler/cluster.ts'
import { linesOf } from '../folder.ts'

export type Listed = readonly [plugin: string, code: string, reasons: readonly string[], nodes: readonly string[]]
export interface Answer {
  readonly preEnqueue?: { readonly plugin: string; readonly code: string; readonly reasons: readonly string[] }
  readonly preFilter?: {
    readonly active?: readonly string[]
    readonly nodes?: readonly string[]
    readonly status?: { readonly plugin: string; readonly code: string; readonly reasons: readonly string[] }
  }
  readonly filter?: readonly Listed[]
  /** What the others would have said of nodes that are rejected. */
  readonly alsoRejects?: readonly Listed[]
  readonly feasible?: readonly string[]
  readonly scores?: Readonly<Record<string, { readonly raw: number | number[]; readonly norm?: number | number[] }>>
  readonly total?: number | readonly number[]
  readonly best?: readonly string[]
  readonly message?: string
  readonly unschedulablePlugins?: readonly string[]
  readonly admittedAffinity?: core.Affinity
  readonly viaNominatedNode?: boolean
  readonly postFilter?: PostFilterAnswer
}
export interface PostFilterAnswer {
  readonly code: string
  readonly mode?: string
  readonly nominated?: readonly string[]
  readonly candidates?: Readonly<
    Record<string, { readonly victims: readonly string[]; readonly pdbViolations?: number }>
  >
  readonly noHelp?: readonly Listed[]
  readonly ineligible?: string
  readonly clearsNominationOf?: readonly string[]
}
export interface Recorded {
  readonly name: string
  readonly config?: unknown
  readonly cluster: Readonly<Record<string, readonly ApiObject[]>>
  readonly pods: readonly Pod[]
  readonly expect: Readonly<Record<string, Answer>>
}

export const recordsOf = <R extends Recorded>(folder: string, file: string): readonly R[] | undefined =>
  linesOf<R>(join(folder, 'scheduler/cases', `${file}.jsonl`))

/** Nodes, then pods, in the order of the lists. Of the pods to be scheduled the others know the nominations alone. */
export function cacheOf({ cluster, pods }: Recorded): Cache {
  let cache: Cache = EMPTY_CACHE
  for (const [list, resource] of OTHERS)
    cache = takenIn(
      { cache, queue: EMPTY_QUEUE },
      changedTo(resource, (cluster[list] ?? []).map((object) => named(list, object)) as (Namespace | Service)[]),
      { profiles: [DEFAULT_PROFILE], at: 0 },
    ).cache
  for (const node of cluster['nodes'] ?? []) cache = nodeSeen(cache, node as Node)
  const waiting = Array.isArray(pods) ? pods.filter(({ status }) => status?.nominatedNodeName !== undefined) : []
  for (const pod of [...(cluster['pods'] ?? []), ...waiting]) {
    const defaulted = admitted(pod as Pod, merged(pod as Pod))
    const isOver = ['Succeeded', 'Failed'].includes(defaulted.status?.phase ?? '')
    if (isOver) continue
    if (defaulted.spec.nodeName !== undefined) cache = podSeen(cache, defaulted)
    else cache = { ...cache, nominations: nominated(cache.nominations, defaulted) }
  }
  return cache
}
const OTHERS: readonly (readonly [string, string])[] = [
  ['namespaces', 'namespaces'],
  ['services', 'services'],
  ['replicaSets', 'replicasets.apps'],
  ['statefulSets', 'statefulsets.apps'],
  ['replicationControllers', 'replicationcontrollers'],
  ['podDisruptionBudgets', 'poddisruptionbudgets.policy'],
  ['persistentVolumes', 'persistentvolumes'],
  ['persistentVolumeClaims', 'persistentvolumeclaims'],
  ['storageClasses', 'storageclasses.storage.k8s.io'],
  ['csiNodes', 'csinodes.storage.k8s.io'],
  ['csiDrivers', 'csidrivers.storage.k8s.io'],
  ['csiStorageCapacities', 'csistoragecapacities.storage.k8s.io'],
  ['volumeAttachments', 'volumeattachments.storage.k8s.io'],
]
const CLUSTER_SCOPED = [
  'namespaces',
  'persistentVolumes',
  'storageClasses',
  'csiNodes',
  'csiDrivers',
  'volumeAttachments',
]
const named = (list: string, object: ApiObject): ApiObject =>
  CLUSTER_SCOPED.includes(list) || object.metadata.namespace !== undefined
    ? object
    : { ...object, metadata: { ...object.metadata, namespace: 'default' } }

/** What admission makes of matchLabelKeys and mismatchLabelKeys in pod affinity: requirements of the selector. */
function merged({ spec, metadata }: Pod): core.Affinity | undefined {
  if (spec.affinity === undefined) return undefined
  const labels = metadata.labels ?? {}
  const mergedTerm = (term: core.PodAffinityTerm): core.PodAffinityTerm => {
    const { matchLabelKeys = [], mismatchLabelKeys = [] } = term as unknown as Record<string, string[] | undefined>
    const requirements = [
      ...matchLabelKeys.map((key) => ({ key, operator: 'In' })),
      ...mismatchLabelKeys.map((key) => ({ key, operator: 'NotIn' })),
    ].flatMap(({ key, operator }) => (labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]))
    if (term.labelSelector === undefined || requirements.length === 0) return term
    const matchExpressions = [...(term.labelSelector.matchExpressions ?? []), ...requirements]
    return { ...term, labelSelector: { ...term.labelSelector, matchExpressions } } as core.PodAffinityTerm
  }
  const rules = (one: core.PodAffinity | undefined) =>
    one && {
      requiredDuringSchedulingIgnoredDuringExecution:
        one.requiredDuringSchedulingIgnoredDuringExecution?.map(mergedTerm),
      preferredDuringSchedulingIgnoredDuringExecution: one.preferredDuringSchedulingIgnoredDuringExecution?.map(
        ({ podAffinityTerm, weight }) => ({ weight, podAffinityTerm: mergedTerm(podAffinityTerm) }),
      ),
    }
  const { podAffinity, podAntiAffinity } = spec.affinity
  return { ...spec.affinity, podAffinity: rules(podAffinity), podAntiAffinity: rules(podAntiAffinity) } as core.Affinity
}

/** What the API server's defaulting makes of a pod, as far as scheduling sees it. */
export function admitted(pod: Pod, affinity?: core.Affinity): Pod {
  const { spec } = pod
  const hostNetwork = spec.hostNetwork === true
  const namespace = pod.metadata.namespace ?? 'default'
  const defaulted = (containers: core.Container[] = []) => containers.map((one) => containerOf(one, hostNetwork))
  return {
    ...pod,
    metadata: { ...pod.metadata, namespace, uid: pod.metadata.uid ?? `${namespace}-${pod.metadata.name}` },
    spec: {
      ...spec,
      ...(affinity === undefined ? {} : { affinity }),
      containers: defaulted(spec.containers),
      ...(spec.initContainers === undefined ? {} : { initContainers: defaulted(spec.initContainers) }),
    },
  } as Pod
}

function containerOf(container: core.Container, hostNetwork: boolean): core.Container {
  const { resources, ports } = container
  const requests = { ...(resources?.limits as object), ...(resources?.requests as object) }
  return {
    ...container,
    resources: { ...resources, requests },
    ...(ports === undefined ? {} : { ports: ports.map((port) => portOf(port, hostNetwork)) }),
  } as core.Container
}
const portOf = (port: core.ContainerPort, hostNetwork: boolean): core.ContainerPort =>
  hostNetwork ? { ...port, hostPort: port.hostPort ?? port.containerPort } : port
