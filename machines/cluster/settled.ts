/** Has everything come to what was asked? Sentences about what has not; none is the goal of every cluster left in peace. */
import { isActive } from '../controllers/kit/pods.ts'
import { selectorMatches } from '../lib/selector.ts'
import type { ApiObject, Deployment, EndpointSlice, Node, Pod, ReplicaSet, Service } from '../protocol/objects.ts'
import type { Cluster } from './cluster.ts'
import { hasOutsideEtcd, membersOf } from './layout.ts'
import { newestStore } from './objects.ts'
import { deploymentView, isReady } from './views.ts'

/** Members apply what is committed one after another: so many revisions nobody is behind for long. */
const BEHIND = 10

export function unsettled(cluster: Cluster): readonly string[] {
  return [
    ...members(cluster),
    ...cluster.get<Node>('nodes').flatMap((node) => (isReady(node) ? [] : [`${named(node)} is not ready`])),
    ...cluster.get('namespaces').filter(isEnding).map(stillThere),
    ...cluster.get<Deployment>('deployments').flatMap(ofDeployment),
    ...cluster.get<ReplicaSet>('replicasets').flatMap(ofReplicaSet),
    ...cluster.get<Pod>('pods').flatMap(ofPod),
    ...cluster.get<Service>('services').flatMap((service) => ofService(cluster, service)),
  ]
}

function members({ world, options }: Cluster): readonly string[] {
  if (hasOutsideEtcd(options)) return []
  const all = membersOf(options)
  const newest = newestStore(world, all)?.revision ?? 0
  return all.flatMap((member) => {
    const revision = newestStore(world, [member])?.revision
    if (revision !== undefined && revision >= newest - BEHIND) return []
    return [`${member} has applied revision ${revision ?? 'none'} of ${newest}`]
  })
}

function ofDeployment(deployment: Deployment): readonly string[] {
  if (deployment.spec.paused === true) return []
  const { rolledOut, available } = deploymentView(deployment)
  return rolledOut && available ? [] : [`${named(deployment)} is not rolled out`]
}

function ofReplicaSet(set: ReplicaSet): readonly string[] {
  const { replicas: wanted = 1 } = set.spec
  const { replicas = 0, availableReplicas = 0, observedGeneration = 0 } = set.status ?? {}
  if (replicas === wanted && availableReplicas === wanted && observedGeneration >= (set.metadata.generation ?? 0))
    return []
  return [`${named(set)} has ${availableReplicas} of ${wanted} pods`]
}

function ofPod(pod: Pod): readonly string[] {
  if (isEnding(pod)) return [stillThere(pod)]
  return !isActive(pod) || isReady(pod) ? [] : [`${named(pod)} is not ready`]
}

/** The slices of a service hold the addresses of the ready pods that it selects, and no others. */
function ofService(cluster: Cluster, service: Service): readonly string[] {
  const { selector } = service.spec ?? {}
  const { namespace = '', name } = service.metadata
  if (selector === undefined) return []
  const pods = cluster
    .get<Pod>('pods', namespace)
    .filter((pod) => isReady(pod) && selectorMatches(selector, pod.metadata.labels))
  const wanted = pods.map(({ status }) => status?.podIP ?? '').sort()
  const slices = cluster
    .get<EndpointSlice>('endpointslices', namespace)
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
  const found = slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready === true)
    .flatMap(({ addresses }) => addresses[0] ?? [])
    .sort()
  return wanted.join() === found.join() ? [] : [`${named(service)} leads to ${found.join()}, not to ${wanted.join()}`]
}

const isEnding = ({ metadata }: ApiObject): boolean => metadata.deletionTimestamp !== undefined
const stillThere = (object: ApiObject): string => `${named(object)} is being deleted and still there`
const named = ({ kind, metadata: { namespace, name } }: ApiObject): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
