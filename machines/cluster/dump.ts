/**
 * Objects as a cluster has them (`kubectl get nodes,pods,… -A -o yaml`), made ready to begin with: as if etcd had been
 * restored from a backup. What belongs to the cluster that they were taken from alone is left out.
 */
import { textHash } from '../../runtime/contract.ts'
import { etcdKey } from '../apiserver/etcd-keys.ts'
import { frozen } from '../apiserver/frozen.ts'
import { defaulted } from '../lib/schema/defaults.ts'
import { type Profile, resourceOfKind } from '../lib/schema.ts'
import { parseTime, rfc3339 } from '../lib/time.ts'
import { type ApiObject, keyOf, type Node, type Pod } from '../protocol/objects.ts'

/** Lists unrolled. */
export const unrolled = (objects: readonly ApiObject[]): readonly ApiObject[] =>
  objects.flatMap((object) => (object.kind.endsWith('List') ? unrolled(itemsOf(object)) : [object]))
const itemsOf = (list: ApiObject): readonly ApiObject[] => (list as { items?: readonly ApiObject[] }).items ?? []

/** A node among the objects, the first at place 1. */
export interface Given {
  readonly node: Node
  readonly place: number
}

/** The nodes among the objects, by name: objects without any are no dump. Remembered. */
export function nodesIn(objects: readonly ApiObject[]): ReadonlyMap<string, Given> {
  let nodes = known.get(objects)
  if (nodes === undefined) {
    const all = unrolled(objects).filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Node')
    nodes = new Map(all.map((node, i) => [node.metadata.name, { node: node as Node, place: i + 1 }]))
    known.set(objects, nodes)
  }
  return nodes
}
const known = new WeakMap<readonly ApiObject[], ReadonlyMap<string, Given>>()

/** When the youngest of them was made, in ms since 1970; undefined when none says. */
export function newestIn(objects: readonly ApiObject[]): number | undefined {
  const times = unrolled(objects).flatMap(({ metadata }) => metadata.creationTimestamp ?? [])
  return times.length === 0 ? undefined : times.reduce((newest, time) => Math.max(newest, parseTime(time)), 0)
}

export interface Restored {
  readonly key: string
  readonly value: ApiObject
}

/** What is put into etcd, kinds that nobody serves left out. @param at when the cluster begins, in ms since 1970 */
export function restorable(objects: readonly ApiObject[], profile: Profile, at: number): readonly Restored[] {
  const kept = unrolled(objects).filter((object) => !isOfTheOld(object))
  const uids = new Set(kept.map(({ metadata }) => metadata.uid))
  const restored = kept.flatMap((object) => {
    const facts = resourceOfKind(profile, object.apiVersion, object.kind)
    if (facts === undefined) return []
    const whole = defaulted(facts, withState(adopted(object, facts.namespaced, uids, at)))
    return [{ key: etcdKey(facts, keyOf(whole)), value: frozen(whole) }]
  })
  const known = new Set(restored.map(({ key }) => key))
  return [...namespacesOf(kept, profile, at).filter(({ key }) => !known.has(key)), ...restored]
}

/** The cluster makes its own of these. */
const OWN_KINDS = ['Event', 'Lease', 'ComponentStatus']
const isOfTheOld = ({ kind, metadata }: ApiObject): boolean =>
  OWN_KINDS.includes(kind) ||
  (['Service', 'Endpoints', 'EndpointSlice'].includes(kind) &&
    metadata.name === 'kubernetes' &&
    (metadata.namespace ?? 'default') === 'default')

/** Its identity is kept; owners that are not there are forgotten, or the garbage collector would take it away. */
function adopted(object: ApiObject, namespaced: boolean, uids: ReadonlySet<string | undefined>, at: number): ApiObject {
  const { resourceVersion: _, managedFields: __, selfLink: ___, ownerReferences = [], ...metadata } = object.metadata
  const owners = ownerReferences.filter(({ uid }) => uids.has(uid))
  const namespace = namespaced ? { namespace: metadata.namespace ?? 'default' } : {}
  const { uid = uidOf(object), creationTimestamp = rfc3339(at) } = metadata
  const kept = { ...metadata, ...namespace, uid, creationTimestamp }
  return { ...object, metadata: owners.length === 0 ? kept : { ...kept, ownerReferences: owners } }
}

/** In the form of a uid, always the same for the same name. */
function uidOf({ kind, metadata }: ApiObject): string {
  const parts = ['a', 'b', 'c', 'd'].map((part) => {
    const hash = textHash(`${part} ${kind} ${metadata.namespace ?? ''} ${metadata.name}`) >>> 0
    return hash.toString(16).padStart(8, '0')
  })
  const [a = '', b = '', c = '', d = ''] = parts
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`
}

/** A pod has a phase; the ranges of nodes are given out anew. */
function withState(object: ApiObject): ApiObject {
  if (object.kind === 'Pod') {
    const pod = object as Pod
    return { ...pod, status: { phase: 'Pending', ...pod.status } } as ApiObject
  }
  if (object.kind !== 'Node') return object
  const node = object as Node
  const { podCIDR: _, podCIDRs: __, ...spec } = node.spec ?? {}
  return { ...node, spec } as ApiObject
}

/** Of a dump of pods the namespaces are often missing. */
function namespacesOf(objects: readonly ApiObject[], profile: Profile, at: number): readonly Restored[] {
  const names = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))
  const facts = resourceOfKind(profile, 'v1', 'Namespace')
  if (facts === undefined) return []
  return [...names].map((name) => {
    const bare = { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: { finalizers: ['kubernetes'] } }
    const whole = defaulted(facts, { ...adopted(bare, false, new Set(), at), status: { phase: 'Active' } })
    return { key: etcdKey(facts, name), value: frozen(whole) as ApiObject }
  })
}
