/**
 * The JSON form of the v3 API (grpc-gateway, `POST /v3/…`), as pure functions: a path and a JSON body become a word of
 * the protocol, an answer becomes JSON. Keys and values are plain text here, numbers numbers; whoever speaks to real
 * clients puts base64 and decimal strings around it. Zero and empty fields are absent, as on the wire.
 */
import type {
  Compare,
  DeleteRangeReply,
  EtcdAnswered,
  EtcdFailed,
  EtcdReply,
  EtcdRequest,
  EtcdWatched,
  KeyEvent,
  KeyValue,
  LeaseLeasesReply,
  LeaseReply,
  LeaseTimeToLiveReply,
  Operation,
  OperationReply,
  PutReply,
  PutRequest,
  RangeReply,
  RangeRequest,
  TxnReply,
  TxnRequest,
  WatchRequest,
} from '../protocol/etcd.ts'
import { ADMIN_READERS, ADMIN_WRITERS } from './door/admin.ts'
import { fromWire, type Json, toWire } from './door/wire.ts'

export type { Json }

/** @returns undefined when there is nothing at that path. */
export function requestAt(path: string, body: Json): EtcdRequest | WatchRequest | undefined {
  return (READERS[ALIASES[path] ?? path] ?? ADMIN_READERS[path])?.(body)
}
/** Where they stood before 3.4, and still are. */
const ALIASES: Readonly<Record<string, string>> = {
  '/v3/kv/lease/revoke': '/v3/lease/revoke',
  '/v3/kv/lease/timetolive': '/v3/lease/timetolive',
  '/v3/kv/lease/leases': '/v3/lease/leases',
}

/** The same from what a client sent. @throws a sentence where something is no base64 */
export const requestFrom = (path: string, wire: Json): EtcdRequest | WatchRequest | undefined =>
  requestAt(path, (fromWire(wire)['create_request'] ?? fromWire(wire)) as Json)

/** What a client is sent: the status of HTTP and the body. Those of streams stand in `result`. */
export function responseTo(path: string, answer: EtcdAnswered | EtcdFailed) {
  const { status = 200, ...json } = jsonOf(path, answer)
  if (answer.type === 'etcd.failed') return { status: status as number, body: { ...json, message: answer.error } }
  return { status: 200, body: STREAMS.has(path) ? { result: toWire(json) } : toWire(json) }
}
const STREAMS: ReadonlySet<string> = new Set(['/v3/lease/keepalive', '/v3/watch'])
/** One line of the answer to a watch. */
export const lineOf = (watched: EtcdWatched): Json => ({ result: toWire(jsonOfWatched(watched)) })

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number => Number(value ?? 0)
const lower = (value: unknown): string => text(value).toLowerCase().replace('_', '-')
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])

const keys = (body: Json) => ({ key: text(body['key']), rangeEnd: text(body['range_end']) })

const readRange = (body: Json): RangeRequest => ({
  type: 'etcd.Range',
  ...keys(body),
  revision: number(body['revision']),
  limit: number(body['limit']),
  keysOnly: body['keys_only'] === true,
  countOnly: body['count_only'] === true,
  serializable: body['serializable'] === true,
  sortOrder: (lower(body['sort_order']) || 'none') as NonNullable<RangeRequest['sortOrder']>,
  sortTarget: (lower(body['sort_target']) || 'key') as NonNullable<RangeRequest['sortTarget']>,
  minModRevision: number(body['min_mod_revision']),
  maxModRevision: number(body['max_mod_revision']),
  minCreateRevision: number(body['min_create_revision']),
  maxCreateRevision: number(body['max_create_revision']),
})
const readPut = (body: Json): PutRequest => ({
  type: 'etcd.Put',
  key: text(body['key']),
  value: text(body['value']),
  lease: number(body['lease']),
  prevKv: body['prev_kv'] === true,
  ignoreValue: body['ignore_value'] === true,
  ignoreLease: body['ignore_lease'] === true,
})
const readDelete = (body: Json) => ({
  type: 'etcd.DeleteRange' as const,
  ...keys(body),
  prevKv: body['prev_kv'] === true,
})
const readTxn = (body: Json): TxnRequest => ({
  type: 'etcd.Txn',
  compare: list(body['compare']).map(readCompare),
  success: list(body['success']).map(readOperation),
  failure: list(body['failure']).map(readOperation),
})

function readOperation(operation: Json): Operation {
  for (const [field, read] of Object.entries(OPERATIONS)) {
    const body = operation[field]
    if (body !== undefined) return read(body as Json)
  }
  throw new Error(`an operation is one of ${Object.keys(OPERATIONS).join(', ')}`)
}
const OPERATIONS: Readonly<Record<string, (body: Json) => Operation>> = {
  request_range: readRange,
  request_put: readPut,
  request_delete_range: readDelete,
  request_txn: readTxn,
}

/** The field that a comparison bears what it compares with in, by target. */
const THAN: Record<Compare['target'], string> = {
  version: 'version',
  create: 'create_revision',
  mod: 'mod_revision',
  value: 'value',
  lease: 'lease',
}
function readCompare(body: Json): Compare {
  const target = (lower(body['target']) || 'version') as Compare['target']
  const than = body[THAN[target]]
  return {
    ...keys(body),
    target,
    result: (lower(body['result']) || 'equal') as Compare['result'],
    than: target === 'value' ? text(than) : number(than),
  }
}

