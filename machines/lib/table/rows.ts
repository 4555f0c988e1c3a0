/**
 * What `kubectl get` shows of an object: the cells that the API server prints (pkg/printers/internalversion). The same
 * for every client; a client hides the columns of lesser priority unless asked for `wide`.
 */
import type { ApiObject } from '../../protocol/objects.ts'
import type { ResourceFacts } from '../schema.ts'
import { age } from './age.ts'
import { budgetCells } from './budget-row.ts'
import { columnsOf } from './columns.ts'
import { configMapCells, leaseCells, namespaceCells, secretCells, serviceAccountCells } from './core-rows.ts'
import { endpointSliceCells, endpointsCells } from './endpoints-rows.ts'
import { eventCells } from './event-row.ts'
import { nodeCells } from './node-row.ts'
import { ownCells } from './own-row.ts'
import { podCells, podConditions } from './pod-row.ts'
import { serviceCells } from './service-row.ts'
import { daemonSetCells, deploymentCells, replicaSetCells, statefulSetCells } from './workload-rows.ts'

export type Cell = string | number | boolean | null
export interface RowCondition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}
export interface Row {
  /** One a column, wide ones too. */
  readonly cells: readonly Cell[]
  readonly conditions?: readonly RowCondition[]
}
type Printer = (object: never, now: number) => readonly Cell[]

const PRINTERS: Readonly<Record<string, Printer>> = {
  pods: podCells,
  nodes: nodeCells,
  namespaces: namespaceCells,
  services: serviceCells,
  endpoints: endpointsCells,
  configmaps: configMapCells,
  secrets: secretCells,
  serviceaccounts: serviceAccountCells,
  events: eventCells,
  'events.events.k8s.io': eventCells,
  replicationcontrollers: replicaSetCells,
  'deployments.apps': deploymentCells,
  'replicasets.apps': replicaSetCells,
  'statefulsets.apps': statefulSetCells,
  'daemonsets.apps': daemonSetCells,
  'endpointslices.discovery.k8s.io': endpointSliceCells,
  'leases.coordination.k8s.io': leaseCells,
  'poddisruptionbudgets.policy': budgetCells,
}

export function rowOf(resource: ResourceFacts, object: ApiObject, now: number): Row {
  const printer = resource.custom === true ? undefined : PRINTERS[resource.name]
  if (printer === undefined)
    return { cells: resource.custom === true ? ownCells(resource, object, now) : plain(resource, object, now) }
  const cells = printer(object as never, now)
  const conditions = resource.name === 'pods' ? podConditions(object as never) : undefined
  return conditions === undefined ? { cells } : { cells, conditions }
}

/** Kinds without a printer here: their name, their age where there is such a column, nothing else. */
const plain = (resource: ResourceFacts, { metadata }: ApiObject, now: number): readonly Cell[] =>
  columnsOf(resource).map(({ name }) => {
    if (name === 'Name') return metadata.name
    if (name === 'Age') return age(metadata.creationTimestamp, now)
    return name === 'Created At' ? (metadata.creationTimestamp ?? null) : '<none>'
  })
