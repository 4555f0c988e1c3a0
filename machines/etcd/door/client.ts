/**
 * The client's side of the JSON gateway: a request of the protocol becomes a path and a body, what comes back an answer
 * of the protocol. By it whoever speaks the protocol can be served by a real etcd.
 */
import type {
  Compare,
  EtcdAnswered,
  EtcdFailed,
  EtcdReply,
  EtcdRequest,
  EtcdWatched,
  KeyEvent,
  KeyRange,
  KeyValue,
  Operation,
  OperationReply,
  RangeReply,
  RangeRequest,
  TxnReply,
  TxnRequest,
  WatchRequest,
} from '../../protocol/etcd.ts'
import { ADMIN_ANSWERS, adminAsked } from './admin.ts'
import { fromWire, type Json, toWire } from './wire.ts'

/** What to post, and where. Fields that say nothing are left out. */
export function bodyOf(request: EtcdRequest | WatchRequest): readonly [path: string, body: Json] {
  const [path, plain] = plainOf(request)
  return [path, toWire(spare(plain) as Json)]
}

function plainOf(request: EtcdRequest | WatchRequest): readonly [string, Json] {
  switch (request.type) {
    case 'etcd.Range':
      return ['/v3/kv/range', range(request)]
    case 'etcd.Put':
      return ['/v3/kv/put', operation(request)['request_put'] as Json]
    case 'etcd.DeleteRange':
      return ['/v3/kv/deleterange', { ...keys(request), prev_kv: request.prevKv }]
    case 'etcd.Txn':
      return ['/v3/kv/txn', txn(request)]
    case 'etcd.Compact':
      return ['/v3/kv/compaction', { revision: request.revision }]
    case 'etcd.LeaseGrant':
      return ['/v3/lease/grant', { ID: request.id, TTL: request.ttlSeconds }]
    case 'etcd.LeaseRevoke':
      return ['/v3/lease/revoke', { ID: request.id }]
    case 'etcd.LeaseKeepAlive':
      return ['/v3/lease/keepalive', { ID: request.id }]
    case 'etcd.LeaseTimeToLive':
      return ['/v3/lease/timetolive', { ID: request.id, keys: request.keys }]
    case 'etcd.LeaseLeases':
      return ['/v3/lease/leases', {}]
    case 'etcd.Watch':
      return ['/v3/watch', { create_request: watch(request) }]
    default:
      return adminAsked(request)
  }
}

const upper = (word: string | undefined): string | undefined => word?.toUpperCase().replace('-', '_')
const keys = ({ key, rangeEnd: range_end }: KeyRange): Json => ({ key, range_end })
const range = (request: RangeRequest): Json => ({
  ...keys(request),
  revision: request.revision,
  limit: request.limit,
  keys_only: request.keysOnly,
  count_only: request.countOnly,
  serializable: request.serializable,
  sort_order: upper(request.sortOrder),
  sort_target: upper(request.sortTarget),
  min_mod_revision: request.minModRevision,
  max_mod_revision: request.maxModRevision,
  min_create_revision: request.minCreateRevision,
  max_create_revision: request.maxCreateRevision,
})
const txn = ({ compare, success, failure }: TxnRequest): Json => ({
  compare: compare.map(comparison),
  success: success.map(operation),
  failure: failure.map(operation),
})
const comparison = ({ target, result, than, ...range }: Compare): Json => ({
  ...keys(range),
  target: upper(target),
  result: upper(result),
  [target === 'create' || target === 'mod' ? `${target}_revision` : target]: than,
})

function operation(request: Operation): Json {
  switch (request.type) {
    case 'etcd.Range':
      return { request_range: range(request) }
    case 'etcd.DeleteRange':
      return { request_delete_range: { ...keys(request), prev_kv: request.prevKv } }
    case 'etcd.Txn':
      return { request_txn: txn(request) }
    case 'etcd.Put': {
      const { key, value, lease, prevKv: prev_kv, ignoreValue: ignore_value, ignoreLease: ignore_lease } = request
      return { request_put: { key, value, lease, prev_kv, ignore_value, ignore_lease } }
    }
  }
}

const watch = (request: WatchRequest): Json => ({
  ...keys(request),
  start_revision: request.startRevision,
  prev_kv: request.prevKv,
  progress_notify: request.progressNotify,
  filters: request.filters?.map(upper),
  fragment: request.fragment,
})

