/** All that a member may be told: by clients, by its peers, by its own timers, by the runtime. */
import { type RuntimeEvent, verbs } from '../../../runtime/contract.ts'
import type { EtcdAnswered, EtcdFailed, EtcdRequest, WatchProgressRequest, WatchRequest } from '../../protocol/etcd.ts'
import type { SnapshotRequest } from '../../protocol/etcd-admin.ts'
import type { RaftMembers, RaftMembersTold, RaftMessage, RaftProbe, RaftProbed } from '../../protocol/raft.ts'
import type { Context } from '../context.ts'

interface Timer {
  readonly type: 'election.due' | 'heartbeat.due' | 'lease.due' | 'request.overdue' | 'progress.due'
}
export type Events =
  | EtcdRequest
  | WatchRequest
  | WatchProgressRequest
  | SnapshotRequest
  | RaftMessage
  | RaftProbe
  | RaftProbed
  | RaftMembers
  | RaftMembersTold
  | EtcdAnswered
  | EtcdFailed
  | Timer
  | RuntimeEvent
export type Of<T> = Extract<Events, { type: T }>

export const { update, ask, decide, when, lasting } = verbs<Context, Events>()
