/** Raft: who leads, and who follows whom. */
import { followTheLeader, inAnyRole, withoutLeader as nobodyToAsk } from './any-role.ts'
import { requestsToLearner } from './requests.ts'
import { words } from './words.ts'

/** The leader of this term goes on. Whoever takes us for the leader still is passed on to it. */
const hearTheLeader = {
  MsgProp: { actions: 'pass on what was forwarded' },
  MsgHeartbeat: { guard: 'it is of this term and our log is whole', actions: 'answer the heartbeat' },
  MsgApp: { guard: 'it is of this term', actions: ['follow the sender', 'take the entries'] },
  MsgSnap: { guard: 'it is of this term', actions: ['follow the sender', 'take the snapshot'] },
} as const

const follower = words.createStateConfig({
  description: 'Takes what the leader sends. When nothing is heard for an election timeout, it may stand.',
  entry: 'start the election clock',
  initial: 'withoutLeader',
  on: {
    'election.due': [
      { guard: 'election timeout has passed, and it knows who votes', target: 'preCandidate' },
      {
        guard: 'election timeout has passed',
        actions: 'start the election clock',
        description: 'A change of the members is committed, and not yet applied: it might count the wrong votes.',
      },
      {
        actions: 'sleep on',
        description: 'A leader was heard since the clock was wound: it runs from then.',
      },
    ],
  },
  states: {
    withoutLeader: {
      description: 'Writes wait here until a leader is known.',
      always: { guard: 'it has no vote', target: '#etcd.serving.role.learner.withoutLeader' },
      on: { ...followTheLeader, ...nobodyToAsk },
    },
    withLeader: {
      description: "Clients' writes and leases are the leader's business: they are passed on to it.",
      always: [
        { guard: 'it has no vote', target: '#etcd.serving.role.learner.withLeader' },
        { guard: 'proposals are waiting', actions: 'forward the proposals' },
      ],
      on: {
        ...hearTheLeader,
        MsgTimeoutNow: {
          guard: 'leader hands over to us',
          target: '#etcd.serving.role.candidate',
          actions: 'inherit the lead',
          description: 'No pre-vote: it is not the loss of a leader that makes it stand, but the leader itself.',
        },
        'etcd.LeaseKeepAlive': { actions: 'ask the leader' },
        'etcd.LeaseTimeToLive': { actions: 'ask the leader' },
        'etcd.MemberPromote': { actions: 'ask the leader' },
      },
    },
  },
})

const learner = words.createStateConfig({
  description: 'Follows without a vote: newly added, so that it may catch up before it counts; or removed.',
  initial: 'withoutLeader',
  on: requestsToLearner,
  states: {
    withoutLeader: {
      always: { guard: 'it has a vote', target: '#etcd.serving.role.follower.withoutLeader' },
      on: {
        MsgApp: {
          guard: 'it is of this term',
          target: 'withLeader',
          actions: ['follow the sender', 'take the entries'],
        },
        MsgHeartbeat: {
          guard: 'it is of this term and our log is whole',
          target: 'withLeader',
          actions: ['follow the sender', 'answer the heartbeat'],
        },
        MsgSnap: {
          guard: 'it is of this term',
          target: 'withLeader',
          actions: ['follow the sender', 'take the snapshot'],
        },
      },
    },
    withLeader: {
      always: [
        { guard: 'it has a vote', target: '#etcd.serving.role.follower.withLeader' },
        { guard: 'proposals are waiting', actions: 'forward the proposals' },
      ],
      on: hearTheLeader,
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
    ...nobodyToAsk,
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
    ...nobodyToAsk,
  },
})

const leader = words.createStateConfig({
  description: 'Orders all writes in its log, and copies the log to the others. A write holds once a majority has it.',
  entry: ['take the lead', 'look after the leases'],
  exit: 'stop leading',
  initial: 'leading',
  on: {
    MsgAppResp: [
      { guard: 'logs do not agree there', actions: 'go back to where logs may agree' },
      { guard: 'a member says so in this term', actions: 'count the acknowledgement' },
      { guard: 'it is of a later term', target: 'follower', actions: 'adopt the later term' },
    ],
    MsgHeartbeatResp: [
      { guard: 'follower is in step' },
      { guard: 'a member says so in this term', actions: 'note that it lives' },
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
    'etcd.MemberPromote': [
      { guard: 'learner is not ready', actions: 'refuse the promotion' },
      { actions: 'propose it' },
    ],
    'etcd.MoveLeader': [
      { guard: 'heir is no voter', actions: 'refuse the heir' },
      { guard: 'heir is ourselves', actions: 'say that it leads already' },
      { target: '.handingOver', actions: 'begin the handover' },
    ],
  },
  states: {
    leading: {
      always: [
        { guard: 'proposals are waiting and it has no vote', actions: 'drop the proposals' },
        { guard: 'proposals are waiting', actions: 'append the proposals' },
      ],
      on: { MsgProp: { guard: 'it has a vote', actions: 'append what was forwarded' } },
    },
    handingOver: {
      description: 'It writes nothing more, so that its heir can have the whole log; then the heir may stand.',
      always: [
        { guard: 'heir is gone', target: 'leading' },
        { guard: 'heir is ready', actions: 'tell the heir to stand' },
        { guard: 'proposals are waiting', actions: 'drop the proposals' },
      ],
      after: {
        'election timeout': {
          target: 'leading',
          description: 'The heir did not make it: the lead goes on.',
        },
      },
    },
  },
})

export const role = words.createStateConfig({
  description: 'Raft. Time is cut into terms; each has at most one leader, whom a majority has elected.',
  initial: 'follower',
  on: inAnyRole,
  states: { follower, preCandidate, candidate, leader, learner },
})
