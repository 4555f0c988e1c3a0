/** A request as it begins, what etcd answers, and what becomes of it. */
import { apiRequest } from '../../../../../machines/apiserver/request.ts'
import type { RequestInput } from '../../../../../machines/apiserver/request-context.ts'
import { served } from '../../../../../machines/apiserver/served.ts'
import { filled, type WatchCache } from '../../../../../machines/apiserver/watch-cache.ts'
import type { ApiAnswered, ApiRequest } from '../../../../../machines/protocol/api.ts'
import type { KeyValue } from '../../../../../machines/protocol/etcd.ts'
import { born } from '../../../../kit/chart.ts'

export const NONE = [] as const
export const stored = (key: string, value: unknown, modRevision: number): KeyValue => ({
  key,
  value,
  createRevision: modRevision,
  modRevision,
  version: 1,
})
export const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'default' },
  status: { phase: 'Active' },
}
export const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } }
export const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default', uid: 'u-1' },
  data: { k: 'v' },
}
export const NAMESPACE = stored('/registry/namespaces/default', namespace, 2)
export const ACCOUNT = stored('/registry/serviceaccounts/default/default', account, 3)
export const SETTINGS = stored('/registry/configmaps/default/a', settings, 4)
export const cacheWith = (...kvs: readonly KeyValue[]): WatchCache => filled(kvs, 10, served(NONE).prefixes)
export const full = cacheWith(NAMESPACE, ACCOUNT, SETTINGS)

export const admin = { name: 'kubernetes-admin', groups: ['system:masters'] }
export const a: ApiRequest = {
  type: 'api.request',
  user: admin,
  verb: 'update',
  resource: 'configmaps',
  namespace: 'default',
  name: 'a',
}
export const changing = { ...a, body: { ...settings, data: { k: 'w' } } }
export const creating: ApiRequest = { ...a, verb: 'create', name: 'b', body: { metadata: { name: 'b' } } }
export const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
export const creatingPod: ApiRequest = { ...creating, resource: 'pods', name: 'p', body: pod }

export const begun = (request: ApiRequest, cache = full, etcd = ['etcd/cp-1'], lease?: number) => {
  const input: RequestInput = {
    request,
    client: 'kubectl/workstation/1',
    call: 5,
    server: 'kube-apiserver/cp-1',
    etcd,
    ownKinds: NONE,
    cache,
    dice: 7,
    ordinal: 0,
    lease,
  }
  return born(apiRequest, input, 'request/cp-1/5')
}
export const range = (...kvs: readonly KeyValue[]) => ({
  type: 'etcd.answered',
  revision: 20,
  reply: { kvs, count: kvs.length, more: false },
})
export const took = { type: 'etcd.answered', revision: 21, reply: { succeeded: true, replies: [{}] } }
export const failed = (...kvs: readonly KeyValue[]) => ({
  type: 'etcd.answered',
  revision: 21,
  reply: { succeeded: false, replies: [{ kvs, count: kvs.length, more: false }] },
})
export type Begun = ReturnType<typeof begun>
export const answerOf = (chart: Begun): ApiAnswered => chart.did('answer')[0]?.event as ApiAnswered
export const messageOf = (chart: Begun): string | undefined => answerOf(chart).status?.message
export const proposalOf = (chart: Begun) =>
  chart.did('call')[0]?.event as { type: string; compare?: unknown; success?: unknown; key?: string }
