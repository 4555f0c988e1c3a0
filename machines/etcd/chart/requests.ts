/** What clients ask for, whatever role the member plays. */
const REFUSED = { guard: 'request is malformed', actions: 'refuse it' } as const
const OVER_QUOTA = { guard: 'it does not fit into the quota', actions: 'raise the alarm' } as const
const TOO_LARGE = { guard: 'it does not fit into the log', actions: 'refuse it: too large' } as const
const PROPOSED = { actions: 'propose it' } as const
const CHANGE_OF_MEMBERS = [
  { guard: 'change is refused', actions: 'refuse the change' },
  { actions: 'queue the change' },
] as const

export const requests = {
  'etcd.Put': [REFUSED, OVER_QUOTA, TOO_LARGE, PROPOSED],
  'etcd.DeleteRange': [REFUSED, PROPOSED],
  'etcd.Compact': PROPOSED,
  'etcd.LeaseGrant': [OVER_QUOTA, PROPOSED],
  'etcd.LeaseRevoke': PROPOSED,
  'etcd.Txn': [
    REFUSED,
    { guard: 'only reads, and at once', actions: 'read and answer' },
    { guard: 'only reads', actions: 'queue the read' },
    OVER_QUOTA,
    TOO_LARGE,
    PROPOSED,
  ],
  'etcd.Range': [REFUSED, { guard: 'may be read at once', actions: 'read and answer' }, { actions: 'queue the read' }],
  'etcd.LeaseLeases': { actions: 'list the leases' },

  'etcd.MemberList': [
    { guard: 'members may be told at once', actions: 'read and answer' },
    { actions: 'queue the read' },
  ],
  'etcd.MemberAdd': CHANGE_OF_MEMBERS,
  'etcd.MemberRemove': CHANGE_OF_MEMBERS,
  'etcd.MemberUpdate': [{ guard: 'change is refused', actions: 'refuse the change' }, PROPOSED],
  'etcd.MoveLeader': { actions: 'say that it is not the leader' },
  'etcd.Status': { actions: 'tell the status' },
  'etcd.HashKV': { actions: 'tell the hash' },
  'etcd.Defragment': { actions: 'defragment' },
  'etcd.Snapshot': { actions: 'send the store' },
  'etcd.Alarm': PROPOSED,
  'etcd.Health': [{ guard: 'health is known at once', actions: 'tell the health' }, { actions: 'queue the read' }],
  'raft.Probe': { actions: 'say for how long it has been up' },
  'raft.Members': { actions: 'tell who belongs to the cluster' },

  'request.overdue': { actions: 'fail what is overdue' },
  'etcd.answered': { actions: 'give the answer back' },
  'etcd.failed': { actions: 'give the answer back' },
  'call.lost': { actions: 'give up asking' },
} as const

/** A learner serves reads that may be stale, and its status; the rest belongs to who has a vote (the gRPC interceptor). */
const NOT_FOR_LEARNERS = { actions: 'refuse it: not for learners' } as const
export const requestsToLearner = {
  'etcd.Put': NOT_FOR_LEARNERS,
  'etcd.DeleteRange': NOT_FOR_LEARNERS,
  'etcd.Txn': NOT_FOR_LEARNERS,
  'etcd.Compact': NOT_FOR_LEARNERS,
  'etcd.LeaseGrant': NOT_FOR_LEARNERS,
  'etcd.LeaseRevoke': NOT_FOR_LEARNERS,
  'etcd.LeaseKeepAlive': NOT_FOR_LEARNERS,
  'etcd.LeaseTimeToLive': NOT_FOR_LEARNERS,
  'etcd.LeaseLeases': NOT_FOR_LEARNERS,
  'etcd.Range': [REFUSED, { guard: 'it may be stale', actions: 'read and answer' }, NOT_FOR_LEARNERS],
  'etcd.MemberList': NOT_FOR_LEARNERS,
  'etcd.MemberAdd': NOT_FOR_LEARNERS,
  'etcd.MemberRemove': NOT_FOR_LEARNERS,
  'etcd.MemberUpdate': NOT_FOR_LEARNERS,
  'etcd.MemberPromote': NOT_FOR_LEARNERS,
  'etcd.MoveLeader': NOT_FOR_LEARNERS,
  'etcd.HashKV': NOT_FOR_LEARNERS,
  'etcd.Defragment': NOT_FOR_LEARNERS,
  'etcd.Alarm': NOT_FOR_LEARNERS,
} as const
