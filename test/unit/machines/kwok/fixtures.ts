/** Nodes, pods and answers for the tests of kwok. */
import type { ApiAnswered } from '../../../../machines/protocol/api.ts'
import type { Delta } from '../../../../machines/protocol/cache.ts'
import type { ApiObject, Node, Pod } from '../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../runtime/tree.ts'

export const KWOK = {
  host: 'kwok',
  apiserver: 'load-balancer/lb',
  nodeIP: '192.168.0.5',
  nodeName: 'kwok',
  nodePort: 10_247,
  cidr: '10.0.0.1/24',
}
export const CLIENT = { apiserver: 'load-balancer/lb', user: { name: 'kwok', groups: [] } }

export const ok = (object: unknown = {}): ApiAnswered => ({
  type: 'api.answered',
  code: 200,
  object: object as ApiObject,
})
export const listed = (objects: readonly ApiObject[]): ApiAnswered => ({
  type: 'api.answered',
  code: 200,
  list: { view: 'list@1', resourceVersion: '1', objects: Tree.of(objects.map((each) => [each.metadata.name, each])) },
})
export const refused = (code: number, reason: string): ApiAnswered => ({
  type: 'api.answered',
  code,
  status: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: reason, reason, code },
})
export const lost = (reason: 'refused' | 'reset', line = '') => ({ type: 'call.lost', line, reason }) as const

const READY = { type: 'Ready', status: 'True' }
export const node = (name: string, rest: Partial<Node> = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: `uid-${name}`, resourceVersion: '1', annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  ...rest,
})
export const runningNode = (name: string, resourceVersion = '2'): Node => ({
  ...node(name),
  metadata: { ...node(name).metadata, resourceVersion },
  status: { conditions: [READY], phase: 'Running', addresses: [{ type: 'InternalIP', address: '10.9.9.9' }] },
})

export const pod = (name: string, rest: { metadata?: object; spec?: object; status?: object } = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', resourceVersion: '1', ...rest.metadata },
    spec: { nodeName: 'kwok-node-0', containers: [{ name: 'web', image: 'nginx' }], ...rest.spec },
    status: { phase: 'Pending', ...rest.status },
  }) as Pod

export const cacheChanged = (resource: string, deltas: readonly Delta[]) => ({
  type: 'cache.changed',
  resource,
  cache: { view: `${resource}@1`, resourceVersion: '1', objects: Tree.of<ApiObject>(), by: {} },
  deltas,
  filled: false,
})
export const added = (now: ApiObject): Delta => ({ key: now.metadata.name, was: undefined, now })
export const removed = (was: ApiObject): Delta => ({ key: was.metadata.name, was, now: undefined })
export const moved = (was: ApiObject, now: ApiObject): Delta => ({ key: now.metadata.name, was, now })
