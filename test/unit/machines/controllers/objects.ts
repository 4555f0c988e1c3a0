/** Objects and caches for the tests of controllers, as short as they can be. */
import { emptyCache, replaced } from '../../../../machines/controllers/kit/store.ts'
import type { CacheChanged, Delta, IndexName, ObjectInput, View } from '../../../../machines/protocol/cache.ts'
import { type ApiObject, keyOf, type Node, type Pod, type Service } from '../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../runtime/tree.ts'

export const AT = Date.UTC(2026, 0, 1)
export const CREATED = '2026-01-01T00:00:00Z'

export const controllerInput = {
  apiserver: 'kube-apiserver/cp-1',
  user: { name: 'controller', groups: [] },
  recorder: 'event-recorder/cp-1/controller',
  reflectors: 'reflector/cp-1/kube-controller-manager',
}
export const objectInput = (key: string): ObjectInput => ({ ...controllerInput, key, supervisor: 'controller/cp-1' })

type Loose = Record<string, unknown>
type Parts = { readonly metadata?: Loose; readonly spec?: Loose; readonly status?: Loose }

export function object(apiVersion: string, kind: string, name: string, { metadata, ...rest }: Parts = {}): ApiObject {
  return {
    apiVersion,
    kind,
    metadata: { name, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: CREATED, ...metadata },
    ...rest,
  } as unknown as ApiObject
}

const condition = (type: string, status: string) => ({ type, status, lastTransitionTime: CREATED })

/** A pod of `default` that runs on node-1 with an address, ready unless said. */
export function pod(name: string, parts: Parts & { readonly ip?: string; readonly ready?: boolean } = {}): Pod {
  const { ip = '10.244.0.2', ready = true, metadata, spec, status } = parts
  return object('v1', 'Pod', name, {
    metadata: { namespace: 'default', labels: { app: 'web' }, ...metadata },
    spec: { containers: [{ name: 'c', image: 'i' }], nodeName: 'node-1', ...spec },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [condition('Ready', ready ? 'True' : 'False')],
      ...status,
    },
  }) as Pod
}

export const service = (name: string, spec: Loose = {}, metadata: Loose = {}): Service =>
  object('v1', 'Service', name, {
    metadata: { namespace: 'default', ...metadata },
    spec: {
      clusterIP: '10.96.0.9',
      ipFamilies: ['IPv4'],
      selector: { app: 'web' },
      ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
      ...spec,
    },
  }) as Service

/** A node whose kubelet last said `ready`; `undefined`: it never said anything. */
export function node(name: string, ready: string | undefined = 'True', { metadata, spec, status }: Parts = {}): Node {
  const beat = { lastHeartbeatTime: CREATED }
  return object('v1', 'Node', name, {
    metadata: { ...metadata },
    spec: { ...spec },
    status: { conditions: ready === undefined ? [] : [{ ...condition('Ready', ready), ...beat }], ...status },
  }) as Node
}
export const neverHeard = (name: string): Node => object('v1', 'Node', name, { status: { conditions: [] } }) as Node

/** The caches of a controller, filled. */
export function viewOf(resources: Readonly<Record<string, readonly ApiObject[]>>): View {
  const indexes: readonly IndexName[] = ['namespace', 'node', 'owner']
  return Object.fromEntries(
    Object.entries(resources).map(([resource, objects]) => {
      const tree = Tree.of(objects.map((each) => [keyOf(each), each] as const))
      const listing = { view: '@9', objects: tree, resourceVersion: '9' }
      return [resource, replaced(emptyCache(resource, indexes), listing).cache]
    }),
  ) as View
}

/** A cache that was just filled with these. */
export function filled(resource: string, objects: readonly ApiObject[]): CacheChanged {
  const cache = viewOf({ [resource]: objects })[resource]
  if (cache === undefined) throw new Error('the view holds it')
  const deltas = objects.map((now): Delta => ({ key: keyOf(now), was: undefined, now }))
  return { type: 'cache.changed', resource, cache, deltas, filled: true }
}
/** The same cache after some changes: `[was, now]`. All that is left of the resource has to be given. */
export function changed(
  resource: string,
  objects: readonly ApiObject[],
  ...changes: readonly (readonly [was: ApiObject | undefined, now: ApiObject | undefined])[]
): CacheChanged {
  const deltas = changes.map(([was, now]): Delta => ({ key: keyOf((now ?? was) as ApiObject), was, now }))
  return { ...filled(resource, objects), deltas, filled: false }
}

/** How tests call a view in a sync. */
export const sync = (view: View) => ({ type: 'sync.requested' as const, view })