function readWatch(body: Json): WatchRequest {
  const filters = Array.isArray(body['filters']) ? body['filters'].map(lower) : []
  return {
    type: 'etcd.Watch',
    ...keys(body),
    startRevision: number(body['start_revision']),
    prevKv: body['prev_kv'] === true,
    progressNotify: body['progress_notify'] === true,
    filters: filters as NonNullable<WatchRequest['filters']>,
    fragment: body['fragment'] === true,
  }
}

const id = (body: Json): number => number(body['ID'])

const READERS: Readonly<Record<string, (body: Json) => EtcdRequest | WatchRequest>> = {
  '/v3/kv/range': readRange,
  '/v3/kv/put': readPut,
  '/v3/kv/deleterange': readDelete,
  '/v3/kv/txn': readTxn,
  '/v3/kv/compaction': (body) => ({ type: 'etcd.Compact', revision: number(body['revision']) }),
  '/v3/lease/grant': (body) => ({ type: 'etcd.LeaseGrant', id: id(body), ttlSeconds: number(body['TTL']) }),
  '/v3/lease/revoke': (body) => ({ type: 'etcd.LeaseRevoke', id: id(body) }),
  '/v3/lease/keepalive': (body) => ({ type: 'etcd.LeaseKeepAlive', id: id(body) }),
  '/v3/lease/timetolive': (body) => ({ type: 'etcd.LeaseTimeToLive', id: id(body), keys: body['keys'] === true }),
  '/v3/lease/leases': () => ({ type: 'etcd.LeaseLeases' }),
  '/v3/watch': readWatch,
}

/** The body of the HTTP answer to what stood at a path. */
export function jsonOf(path: string, answer: EtcdAnswered | EtcdFailed): Json {
  if (answer.type === 'etcd.failed') return { status: HTTP_STATUS[answer.code], code: answer.code, error: answer.error }
  return present({ header: { revision: answer.revision }, ...writerAt(path)?.(answer.reply as never) })
}
const writerAt = (path: string) => WRITERS[ALIASES[path] ?? path] ?? ADMIN_WRITERS[path]
/** grpc-gateway's HTTPStatusFromCode */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  2: 500,
  3: 400,
  5: 404,
  8: 429,
  9: 400,
  11: 400,
  14: 503,
}

/** A message without its zero and empty fields; the header stays even when it is empty. */
function present(message: Json): Json {
  const isThere = ([, value]: [string, unknown]): boolean =>
    value !== undefined &&
    value !== 0 &&
    value !== '' &&
    value !== false &&
    !(Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(message).filter(isThere))
}

export const jsonOfKeyValue = ({ key, value, createRevision, modRevision, version, lease }: KeyValue): Json =>
  present({ key, value, create_revision: createRevision, mod_revision: modRevision, version, lease })
const keyValueOrNone = (kv: KeyValue | undefined) => kv && jsonOfKeyValue(kv)

const writeRange = ({ kvs, count, more }: RangeReply): Json => ({ kvs: kvs.map(jsonOfKeyValue), count, more })
const writePut = ({ prevKv }: PutReply): Json => ({ prev_kv: keyValueOrNone(prevKv) })
const writeDelete = ({ deleted, prevKvs }: DeleteRangeReply): Json => ({
  deleted,
  prev_kvs: prevKvs.map(jsonOfKeyValue),
})
const writeTxn = ({ succeeded, replies }: TxnReply): Json => ({ succeeded, responses: replies.map(writeOperation) })

function writeOperation(reply: OperationReply): Json {
  if ('succeeded' in reply) return { response_txn: present({ header: {}, ...writeTxn(reply) }) }
  const header = present({ revision: reply.revision })
  if ('kvs' in reply) return { response_range: present({ header, ...writeRange(reply) }) }
  if ('deleted' in reply) return { response_delete_range: present({ header, ...writeDelete(reply) }) }
  return { response_put: present({ header, ...writePut(reply) }) }
}

const writeLease = ({ id: ID, ttlSeconds: TTL }: LeaseReply): Json => ({ ID, TTL })

const WRITERS: Readonly<Record<string, (reply: never) => Json>> = {
  '/v3/kv/range': writeRange,
  '/v3/kv/put': writePut,
  '/v3/kv/deleterange': writeDelete,
  '/v3/kv/txn': writeTxn,
  '/v3/lease/grant': writeLease,
  '/v3/lease/keepalive': writeLease,
  '/v3/lease/timetolive': (reply: LeaseTimeToLiveReply) => ({
    ...writeLease(reply),
    grantedTTL: reply.grantedTtlSeconds,
    keys: reply.keys,
  }),
  '/v3/lease/leases': ({ leases }: LeaseLeasesReply) => ({ leases: leases.map((ID) => ({ ID })) }),
} satisfies Readonly<Record<string, (reply: never) => Json>> as Readonly<Record<string, (reply: EtcdReply) => Json>>

/** An event of a watch. A put is the kind that is not named. */
export const jsonOfEvent = ({ type, kv, prevKv }: KeyEvent): Json =>
  present({ type: type === 'PUT' ? undefined : type, kv: jsonOfKeyValue(kv), prev_kv: keyValueOrNone(prevKv) })

export const jsonOfWatched = ({ revision, events, created, canceled, compactRevision, fragment }: EtcdWatched): Json =>
  present({
    header: { revision },
    created,
    canceled: canceled !== undefined,
    cancel_reason: canceled,
    compact_revision: compactRevision,
    fragment,
    events: events.map(jsonOfEvent),
  })
