/**
 * The replicated state and what one committed entry makes of it (etcdserver/apply.go). A pure function, so all members
 * that apply the same entry to the same state share one result: its memory, and the work.
 */
import type {
  CompactRequest,
  DeleteRangeReply,
  DeleteRangeRequest,
  EtcdAnswered,
  EtcdFailed,
  EtcdReply,
  LeaseGrantRequest,
  LeaseRevokeRequest,
  OperationReply,
  PutReply,
  PutRequest,
  RangeRequest,
  TxnRequest,
} from '../protocol/etcd.ts'
import type { Proposal, WriteRequest } from '../protocol/raft.ts'
import * as failures from './failures.ts'
import { granted, type Leases, leaseOf, MAX_TTL_SECONDS, noLeases, revoked } from './lease/leases.ts'
import { ranged } from './mvcc/range.ts'
import { type Change, compacted, emptyStore, type Store, unreadable } from './mvcc/store.ts'
import { begun, committed, deleteRange, type Transaction } from './mvcc/transaction.ts'
import { chosenPath, done, leaseObstacle, obstacle } from './mvcc/txn.ts'

/** What all members hold alike once they have applied the same entries. */
export interface Replica {
  readonly store: Store
  readonly leases: Leases
}
export const emptyReplica: Replica = { store: emptyStore, leases: noLeases }

export interface Outcome {
  readonly replica: Replica
  readonly answer: EtcdAnswered | EtcdFailed
  /** What the transaction changed, in order; they are of the revision that the store has now. */
  readonly changes: readonly Change[]
}

/**
 * The last outcomes, whoever worked them out: members apply the same entries at nearly the same time. A ring and not a
 * WeakMap, whose entries cost the garbage collector more than the work they save. By revision, so that none grows old:
 * each holds a whole store, with all that was in it then.
 */
const recent: (readonly [replica: Replica, proposal: Proposal, outcome: Outcome] | undefined)[] = []
const RECENT = 128

/** @returns the same outcome, by reference, when the same proposal was lately applied to the same replica. */
export function applied(replica: Replica, proposal: Proposal): Outcome {
  const place = replica.store.revision % RECENT
  const before = recent[place]
  if (before !== undefined && before[0] === replica && before[1] === proposal) return before[2]
  const outcome = outcomeOf(replica, proposal.request)
  recent[place] = [replica, proposal, outcome]
  return outcome
}

function outcomeOf(replica: Replica, request: WriteRequest): Outcome {
  switch (request.type) {
    case 'etcd.Put':
    case 'etcd.DeleteRange':
      return alone(replica, request)
    case 'etcd.Txn':
      return written(replica, request, (reply) => reply)
    case 'etcd.Compact':
      return compaction(replica, request)
    case 'etcd.LeaseGrant':
      return grant(replica, request)
    case 'etcd.LeaseRevoke':
      return revocation(replica, request)
  }
}

/** A put or a deletion alone is a transaction of one. */
function alone(replica: Replica, request: PutRequest | DeleteRangeRequest): Outcome {
  const wrong = request.type === 'etcd.Put' ? leaseObstacle(replica.leases, request.lease) : undefined
  if (wrong !== undefined) return unchanged(replica, wrong)
  return written(replica, { type: 'etcd.Txn', compare: [], success: [request], failure: [] }, onlyReply)
}
function onlyReply(reply: OperationReply): EtcdReply {
  const [only] = (reply as { replies: readonly (PutReply | DeleteRangeReply)[] }).replies
  const { revision: _, ...bare } = only as PutReply | DeleteRangeReply
  return bare
}

function written(replica: Replica, request: TxnRequest, shown: (reply: OperationReply) => EtcdReply): Outcome {
  const { store, leases } = replica
  const path = chosenPath(store, request)
  const wrong = obstacle(store, leases, request, path)
  if (wrong !== undefined) return unchanged(replica, wrong)
  const transaction = begun(store, leases)
  const reply = done(transaction, request, path)
  if (failures.isFailure(reply)) return unchanged(replica, reply)
  return finished(transaction, shown(reply))
}

function finished(transaction: Transaction, reply: EtcdReply): Outcome {
  const store = committed(transaction)
  const answer: EtcdAnswered = { type: 'etcd.answered', revision: store.revision, reply }
  return { replica: { store, leases: transaction.leases }, answer, changes: transaction.changes }
}

const unchanged = (replica: Replica, answer: EtcdFailed): Outcome => ({ replica, answer, changes: [] })

function compaction(replica: Replica, { revision }: CompactRequest): Outcome {
  const { store } = replica
  if (revision <= store.compactRevision) return unchanged(replica, failures.compacted)
  if (revision > store.revision) return unchanged(replica, failures.futureRevision)
  return {
    replica: { ...replica, store: compacted(store, revision) },
    answer: { type: 'etcd.answered', revision: store.revision, reply: {} },
    changes: [],
  }
}

function grant(replica: Replica, { id, ttlSeconds }: LeaseGrantRequest): Outcome {
  if (ttlSeconds > MAX_TTL_SECONDS) return unchanged(replica, failures.leaseTooLong)
  if (leaseOf(replica.leases, id) !== undefined) return unchanged(replica, failures.leaseExists)
  const leases = granted(replica.leases, id, ttlSeconds)
  const reply = { id, ttlSeconds: leaseOf(leases, id)?.ttlSeconds ?? 0 }
  return {
    replica: { ...replica, leases },
    answer: { type: 'etcd.answered', revision: replica.store.revision, reply },
    changes: [],
  }
}

/** All that hangs on the lease is deleted in one revision. */
function revocation({ store, leases }: Replica, { id }: LeaseRevokeRequest): Outcome {
  const lease = leaseOf(leases, id)
  if (lease === undefined) return unchanged({ store, leases }, failures.leaseNotFound)
  const transaction = begun(store, leases)
  for (const key of lease.keys.keys()) deleteRange(transaction, { key })
  transaction.leases = revoked(transaction.leases, id)
  return finished(transaction, {})
}

/** Answers what only reads, from the replica as it is. */
export function read(replica: Replica, request: RangeRequest | TxnRequest): EtcdAnswered | EtcdFailed {
  const { store } = replica
  if (request.type === 'etcd.Txn') return written(replica, request, (reply) => reply).answer
  const { revision: at = 0 } = request
  const wrong = unreadable(store, at)
  if (wrong !== undefined) return wrong
  const reply = ranged(store.keys, request, at > 0 ? at : store.revision)
  return { type: 'etcd.answered', revision: store.revision, reply }
}
