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
import type {
  AlarmRequest,
  MemberAddRequest,
  MemberPromoteRequest,
  MemberRemoveRequest,
  MemberUpdateRequest,
} from './etcd-admin.ts'

/**
 * A member for ever: its address, and when it was not there from the beginning, `#` and the second in which it was
 * added. Who is removed and added again on an empty disk is somebody else: the votes of its former life do not bind it.
 */
export type MemberId = string

/** A member that was added has started: it tells its name. */
export interface PublishRequest {
  readonly type: 'etcd.Publish'
  readonly member: MemberId
  readonly name: string
}
/** As it was asked, with the identity that the new member will have. */
export interface AddRequest extends MemberAddRequest {
  readonly member: MemberId
}
/** One member more or less, or another right: any two successive majorities share a member. */
export type MembershipChange = AddRequest | MemberRemoveRequest | MemberUpdateRequest | MemberPromoteRequest

/** What goes through the log. */
export type WriteRequest =
  | MembershipChange
  | PublishRequest
  | AlarmRequest
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
  readonly addNode: MemberId
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
  readonly vote: MemberId | ''
  readonly commit: number
}

/** Left out where they are the addresses between which it goes: so among all who were there from the beginning. */
interface Between {
  readonly from?: MemberId
  readonly to?: MemberId
}

/** Would you vote for me in this term? Nobody's term changes. `index`, `logTerm`: the asker's last entry. */
export interface MsgPreVote extends Between {
  readonly type: 'MsgPreVote'
  readonly term: number
  readonly index: number
  readonly logTerm: number
}
/** A grant bears the term asked for, a refusal the term of the refuser. */
export interface MsgPreVoteResp extends Between {
  readonly type: 'MsgPreVoteResp'
  readonly term: number
  readonly reject: boolean
}
export interface MsgVote extends Between {
  readonly type: 'MsgVote'
  readonly term: number
  readonly index: number
  readonly logTerm: number
  /** The leader itself asked for this election: whoever hears of it need not wait until the leader is silent. */
  readonly isTransfer?: true
}
export interface MsgVoteResp extends Between {
  readonly type: 'MsgVoteResp'
  readonly term: number
  readonly reject: boolean
}
/** Entries that follow the one at (`index`, `logTerm`), and how far the log is committed. */
export interface MsgApp extends Between {
  readonly type: 'MsgApp'
  readonly term: number
  readonly index: number
  readonly logTerm: number
  readonly entries: readonly Entry[]
  readonly commit: number
}
/** Up to `index` the logs agree. Refused: they do not at `index`; the last place where they may is (`rejectHint`, `logTerm`). */
export interface MsgAppResp extends Between {
  readonly type: 'MsgAppResp'
  readonly term: number
  readonly index: number
  readonly reject: boolean
  readonly rejectHint: number
  readonly logTerm: number
}
/** `context` is returned as it came: by it a leader knows that it still led when a read was asked for. */
export interface MsgHeartbeat extends Between {
  readonly type: 'MsgHeartbeat'
  readonly term: number
  readonly commit: number
  readonly context: string
}
export interface MsgHeartbeatResp extends Between {
  readonly type: 'MsgHeartbeatResp'
  readonly term: number
  readonly context: string
}
export interface MsgSnap extends Between {
  readonly type: 'MsgSnap'
  readonly term: number
  readonly snapshot: Snapshot
}
/** Proposals that a follower passes on to the leader. */
export interface MsgProp extends Between {
  readonly type: 'MsgProp'
  readonly proposals: readonly Proposal[]
}
/** Up to where must I have applied, to read what is true now? */
export interface MsgReadIndex extends Between {
  readonly type: 'MsgReadIndex'
  readonly context: string
}
export interface MsgReadIndexResp extends Between {
  readonly type: 'MsgReadIndexResp'
  readonly term: number
  readonly index: number
  readonly context: string
}
/** The leader hands over: stand for election now. */
export interface MsgTimeoutNow extends Between {
  readonly type: 'MsgTimeoutNow'
  readonly term: number
}
/** You are no member any more (rafthttp's 410 Gone). */
export interface MemberGone extends Between {
  readonly type: 'member.gone'
}
/** Are you there? Answered by `raft.probed` (rafthttp's prober). */
export interface RaftProbe {
  readonly type: 'raft.Probe'
}
export interface RaftProbed {
  readonly type: 'raft.probed'
  /** For how long it has been up. */
  readonly upMs: number
}
/** One of the members, as raft knows it. */
export interface KnownMember {
  readonly id: MemberId
  readonly peerUrls: readonly string[]
  /** Empty until it has started. */
  readonly name: string
  readonly isLearner: boolean
  /** It has told the others through the log that it is there. */
  readonly isPublished: boolean
}
/** Who belongs to the cluster? (`GET /members` on the peers' port.) Answered by `raft.membersTold`; by nobody: an empty list. */
export interface RaftMembers {
  readonly type: 'raft.Members'
}
export interface RaftMembersTold {
  readonly type: 'raft.membersTold'
  readonly members: readonly KnownMember[]
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
  | MsgTimeoutNow
export type RaftMessage = TermMessage | MsgProp | MsgReadIndex | MemberGone
