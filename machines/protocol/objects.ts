/**
 * The objects of the API: frozen JSON, exactly as on the wire, shared by reference everywhere. Their types are those
 * of Kubernetes; what is stored always has a name.
 */
import type * as apps from 'kubernetes-types/apps/v1.js'
import type * as coordination from 'kubernetes-types/coordination/v1.js'
import type * as core from 'kubernetes-types/core/v1.js'
import type * as discovery from 'kubernetes-types/discovery/v1.js'
import type * as meta from 'kubernetes-types/meta/v1.js'
import type * as policy from 'kubernetes-types/policy/v1.js'

export type { apps, coordination, core, discovery, meta, policy }

export interface ObjectMeta extends Omit<meta.ObjectMeta, 'name'> {
  readonly name: string
}
/** Any object. Code that knows the kind casts it to that kind's type once, where it takes it in. */
export interface ApiObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
}
type Named<T> = Omit<T, 'apiVersion' | 'kind' | 'metadata'> & ApiObject

export type Pod = Named<core.Pod> & { readonly spec: core.PodSpec }
export type Node = Named<core.Node>
export type Namespace = Named<core.Namespace>
export type Service = Named<core.Service> & { readonly spec: core.ServiceSpec }
export type ServiceAccount = Named<core.ServiceAccount>
export type ConfigMap = Named<core.ConfigMap>
export type Secret = Named<core.Secret>
export type Endpoints = Named<core.Endpoints>
export type Event = Named<core.Event>
export type Deployment = Named<apps.Deployment> & { readonly spec: apps.DeploymentSpec }
export type ReplicaSet = Named<apps.ReplicaSet> & { readonly spec: apps.ReplicaSetSpec }
export type EndpointSlice = Named<discovery.EndpointSlice>
export type Lease = Named<coordination.Lease>
export type PodDisruptionBudget = Named<policy.PodDisruptionBudget>
export type OwnerReference = meta.OwnerReference
export type LabelSelector = meta.LabelSelector

/** The kinds that components know by type, under the names of their resources: `plural` or `plural.group`. */
export interface Resources {
  readonly pods: Pod
  readonly nodes: Node
  readonly namespaces: Namespace
  readonly services: Service
  readonly serviceaccounts: ServiceAccount
  readonly configmaps: ConfigMap
  readonly secrets: Secret
  readonly endpoints: Endpoints
  readonly events: Event
  readonly 'deployments.apps': Deployment
  readonly 'replicasets.apps': ReplicaSet
  readonly 'endpointslices.discovery.k8s.io': EndpointSlice
  readonly 'leases.coordination.k8s.io': Lease
  readonly 'poddisruptionbudgets.policy': PodDisruptionBudget
}
/** `pods`, `deployments.apps`: as kubectl writes a resource. Own kinds have names of the same form. */
export type ResourceName = string

/**
 * `namespace/name`, or `name` for what is cluster-scoped: the key under which caches and queues hold an object. In one
 * piece of memory: of texts that are added or cut out an engine keeps where they came from, and goes there at each look.
 */
export const keyOf = ({ metadata }: ApiObject): string => keyFor(metadata.namespace, metadata.name)
export const keyFor = (namespace: string | undefined, name: string): string =>
  namespace === undefined || namespace === '' ? name : [namespace, name].join('/')

/** Names another object, as Events and owners do. */
export interface ObjectReference {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly fieldPath?: string
}
export const referenceTo = ({ apiVersion, kind, metadata }: ApiObject): ObjectReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
  ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
})
