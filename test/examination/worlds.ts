/** The world in which each controller is examined, by the controller's name. Every controller needs one. */
import type { Exam } from '../../machines/cluster/examination/exam.ts'
import { controllers } from '../../machines/controllers/index.ts'
import * as budgets from './worlds/budgets.ts'
import * as housekeeping from './worlds/housekeeping.ts'
import * as nodes from './worlds/nodes.ts'
import * as quotas from './worlds/quotas.ts'
import * as services from './worlds/services.ts'
import * as workloads from './worlds/workloads.ts'

export interface World extends Omit<Exam, 'controller' | 'companions'> {
  /** Names of controllers whose work it builds upon. */
  readonly companions?: readonly string[]
}

export const WORLDS: Readonly<Record<string, World>> = {
  deployment: workloads.deployment,
  replicaset: workloads.replicaset,
  replicationcontroller: workloads.replicationcontroller,
  disruption: budgets.disruption,
  'pod-disruption': budgets.podDisruption,
  endpoints: services.endpoints,
  endpointslice: services.endpointslice,
  'endpointslice-mirroring': services.endpointsliceMirroring,
  resourcequota: quotas.resourceQuota,
  'serviceaccount-token': housekeeping.serviceAccountToken,
  'garbage-collector': housekeeping.garbageCollector,
  namespace: housekeeping.namespace,
  'root-ca-certificate-publisher': housekeeping.rootCa,
  serviceaccount: housekeeping.serviceAccount,
  'node-ipam': nodes.nodeIpam,
  'node-lifecycle': nodes.nodeLifecycle,
  'pod-garbage-collector': nodes.podGc,
  'taint-eviction': nodes.taintEviction,
  ttl: nodes.ttl,
}

/** The examination of a controller. @throws when it has no world */
export function examOf(name: string): Exam {
  const world = WORLDS[name]
  if (world === undefined)
    throw new Error(
      `${name} has no world to be examined in: write one in test/examination/worlds, and name it in worlds.ts`,
    )
  const { companions = [], ...rest } = world
  return { ...rest, controller: listed(name), companions: companions.map(listed) }
}

function listed(name: string): Exam['controller'] {
  const found = controllers.find(({ member }) => member.name === name)
  if (found === undefined) throw new Error(`there is no controller ${name}`)
  return found
}