/** Without what is zero or empty: absent means the same. A list keeps its length. */
function spare(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => spare(each))
  if (typeof value !== 'object' || value === null || field === 'value') return value
  const said = Object.entries(value).filter(
    ([, each]) => each !== undefined && each !== 0 && each !== '' && each !== false,
  )
  return Object.fromEntries(said.map(([name, each]) => [name, spare(each, name)]))
}

/** @param status of HTTP @param wire the body of the answer */
export function answerFrom(path: string, status: number, wire: Json): EtcdAnswered | EtcdFailed {
  const body = fromWire((wire['result'] ?? wire) as Json)
  const [at = path] = path.split('?')
  // Ill health has a status of its own, and is an answer.
  if (status !== 200 && at !== '/health') return failureFrom(body)
  const { revision } = (body['header'] ?? {}) as { readonly revision?: number }
  const reply = ANSWERS[at]?.(body) ?? ADMIN_ANSWERS[at]?.(body) ?? {}
  return { type: 'etcd.answered', revision: revision ?? 0, reply: reply as EtcdReply }
}

const failureFrom = (body: Json): EtcdFailed => ({
  type: 'etcd.failed',
  code: number(body['code'] ?? body['grpc_code']),
  error: String(body['error'] ?? body['message']),
})

const number = (value: unknown): number => Number(value ?? 0)
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])

function keyValue(kv: Json): KeyValue {
  const lease = number(kv['lease'])
  const bare = {
    key: String(kv['key'] ?? ''),
    value: kv['value'] ?? '',
    createRevision: number(kv['create_revision']),
    modRevision: number(kv['mod_revision']),
    version: number(kv['version']),
  }
  return lease === 0 ? bare : { ...bare, lease }
}
const kvs = (value: unknown): readonly KeyValue[] => list(value).map(keyValue)
const previous = (body: Json): { readonly prevKv?: KeyValue } =>
  body['prev_kv'] === undefined ? {} : { prevKv: keyValue(body['prev_kv'] as Json) }

const rangeIn = (body: Json): RangeReply => ({
  kvs: kvs(body['kvs']),
  count: number(body['count']),
  more: body['more'] === true,
})
const deletionIn = (body: Json) => ({ deleted: number(body['deleted']), prevKvs: kvs(body['prev_kvs']) })
const txnIn = (body: Json): TxnReply => ({
  succeeded: body['succeeded'] === true,
  replies: list(body['responses']).map(operationIn),
})

function operationIn(response: Json): OperationReply {
  const [[kind, body] = ['', {}]] = Object.entries(response) as [string, Json][]
  const { revision = 0 } = (body['header'] ?? {}) as { readonly revision?: number }
  if (kind === 'response_txn') return txnIn(body)
  if (kind === 'response_range') return { ...rangeIn(body), revision }
  return kind === 'response_delete_range' ? { ...deletionIn(body), revision } : { ...previous(body), revision }
}

const leaseIn = (body: Json) => ({ id: number(body['ID']), ttlSeconds: number(body['TTL']) })

const ANSWERS: Readonly<Record<string, (body: Json) => object>> = {
  '/v3/kv/range': rangeIn,
  '/v3/kv/put': previous,
  '/v3/kv/deleterange': deletionIn,
  '/v3/kv/txn': txnIn,
  '/v3/lease/grant': leaseIn,
  '/v3/lease/keepalive': leaseIn,
  '/v3/lease/timetolive': (body) => ({
    ...leaseIn(body),
    grantedTtlSeconds: number(body['grantedTTL']),
    keys: Array.isArray(body['keys']) ? body['keys'] : [],
  }),
  '/v3/lease/leases': (body) => ({ leases: list(body['leases']).map((each) => number(each['ID'])) }),
}

const eventIn = (event: Json): KeyEvent => ({
  type: event['type'] === 'DELETE' ? 'DELETE' : 'PUT',
  kv: keyValue(event['kv'] as Json),
  ...previous(event),
})

/** One message of a watch's stream: a line of the answer to `/v3/watch`. */
export function watchedFrom(wire: Json): EtcdWatched {
  const body = fromWire((wire['result'] ?? wire) as Json)
  const { revision = 0 } = (body['header'] ?? {}) as { readonly revision?: number }
  return {
    type: 'etcd.watched',
    revision,
    events: list(body['events']).map(eventIn),
    ...(body['created'] === true ? { created: true as const } : {}),
    ...(body['fragment'] === true ? { fragment: true as const } : {}),
    ...(body['canceled'] === true ? { canceled: String(body['cancel_reason'] ?? '') } : {}),
    ...(body['compact_revision'] === undefined ? {} : { compactRevision: number(body['compact_revision']) }),
  }
}
