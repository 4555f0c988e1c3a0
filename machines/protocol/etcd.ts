/**
 * The conversation with an etcd member: the v3 API's own requests and replies. A request is a `call` answered by
 * `etcd.answered` or `etcd.failed`; a watch is a `stream` of `etcd.watched`. Keys are text, values are opaque.
 */
import type { AdminReply, AdminRequest } from './etcd-admin.ts'

/** `rangeEnd` absent: the one key. `'\0'`: from the key to the end. Else: keys in [key, rangeEnd). */
export interface KeyRange {
  readonly key: string
  readonly rangeEnd?: string
}
/** The end of the range of all keys that start with a prefix: `/a/` → `/a0`. */
export const prefixEnd = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)

export interface KeyValue {
  readonly key: string
  /** Frozen JSON or text: etcd never looks inside. */
  readonly value: unknown
  readonly createRevision: number
  readonly modRevision: number
  readonly version: number
  readonly lease?: number
}

export interface RangeRequest extends KeyRange {
  readonly type: 'etcd.Range'
  readonly revision?: number
  readonly limit?: number
  readonly keysOnly?: boolean
  readonly countOnly?: boolean
  /** Answered from this member's own store without asking a quorum: possibly stale. */
  readonly serializable?: boolean
  /** Ascending by key when absent; another target than the key sorts ascending when no order is named. */
  readonly sortOrder?: 'none' | 'ascend' | 'descend'
  readonly sortTarget?: 'key' | 'version' | 'create' | 'mod' | 'value'
  readonly minModRevision?: number
  readonly maxModRevision?: number
  readonly minCreateRevision?: number
  readonly maxCreateRevision?: number
}
export interface PutRequest {
  readonly type: 'etcd.Put'
  readonly key: string
  readonly value: unknown
  readonly lease?: number
  readonly prevKv?: boolean
  /** Keeps the value (the lease) that the key has; fails when there is no such key. */
  readonly ignoreValue?: boolean
  readonly ignoreLease?: boolean
}
export interface DeleteRangeRequest extends KeyRange {
  readonly type: 'etcd.DeleteRange'
  readonly prevKv?: boolean
}
export interface Compare extends KeyRange {
  readonly target: 'version' | 'create' | 'mod' | 'value' | 'lease'
  readonly result: 'equal' | 'greater' | 'less' | 'not-equal'
  readonly than: unknown
}
export interface TxnRequest {
  readonly type: 'etcd.Txn'
  readonly compare: readonly Compare[]
  readonly success: readonly Operation[]
  readonly failure: readonly Operation[]
}
export type Operation = RangeRequest | PutRequest | DeleteRangeRequest | TxnRequest
export interface CompactRequest {
  readonly type: 'etcd.Compact'
  readonly revision: number
}
export interface LeaseGrantRequest {
  readonly type: 'etcd.LeaseGrant'
  readonly ttlSeconds: number
  /** 0: etcd picks one. */
  readonly id: number
}
export interface LeaseRevokeRequest {
  readonly type: 'etcd.LeaseRevoke'
  readonly id: number
}
export interface LeaseKeepAliveRequest {
  readonly type: 'etcd.LeaseKeepAlive'
  readonly id: number
}
export interface LeaseTimeToLiveRequest {
  readonly type: 'etcd.LeaseTimeToLive'
  readonly id: number
  /** Also tells the keys that hang on the lease. */
  readonly keys?: boolean
}
export interface LeaseLeasesRequest {
  readonly type: 'etcd.LeaseLeases'
}
export type EtcdRequest =
  | Operation
  | CompactRequest
  | LeaseGrantRequest
  | LeaseRevokeRequest
  | LeaseKeepAliveRequest
  | LeaseTimeToLiveRequest
  | LeaseLeasesRequest
  | AdminRequest

/** Inside a transaction's reply, `revision` is that of the single operation. */
interface OfOperation {
  readonly revision?: number
}
export interface RangeReply extends OfOperation {
  readonly kvs: readonly KeyValue[]
  readonly count: number
  readonly more: boolean
}
export interface PutReply extends OfOperation {
  readonly prevKv?: KeyValue
}
export interface DeleteRangeReply extends OfOperation {
  readonly deleted: number
  readonly prevKvs: readonly KeyValue[]
}
export interface TxnReply {
  readonly succeeded: boolean
  readonly replies: readonly OperationReply[]
}
export type OperationReply = RangeReply | PutReply | DeleteRangeReply | TxnReply
export interface LeaseReply {
  readonly id: number
  /** What is left of it; -1: there is no such lease. */
  readonly ttlSeconds: number
}
export interface LeaseTimeToLiveReply extends LeaseReply {
  readonly grantedTtlSeconds: number
  readonly keys: readonly string[]
}
export interface LeaseLeasesReply {
  readonly leases: readonly number[]
}

export type EtcdReply =
  | OperationReply
  | LeaseReply
  | LeaseTimeToLiveReply
  | LeaseLeasesReply
  | AdminReply
  | Record<string, never>
/** The revision of the store when it was answered, and the reply in the shape of the request. */
export interface EtcdAnswered {
  readonly type: 'etcd.answered'
  readonly revision: number
  readonly reply: EtcdReply
}
/** `code` is gRPC's (5 NotFound, 8 ResourceExhausted, 11 OutOfRange, 14 Unavailable …); `error` etcd's own text. */
export interface EtcdFailed {
  readonly type: 'etcd.failed'
  readonly code: number
  readonly error: string
}

/** Opens a watch, with a `stream`. From the next revision when `startRevision` is absent. */
export interface WatchRequest extends KeyRange {
  readonly type: 'etcd.Watch'
  readonly startRevision?: number
  readonly prevKv?: boolean
  readonly progressNotify?: boolean
  /** Events that are not wanted. */
  readonly filters?: readonly ('noput' | 'nodelete')[]
  /** A response larger than a request may be comes in parts. Else in one piece, however large. */
  readonly fragment?: boolean
}
/**
 * Asks, with a `send`, for a progress notification on the watches that the sender has open on this key or prefix: an
 * `etcd.watched` without events, once all events up to its revision were pushed. A watch that is behind tells nothing.
 */
export interface WatchProgressRequest {
  readonly type: 'etcd.WatchProgress'
  readonly key: string
}
export interface KeyEvent {
  readonly type: 'PUT' | 'DELETE'
  /** Of a deletion: the key and `modRevision` of the deletion only. */
  readonly kv: KeyValue
  readonly prevKv?: KeyValue
}
/** All events of one revision are in one response, unless it is in fragments. No events: progress, or `created`. */
export interface EtcdWatched {
  readonly type: 'etcd.watched'
  readonly revision: number
  readonly events: readonly KeyEvent[]
  readonly created?: true
  /** More of the same response follows; its revision is reached with the last part only. */
  readonly fragment?: true
  /** The watch is over; `compactRevision` when its start has been compacted away. */
  readonly canceled?: string
  readonly compactRevision?: number
}
