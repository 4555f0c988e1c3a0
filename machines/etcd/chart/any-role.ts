/**
 * What a member does in every role (raft.Step): a message of a later term makes a follower of it, one of an earlier
 * term is told so, and votes are given by the same rules.
 */
const becomeFollower = {
  guard: 'it is of a later term',
  target: '#etcd.serving.role.follower',
  actions: 'adopt the later term',
} as const

export const inAnyRole = {
  MsgPreVote: [
    { guard: 'it is not for us', actions: 'tell it that it is gone' },
    {
      guard: 'a fresh leader is known',
      description: 'Somebody lost sight of a leader whom we see: no reason for an election.',
    },
    { guard: 'candidate deserves a pre-vote', actions: 'grant the pre-vote' },
    { actions: 'refuse the pre-vote' },
  ],
  MsgVote: [
    { guard: 'it is not for us', actions: 'tell it that it is gone' },
    { guard: 'a fresh leader is known' },
    {
      guard: 'candidate of a later term deserves the vote',
      target: '#etcd.serving.role.follower',
      actions: ['adopt the later term', 'vote for the candidate'],
    },
    {
      guard: 'it is of a later term',
      target: '#etcd.serving.role.follower',
      actions: ['adopt the later term', 'refuse the vote'],
    },
    { guard: 'it is of an earlier term' },
    { guard: 'candidate deserves the vote', actions: 'vote for the candidate' },
    { actions: 'refuse the vote' },
  ],
  MsgApp: [
    {
      guard: 'it is of a later term',
      target: '#etcd.serving.role.follower.withLeader',
      actions: ['adopt the later term', 'follow the sender', 'take the entries'],
    },
    { guard: 'it is of an earlier term', actions: 'tell the sender the term' },
  ],
  MsgHeartbeat: [
    {
      guard: 'our log was lost',
      target: '#etcd.panicked',
      actions: 'adopt the later term',
      description: 'It tells of entries that we once said we had, and have not: our disk was lost.',
    },
    {
      guard: 'it is of a later term',
      target: '#etcd.serving.role.follower.withLeader',
      actions: ['adopt the later term', 'follow the sender', 'answer the heartbeat'],
    },
    { guard: 'it is of an earlier term', actions: 'tell the sender the term' },
  ],
  MsgSnap: {
    guard: 'it is of a later term',
    target: '#etcd.serving.role.follower.withLeader',
    actions: ['adopt the later term', 'follow the sender', 'take the snapshot'],
  },
  MsgAppResp: becomeFollower,
  MsgVoteResp: becomeFollower,
  MsgPreVoteResp: { ...becomeFollower, guard: 'a refusal of a later term' },
} as const

/** Somebody leads in this very term: who knew no leader, or stood for election, follows. */
export const followTheLeader = {
  MsgApp: {
    guard: 'it is of this term',
    target: '#etcd.serving.role.follower.withLeader',
    actions: ['follow the sender', 'take the entries'],
  },
  MsgHeartbeat: {
    guard: 'it is of this term and our log is whole',
    target: '#etcd.serving.role.follower.withLeader',
    actions: ['follow the sender', 'answer the heartbeat'],
  },
  MsgSnap: {
    guard: 'it is of this term',
    target: '#etcd.serving.role.follower.withLeader',
    actions: ['follow the sender', 'take the snapshot'],
  },
} as const

/** Leases, and whether a learner has caught up, are the leader's business. */
export const withoutLeader = {
  'etcd.MemberPromote': { actions: 'say that there is no leader' },
  'etcd.LeaseKeepAlive': { actions: 'say that there is no leader' },
  'etcd.LeaseTimeToLive': { actions: 'say that there is no leader' },
} as const
