/** What an administrator asks of an etcd member: the Cluster and Maintenance services of the v3 API, and `/health`. */

/** As the API tells of it. A member without a name was added and has never been started. */
export interface Member {
  readonly id: number
  readonly name: string
  readonly peerUrls: readonly string[]
  readonly clientUrls: readonly string[]
  /** It follows, and has no vote yet. */
  readonly isLearner: boolean
}

export interface MemberAddRequest {
  readonly type: 'etcd.MemberAdd'
  /** `http://host:port`; the host is where the member lives. */
  readonly peerUrls: readonly string[]
  readonly isLearner?: boolean
}
export interface MemberRemoveRequest {
  readonly type: 'etcd.MemberRemove'
  readonly id: number
}
export interface MemberUpdateRequest {
  readonly type: 'etcd.MemberUpdate'
  readonly id: number
  readonly peerUrls: readonly string[]
}
/** Makes a voter of a learner. */
export interface MemberPromoteRequest {
  readonly type: 'etcd.MemberPromote'
  readonly id: number
}
export interface MemberListRequest {
  readonly type: 'etcd.MemberList'
  readonly linearizable?: boolean
}

export interface StatusRequest {
  readonly type: 'etcd.Status'
}
/** A number that is the same wherever the same keys have the same history up to a revision (0: the present one). */
export interface HashKvRequest {
  readonly type: 'etcd.HashKV'
  readonly revision: number
}
export interface DefragmentRequest {
  readonly type: 'etcd.Defragment'
}
export type AlarmKind = 'none' | 'nospace' | 'corrupt'
export interface AlarmRequest {
  readonly type: 'etcd.Alarm'
  readonly action: 'get' | 'activate' | 'deactivate'
  /** Whose alarm. 0: nobody's, which disarms nothing. */
  readonly memberId: number
  /** `none` asks for alarms of every kind. */
  readonly alarm: AlarmKind
}
/** A stream: the whole store in parts, and at last their digest. */
export interface SnapshotRequest {
  readonly type: 'etcd.Snapshot'
}
export interface MoveLeaderRequest {
  readonly type: 'etcd.MoveLeader'
  readonly targetId: number
}
/** `GET /health` on the client's port. */
export interface HealthRequest {
  readonly type: 'etcd.Health'
  /** Alarms that do not count. */
  readonly exclude?: readonly string[]
  readonly serializable?: boolean
}

export type AdminRequest =
  | MemberAddRequest
  | MemberRemoveRequest
  | MemberUpdateRequest
  | MemberPromoteRequest
  | MemberListRequest
  | StatusRequest
  | HashKvRequest
  | DefragmentRequest
  | AlarmRequest
  | MoveLeaderRequest
  | HealthRequest

export interface MembersReply {
  readonly members: readonly Member[]
  /** The one that was added. */
  readonly member?: Member
}
export interface StatusReply {
  readonly version: string
  /** The leader's id; 0 when none is known. */
  readonly leader: number
  readonly raftIndex: number
  readonly raftAppliedIndex: number
  readonly raftTerm: number
  readonly dbSize: number
  readonly dbSizeInUse: number
  readonly isLearner: boolean
  readonly errors: readonly string[]
}
export interface HashKvReply {
  readonly hash: number
  readonly compactRevision: number
}
export interface Alarm {
  readonly memberId: number
  readonly alarm: AlarmKind
}
export interface AlarmReply {
  readonly alarms: readonly Alarm[]
}
export interface HealthReply {
  readonly health: 'true' | 'false'
  readonly reason: string
}
export type AdminReply = MembersReply | StatusReply | HashKvReply | AlarmReply | HealthReply

/** One part of a snapshot. `remaining`: how many keys follow. The last bears the digest. */
export interface SnapshotPart {
  readonly type: 'etcd.snapshotPart'
  readonly revision: number
  readonly remaining: number
  readonly changes: readonly unknown[]
  readonly digest?: number
}
