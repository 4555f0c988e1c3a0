/** What an API server asks of etcd, and how it reads the answers. apiserver/pkg/storage/etcd3/store.go. */

import type { Status } from '../protocol/api.ts'
import type {
  EtcdAnswered,
  EtcdFailed,
  KeyRange,
  KeyValue,
  RangeReply,
  RangeRequest,
  TxnReply,
  TxnRequest,
} from '../protocol/etcd.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { versioned } from './frozen.ts'
import { internal } from './statuses.ts'

/** One stream tells of all: every key there is, so that the revision of the cache never lags behind a foreign write. */
export const ALL_KEYS: KeyRange = { key: '\0', rangeEnd: '\0' }

export const read = (key: string): RangeRequest => ({ type: 'etcd.Range', key })
/** Is etcd there at all? Whatever the answer, it is one. */
export const HEALTH: RangeRequest = read('/registry/health')
const unchanged = (key: string, revision: number) => ({ key, target: 'mod', result: 'equal', than: revision }) as const

/** Puts a value if the key is still as it was at that revision (0: absent); else tells what is there now. */
export const storing = (key: string, revision: number, value: unknown, lease: number | undefined): TxnRequest => ({
  type: 'etcd.Txn',
  compare: [unchanged(key, revision)],
  success: [{ type: 'etcd.Put', key, value, ...(lease === undefined ? {} : { lease }) }],
  failure: [read(key)],
})
export const removing = (key: string, revision: number): TxnRequest => ({
  type: 'etcd.Txn',
  compare: [unchanged(key, revision)],
  success: [{ type: 'etcd.DeleteRange', key }],
  failure: [read(key)],
})

export const tookIt = ({ reply }: EtcdAnswered): boolean => (reply as TxnReply).succeeded
const kvsOf = ({ reply }: EtcdAnswered): readonly KeyValue[] =>
  'kvs' in reply ? reply.kvs : (((reply as TxnReply).replies[0] as RangeReply | undefined)?.kvs ?? [])

/** The object in the answer to a read, or to a transaction that failed: as an API object of its revision. */
export function objectIn(event: EtcdAnswered): ApiObject | undefined {
  const kv = kvsOf(event)[0]
  return kv === undefined ? undefined : versioned(kv.value as ApiObject, kv.modRevision)
}

const OUT_OF_RANGE = 11
/** The revision asked for is no longer kept. */
export const compacted = ({ code, error }: EtcdFailed): boolean => code === OUT_OF_RANGE && error.includes('compacted')
export const failedAs = ({ error }: EtcdFailed): Status => internal(error)
/** What a gRPC client says when nobody listens, or when the connection broke under a call. */
export const lostAs = (reason: 'refused' | 'reset'): Status =>
  internal(
    reason === 'refused'
      ? 'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused"'
      : 'rpc error: code = Unavailable desc = error reading from server: EOF',
  )
