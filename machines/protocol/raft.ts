/**
 * What etcd members say to each other: the messages of etcd's raft library (raftpb) under their own names. Each is a
 * plain `send`: it may be lost with the connection, and whoever needs it again says it again.
 */
import type { Address } from '../../runtime/contract.ts'
import type {
  CompactRequest,
  DeleteRangeRequest,
  LeaseGrantRequest,
  LeaseRevokeRequest,
  PutRequest,
  TxnRequest,
} from './etcd.ts'

/** What goes through the log. */
export type WriteRequest =
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | CompactRequest
  | LeaseGrantRequest
  | LeaseRevokeRequest
/** A request on its way through the log, and who will answer it: one life of one member, under a number of its own. */
export interface Proposal {
  readonly origin: Address
  readonly life: number
  readonly number: number
  readonly request: WriteRequest
}
/** A voter that was in the cluster from the beginning: the first entries of every log. */
export interface ConfChange {
  readonly addNode: Address
}
/** One line of the replicated log. Nothing to do: a new leader's first entry, by which it commits those before. */
export interface Entry {
  readonly index: number
  readonly term: number
  readonly data: Proposal | ConfChange | undefined
}
/** The applied state at one index, for members that are too far behind for the entries. `state` is opaque to raft. */
export interface Snapshot {
  readonly index: number
  readonly term: number
  readonly state: unknown
}
/** What a member must not forget: on disk before it answers. */
export interface HardState {
  readonly term: number
  readonly vote: Address | ''
  readonly commit: number
}

/** Would you vote for me in this term? Nobody's term changes. `index`, `logTerm`: the asker's last entry. */
export interface MsgPreVote {
  readonly type: 'MsgPreVote'
  readonly term: number
  readonly index: number
  readonly logTerm: number
}
/** A grant bears the term asked for, a refusal the term of the refuser. */
export interface MsgPreVoteResp {
  readonly type: 'MsgPreVoteResp'
  readonly term: number
  readonly reject: boolean
}
export interface MsgVote {
  readonly type: 'MsgVote'
  readonly term: number
  readonly index: number
  readonly logTerm: number
}
export interface MsgVoteResp {
  readonly type: 'MsgVoteResp'
  readonly term: number
  readonly reject: boolean
}
/** Entries that follow the one at (`index`, `logTerm`), and how far the log is committed. */
export interface MsgApp {
  readonly type: 'MsgApp'
  readonly term: number
  readonly index: number
  readonly logTerm: number
  readonly entries: readonly Entry[]
  readonly commit: number
}
/** Up to `index` the logs agree. Refused: they do not at `index`; the last place where they may is (`rejectHint`, `logTerm`). */
export interface MsgAppResp {
  readonly type: 'MsgAppResp'
  readonly term: number
  readonly index: number
  readonly reject: boolean
  readonly rejectHint: number
  readonly logTerm: number
}
/** `context` is returned as it came: by it a leader knows that it still led when a read was asked for. */
export interface MsgHeartbeat {
  readonly type: 'MsgHeartbeat'
  readonly term: number
  readonly commit: number
  readonly context: string
}
export interface MsgHeartbeatResp {
  readonly type: 'MsgHeartbeatResp'
  readonly term: number
  readonly context: string
}
export interface MsgSnap {
  readonly type: 'MsgSnap'
  readonly term: number
  readonly snapshot: Snapshot
}
/** Proposals that a follower passes on to the leader. */
export interface MsgProp {
  readonly type: 'MsgProp'
  readonly proposals: readonly Proposal[]
}
/** Up to where must I have applied, to read what is true now? */
export interface MsgReadIndex {
  readonly type: 'MsgReadIndex'
  readonly context: string
}
export interface MsgReadIndexResp {
  readonly type: 'MsgReadIndexResp'
  readonly term: number
  readonly index: number
  readonly context: string
}
/** Those that bear a term. */
export type TermMessage =
  | MsgPreVote
  | MsgPreVoteResp
  | MsgVote
  | MsgVoteResp
  | MsgApp
  | MsgAppResp
  | MsgHeartbeat
  | MsgHeartbeatResp
  | MsgSnap
  | MsgReadIndexResp
export type RaftMessage = TermMessage | MsgProp | MsgReadIndex
