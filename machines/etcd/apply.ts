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
import type { AlarmRequest, Member, MemberListRequest, MembersReply } from '../protocol/etcd-admin.ts'
import type { MemberId, MembershipChange, Proposal, PublishRequest, WriteRequest } from '../protocol/raft.ts'
import * as failures from './failures.ts'
import { granted, type Leases, leaseOf, MAX_TTL_SECONDS, noLeases, revoked } from './lease/leases.ts'
import { type Alarms, alarmed, forbidden } from './maintenance/alarms.ts'
import { numberOf } from './membership/identity.ts'
import { changed, listed, type Membership, nobody, objection, withFounder } from './membership/members.ts'
import { ranged } from './mvcc/range.ts'
import { type Change, compacted, emptyStore, type Store, unreadable } from './mvcc/store.ts'
import { begun, committed, deleteRange, type Transaction } from './mvcc/transaction.ts'
import { chosenPath, done, leaseObstacle, obstacle } from './mvcc/txn.ts'

/** What all members hold alike once they have applied the same entries. */
export interface Replica {
  readonly store: Store
  readonly leases: Leases
  readonly membership: Membership
  readonly alarms: Alarms
}
export const emptyReplica: Replica = { store: emptyStore, leases: noLeases, membership: nobody, alarms: [] }

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

/** The lately founded clusters, so that the members of one hold the same replica, by reference. */
const founded = new Map<string, Replica>()

/** A cluster's first entries name its members. Nothing comes between them. */
export function withMember(replica: Replica, member: MemberId): Replica {
  const { members } = replica.membership
  if (members.some(({ id }) => id === member)) return replica
  const name = `${members.map(({ id }) => id)} ${member}`
  const known = founded.get(name) ?? { ...replica, membership: withFounder(replica.membership, member) }
  if (founded.size >= RECENT) founded.clear()
  founded.set(name, known)
  return known
}

function outcomeOf(replica: Replica, request: WriteRequest): Outcome {
  const no = forbidden(replica.alarms, request)
  if (no !== undefined) return unchanged(replica, no)
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
    case 'etcd.Alarm':
      return alarm(replica, request)
    case 'etcd.Publish':
      return published(replica, request)
    default:
      return reconfigured(replica, request)
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

function written(replica: Replica, request: TxnRequest, told: (reply: OperationReply) => EtcdReply): Outcome {
  const { store, leases } = replica
  const path = chosenPath(store, request)
  const wrong = obstacle(store, leases, request, path)
  if (wrong !== undefined) return unchanged(replica, wrong)
  const transaction = begun(store, leases)
  const reply = done(transaction, request, path)
  if (failures.isFailure(reply)) return unchanged(replica, reply)
  return finished(replica, transaction, told(reply))
}

function finished(replica: Replica, transaction: Transaction, reply: EtcdReply): Outcome {
  const store = committed(transaction)
  const answer: EtcdAnswered = { type: 'etcd.answered', revision: store.revision, reply }
  const { membership, alarms } = replica
  return {
    replica: { store, leases: transaction.leases, membership, alarms },
    answer,
    changes: transaction.changes,
  }
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
function revocation(replica: Replica, { id }: LeaseRevokeRequest): Outcome {
  const { store, leases } = replica
  const lease = leaseOf(leases, id)
  if (lease === undefined) return unchanged(replica, failures.leaseNotFound)
  const transaction = begun(store, leases)
  for (const key of lease.keys.keys()) deleteRange(transaction, { key })
  transaction.leases = revoked(transaction.leases, id)
  return finished(replica, transaction, {})
}

function alarm(replica: Replica, request: AlarmRequest): Outcome {
  const [alarms, told] = alarmed(replica.alarms, request)
  const now = alarms === replica.alarms ? replica : { ...replica, alarms }
  return settled(now, { alarms: told })
}

/** A change to which there is an objection takes its place in the log all the same, and changes nothing. */
function reconfigured(replica: Replica, request: MembershipChange): Outcome {
  const wrong = objection(replica.membership, request)
  if (wrong !== undefined) return unchanged(replica, wrong)
  const membership = changed(replica.membership, request)
  return settled({ ...replica, membership }, listing(membership, request))
}
function listing(membership: Membership, request: MembershipChange): MembersReply {
  const members = listed(membership)
  if (request.type !== 'etcd.MemberAdd') return { members }
  return { members, member: members.find(({ id }) => id === numberOf(request.member)) as Member }
}
const published = (replica: Replica, request: PublishRequest): Outcome =>
  settled({ ...replica, membership: changed(replica.membership, request) }, {})

const settled = (replica: Replica, reply: EtcdReply): Outcome => ({
  replica,
  answer: { type: 'etcd.answered', revision: replica.store.revision, reply },
  changes: [],
})

/** Answers what only reads, from the replica as it is. */
export function read(
  replica: Replica,
  request: RangeRequest | TxnRequest | MemberListRequest,
): EtcdAnswered | EtcdFailed {
  const { store } = replica
  if (request.type === 'etcd.MemberList') return settled(replica, { members: listed(replica.membership) }).answer
  if (request.type === 'etcd.Txn') return written(replica, request, (reply) => reply).answer
  const { revision: at = 0 } = request
  const wrong = unreadable(store, at)
  if (wrong !== undefined) return wrong
  const reply = ranged(store.keys, request, at > 0 ? at : store.revision)
  return { type: 'etcd.answered', revision: store.revision, reply }
}
