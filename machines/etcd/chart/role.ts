/** Raft: who leads, and who follows whom. */
import { followTheLeader, inAnyRole, withoutLeaderNoLease } from './any-role.ts'
import { words } from './words.ts'

const follower = words.createStateConfig({
  description: 'Takes what the leader sends. When nothing is heard for an election timeout, it may stand.',
  entry: 'start the election clock',
  initial: 'withoutLeader',
  on: {
    'election.due': [
      { guard: 'election timeout has passed', target: 'preCandidate' },
      {
        actions: 'sleep on',
        description: 'A leader was heard since the clock was wound: it runs from then.',
      },
    ],
  },
  states: {
    withoutLeader: {
      description: 'Writes wait here until a leader is known.',
      on: { ...followTheLeader, ...withoutLeaderNoLease },
    },
    withLeader: {
      description: "Clients' writes and leases are the leader's business: they are passed on to it.",
      always: { guard: 'proposals are waiting', actions: 'forward the proposals' },
      on: {
        MsgHeartbeat: { guard: 'it is of this term and our log is whole', actions: 'answer the heartbeat' },
        MsgApp: { guard: 'it is of this term', actions: ['follow the sender', 'take the entries'] },
        MsgSnap: { guard: 'it is of this term', actions: ['follow the sender', 'take the snapshot'] },
        'etcd.LeaseKeepAlive': { actions: 'ask the leader' },
        'etcd.LeaseTimeToLive': { actions: 'ask the leader' },
      },
    },
  },
})

const preCandidate = words.createStateConfig({
  description: 'Asks whether it would win, before it raises the term: who cannot win disturbs nobody.',
  entry: 'ask whether it would win',
  always: [
    { guard: 'a quorum is for it', target: 'candidate' },
    { guard: 'a quorum is against it', target: 'follower' },
  ],
  on: {
    MsgPreVoteResp: [
      { guard: 'it answers our pre-vote', actions: 'count the vote' },
      { guard: 'a refusal of a later term', target: 'follower', actions: 'adopt the later term' },
    ],
    'election.due': { target: 'preCandidate', reenter: true },
    ...followTheLeader,
    ...withoutLeaderNoLease,
  },
})

const candidate = words.createStateConfig({
  description: 'A new term has begun with a vote for itself. One vote a member and term: two cannot both win.',
  entry: 'stand for election',
  always: [
    { guard: 'a quorum is for it', target: 'leader' },
    { guard: 'a quorum is against it', target: 'follower' },
  ],
  on: {
    MsgVoteResp: { guard: 'it is of this term', actions: 'count the vote' },
    'election.due': 'preCandidate',
    ...followTheLeader,
    ...withoutLeaderNoLease,
  },
})

const leader = words.createStateConfig({
  description: 'Orders all writes in its log, and copies the log to the others. A write holds once a majority has it.',
  entry: ['take the lead', 'look after the leases'],
  exit: 'stop leading',
  always: { guard: 'proposals are waiting', actions: 'append the proposals' },
  on: {
    MsgProp: { actions: 'append what was forwarded' },
    MsgAppResp: [
      { guard: 'logs do not agree there', actions: 'go back to where logs may agree' },
      { guard: 'it is of this term', actions: 'count the acknowledgement' },
      { guard: 'it is of a later term', target: 'follower', actions: 'adopt the later term' },
    ],
    MsgHeartbeatResp: [
      { guard: 'follower is in step' },
      { guard: 'it is of this term', actions: 'note that it lives' },
    ],
    'heartbeat.due': [
      {
        guard: 'quorum was silent for an election timeout',
        target: 'follower',
        description: 'Others may have elected somebody else behind our back: a read here could be stale.',
      },
      { actions: 'send heartbeats' },
    ],
    'send.refused': { actions: 'probe it again' },
    MsgReadIndex: { actions: 'confirm by a round of heartbeats' },
    'lease.due': { actions: 'propose to revoke what has expired' },
    'etcd.LeaseKeepAlive': { actions: 'renew the lease' },
    'etcd.LeaseTimeToLive': { actions: 'tell the time to live' },
  },
})

export const role = words.createStateConfig({
  description: 'Raft. Time is cut into terms; each has at most one leader, whom a majority has elected.',
  initial: 'follower',
  on: inAnyRole,
  states: { follower, preCandidate, candidate, leader },
})
