/** ReplicaSets and ReplicationControllers are run by one controller (NewBaseController): what differs between the two. */
import type { LabelSelector, ReplicaSet, ResourceName } from '../../protocol/objects.ts'

export interface Kind {
  /** Also the id of the machine of one object. */
  readonly name: string
  readonly kind: string
  readonly apiVersion: string
  readonly resource: ResourceName
  /** `source.component` of its Events and its ServiceAccount. */
  readonly component: string
  /** A ReplicationController's selector is the plain map of labels. */
  readonly selectorOf: (set: ReplicaSet) => LabelSelector
}

export const replicaSetKind: Kind = {
  name: 'replicaset',
  kind: 'ReplicaSet',
  apiVersion: 'apps/v1',
  resource: 'replicasets.apps',
  component: 'replicaset-controller',
  selectorOf: ({ spec }) => spec.selector,
}
export const replicationControllerKind: Kind = {
  name: 'replicationcontroller',
  kind: 'ReplicationController',
  apiVersion: 'v1',
  resource: 'replicationcontrollers',
  component: 'replication-controller',
  selectorOf: ({ spec }) => {
    const plain = spec.selector as unknown as Readonly<Record<string, string>> | undefined
    return { matchLabels: { ...(plain ?? spec.template?.metadata?.labels) } }
  },
}
