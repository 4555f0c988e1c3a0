/** Small clusters for the tests of the scheduler. */
import type { CacheChanged, Delta } from '../../../../machines/protocol/cache.ts'
import { type ApiObject, keyOf, type Node, type Pod } from '../../../../machines/protocol/objects.ts'
import { type Cache, EMPTY_CACHE, nodeSeen, podSeen } from '../../../../machines/scheduler/cache.ts'
import { WATCHED } from '../../../../machines/scheduler/cycle.ts'
import type { KnownNode } from '../../../../machines/scheduler/node-info.ts'
import { names } from '../../../../machines/scheduler/node-order.ts'
import { Tree } from '../../../../runtime/tree.ts'

type Deep<T> = { readonly [K in keyof T]?: T[K] extends object ? Deep<T[K]> : T[K] }

export const node = (name: string, { metadata, spec, status }: Deep<Node> = {}): Node =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, ...metadata, labels: { 'kubernetes.io/hostname': name, ...metadata?.labels } },
    spec: spec ?? {},
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' }, ...status },
  }) as unknown as Node

export const pod = (name: string, { metadata, spec, status }: Deep<Pod> = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, ...metadata },
    spec: { containers: [{ name: 'main', resources: { requests: { cpu: '1', memory: '1Gi' } } }], ...spec },
    status: status ?? {},
  }) as unknown as Pod

/** Everything that a scheduler has to know, as its reflectors list it. */
export const listed = (objects: Readonly<Record<string, readonly object[]>>): readonly CacheChanged[] =>
  WATCHED.map((resource) => changedTo(resource, objects[resource] ?? []))

/** What a reflector tells after its list, or of single changes. */
export const changedTo = (resource: string, objects: readonly object[]): CacheChanged =>
  told(
    resource,
    objects.map((now) => ({ key: keyOf(now as ApiObject), was: undefined, now: now as ApiObject })),
    true,
  )
export const told = (resource: string, deltas: readonly Delta[], filled = false): CacheChanged => ({
  type: 'cache.changed',
  resource,
  cache: { view: `${resource}@1`, resourceVersion: '1', objects: Tree.of(), by: {} },
  deltas,
  filled,
})
export const became = (resource: string, was: object | undefined, now: object | undefined): CacheChanged => {
  const key = keyOf((now ?? was) as ApiObject)
  return told(resource, [{ key, was: was as ApiObject | undefined, now: now as ApiObject | undefined }])
}

/** The cache of a cluster of these nodes and pods; pods name their node. */
export const cacheWith = (nodes: readonly Node[], pods: readonly Pod[] = []): Cache =>
  pods.reduce(podSeen, nodes.reduce(nodeSeen, EMPTY_CACHE))
/** A node as plugins see it. */
export const infoOf = (cache: Cache, name: string): KnownNode => cache.nodes.get(name) as KnownNode
/** Known nodes in the order in which they are looked at. */
export const nodesInOrder = (cache: Cache): readonly KnownNode[] =>
  names(cache.order).map((name) => infoOf(cache, name))
