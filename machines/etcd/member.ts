/**
 * One etcd member: raft's roles, the disk, reads that ask a quorum, and watches that catch up, side by side.
 * `handler` by `handler` it is raft.go, etcdserver/raft.go and etcdserver/v3_server.go; what they decide is in `raft/`,
 * `mvcc/` and `lease/`.
 */
import { setup } from 'xstate'
import { born, type RuntimeEvent, verbs } from '../../runtime/contract.ts'
import type { EtcdAnswered, EtcdFailed, EtcdRequest, WatchProgressRequest, WatchRequest } from '../protocol/etcd.ts'
import type { RaftMessage, WriteRequest } from '../protocol/raft.ts'
import * as clients from './clients.ts'
import { begun, type Context, type Input } from './context.ts'
import * as keeping from './lease/keeping.ts'
import { isReadOnly, isSerializable } from './mvcc/txn.ts'
import * as candidate from './roles/candidate.ts'
import * as follower from './roles/follower.ts'
import * as leader from './roles/leader.ts'
import * as reads from './roles/reads.ts'
import * as voter from './roles/voter.ts'
import * as storage from './storage.ts'
import * as watching from './watching.ts'

interface Timer {
  readonly type: 'election.due' | 'heartbeat.due' | 'lease.due' | 'request.overdue' | 'progress.due'
}
type Events =
  | EtcdRequest
  | WatchRequest
  | WatchProgressRequest
  | RaftMessage
  | EtcdAnswered
  | EtcdFailed
  | Timer
  | RuntimeEvent
const { update, ask, decide, when, lasting } = verbs<Context, Events>()
type Of<T> = Extract<Events, { type: T }>
type Reading = Of<'etcd.Range'> | Of<'etcd.Txn'>

const WRITES = [{ guard: 'request is malformed', actions: 'refuse it' }, { actions: 'propose it' }] as const

export const etcd = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as Input },
  delays: {
    'request timeout': clients.REQUEST_TIMEOUT_MS,
    'read index retry': 500,
    'next turn of the watch loop': lasting(watching.nextTurnMs),
  },
  guards: {
    'it is of a later term': when((context, message) => voter.isLater(context, message as Of<'MsgApp'>)),
    'it is of this term': when((context, message) => voter.isCurrent(context, message as Of<'MsgApp'>)),
    'it is of an earlier term': when((context, message) => voter.isEarlier(context, message as Of<'MsgApp'>)),
    'a refusal of a later term': when('MsgPreVoteResp', (context, vote) => vote.reject && voter.isLater(context, vote)),
    'a fresh leader is known': when((context, message, told) =>
      voter.leaderIsKnownAndFresh(context, message as Of<'MsgVote'>, told),
    ),
    'candidate deserves a pre-vote': when('MsgPreVote', voter.deservesPreVote),
    'candidate of a later term deserves the vote': when(
      'MsgVote',
      (context, asked, told) => voter.isLater(context, asked) && voter.deservesVote(context, asked, told),
    ),
    'candidate deserves the vote': when('MsgVote', voter.deservesVote),
    'election timeout has passed': when('election.due', voter.patienceIsOver),
    'it answers our pre-vote': when('MsgPreVoteResp', candidate.isPreVoteForUs),
    'a quorum is for it': when(candidate.hasWon),
    'a quorum is against it': when(candidate.hasLost),
    'it is of this term and our log is whole': when(
      'MsgHeartbeat',
      (context, heartbeat) => voter.isCurrent(context, heartbeat) && !follower.logWasLost(context, heartbeat),
    ),
    'our log was lost': when(
      'MsgHeartbeat',
      (context, heartbeat) => !voter.isEarlier(context, heartbeat) && follower.logWasLost(context, heartbeat),
    ),
    'logs do not agree there': when(
      'MsgAppResp',
      (context, resp) => voter.isCurrent(context, resp) && leader.isRefusal(context, resp),
    ),
    'follower is in step': when(
      'MsgHeartbeatResp',
      (context, resp, told) => voter.isCurrent(context, resp) && leader.isInStep(context, resp, told),
    ),
    'quorum was silent for an election timeout': when('heartbeat.due', leader.quorumWasSilent),
    'request is malformed': when((_, request) => clients.faultOf(request as EtcdRequest) !== undefined),
    'proposals are waiting': when(({ proposals }) => proposals.length > 0),
    'committed entries are not applied': when(clients.mustApply),
    'something must be on disk first': when(storage.mustSave),
    'there is something to say': when(storage.mustSpeak),
    'may be read at once': when(
      'etcd.Range',
      (context, { serializable }) => serializable === true || reads.mayReadAtOnce(context),
    ),
    'only reads, and at once': when(
      'etcd.Txn',
      (context, txn) => isReadOnly(txn) && (isSerializable(txn) || reads.mayReadAtOnce(context)),
    ),
    'only reads': when('etcd.Txn', (_, txn) => isReadOnly(txn)),
    'reads are queued': when(({ queuedReads }) => queuedReads.length > 0),
    'read index is applied': when(reads.mayAnswerReads),
    'another leader came': when(reads.anotherLeaderCame),
    'it is for these reads': when('MsgReadIndexResp', reads.isForThisBatch),
    'watch range is empty': when('etcd.Watch', watching.rangeIsEmpty),
    'watch starts in the past': when('etcd.Watch', watching.startsInThePast),
    'some watchers are behind': when(watching.someAreBehind),
  },
  actions: {
    'start the election clock': decide(voter.startElectionClock),
    'sleep on': decide('election.due', voter.sleepOn),
    'adopt the later term': update((context, message) => voter.adoptTerm(context, message as Of<'MsgApp'>)),
    'tell the sender the term': update(voter.tellTerm),
    'grant the pre-vote': update('MsgPreVote', voter.grantPreVote),
    'refuse the pre-vote': update('MsgPreVote', voter.refusePreVote),
    'vote for the candidate': update('MsgVote', voter.grantVote),
    'refuse the vote': update('MsgVote', voter.refuseVote),
    'ask whether it would win': decide(candidate.askForPreVotes),
    'stand for election': decide(candidate.standForElection),
    'count the vote': update((context, vote, told) => candidate.countVote(context, vote as Of<'MsgVoteResp'>, told)),
    'follow the sender': update(follower.followSender),
    'answer the heartbeat': decide('MsgHeartbeat', follower.answerHeartbeat),
    'take the entries': update('MsgApp', follower.takeEntries),
    'take the snapshot': update('MsgSnap', (context, message, told) => {
      const change = follower.takeSnapshot(context, message, told)
      return change.replica === undefined ? change : { ...change, watchers: watching.allBehind(context) }
    }),
    'take the lead': decide(leader.takeTheLead),
    'look after the leases': ask(keeping.lookAfterLeases),
    'stop leading': update(leader.stopLeading),
    'append the proposals': update(leader.appendProposals),
    'append what was forwarded': update('MsgProp', leader.appendForwarded),
    'forward the proposals': update(clients.forward),
    'go back to where logs may agree': update('MsgAppResp', leader.goBack),
    'count the acknowledgement': update('MsgAppResp', leader.countAcknowledgement),
    'note that it lives': update('MsgHeartbeatResp', leader.noteItLives),
    'probe it again': update('send.refused', leader.probeAgain),
    'send heartbeats': decide('heartbeat.due', leader.sendHeartbeats),
    'refuse it': ask((context, request, told) => clients.refuse(context, request as EtcdRequest, told)),
    'propose it': decide((context, request, told) => clients.propose(context, request as WriteRequest, told)),
    'fail what is overdue': decide('request.overdue', clients.failOverdue),
    'apply the committed entries': decide(clients.applyCommitted),
    'write and sync': decide(storage.save),
    'count what is on disk': decide('disk.synced', storage.count),
    'say what is due': decide(storage.speak),
    'read and answer': ask((context, request, told) => reads.readAtOnce(context, request as Reading, told)),
    'queue the read': update((context, request, told) => reads.queueRead(context, request as Reading, told)),
    'gather the reads': update(reads.beginBatch),
    'ask for the read index': update(reads.askReadIndex),
    'confirm by a round of heartbeats': update('MsgReadIndex', reads.askedByFollower),
    'note the read index': update('MsgReadIndexResp', reads.noteReadIndex),
    'answer the reads': decide(reads.answerReads),
    'fail the reads: timed out': decide(reads.readsTimedOut),
    'fail the reads: leader changed': decide(reads.readsLostLeader),
    'renew the lease': decide('etcd.LeaseKeepAlive', keeping.keepAlive),
    'tell the time to live': ask('etcd.LeaseTimeToLive', keeping.timeToLive),
    'list the leases': ask('etcd.LeaseLeases', keeping.listLeases),
    'propose to revoke what has expired': decide('lease.due', keeping.revokeExpired),
    'ask the leader': decide((context, request, told) =>
      keeping.passOn(context, request as Of<'etcd.LeaseKeepAlive'>, told),
    ),
    'say that there is no leader': ask(keeping.failForNow),
    'give the answer back': decide((context, reply, told) =>
      keeping.giveBack(context, reply as EtcdAnswered | EtcdFailed, told),
    ),
    'give up asking': decide('call.lost', keeping.giveUp),
    'cancel the watch at once': ask('etcd.Watch', watching.cancelAtOnce),
    'open the watch behind': decide('etcd.Watch', watching.openBehind),
    'open the watch in step': decide('etcd.Watch', watching.openInStep),
    'close the watch': update('stream.closed', watching.close),
    'tell the watchers the past': decide(watching.tellThePast),
    'tell the progress': ask('etcd.WatchProgress', watching.tellProgress),
    'tell all the progress': ask('progress.due', watching.tellAllProgress),
  },
}).createMachine({
  id: 'etcd',
  context: born(begun),
  initial: 'serving',
  states: {
    serving: {
      type: 'parallel',
      always: { guard: 'committed entries are not applied', actions: 'apply the committed entries' },
      on: {
        'etcd.Put': WRITES,
        'etcd.DeleteRange': WRITES,
        'etcd.Compact': { actions: 'propose it' },
        'etcd.LeaseGrant': { actions: 'propose it' },
        'etcd.LeaseRevoke': { actions: 'propose it' },
        'etcd.Txn': [
          { guard: 'request is malformed', actions: 'refuse it' },
          { guard: 'only reads, and at once', actions: 'read and answer' },
          { guard: 'only reads', actions: 'queue the read' },
          { actions: 'propose it' },
        ],
        'etcd.Range': [
          { guard: 'request is malformed', actions: 'refuse it' },
          { guard: 'may be read at once', actions: 'read and answer' },
          { actions: 'queue the read' },
        ],
        'etcd.LeaseLeases': { actions: 'list the leases' },
        'request.overdue': { actions: 'fail what is overdue' },
        'etcd.answered': { actions: 'give the answer back' },
        'etcd.failed': { actions: 'give the answer back' },
        'call.lost': { actions: 'give up asking' },
      },
      states: {
        role: {
          description: 'Raft. Time is cut into terms; each has at most one leader, whom a majority has elected.',
          initial: 'follower',
          on: {
            MsgPreVote: [
              {
                guard: 'a fresh leader is known',
                description: 'Somebody lost sight of a leader whom we see: no reason for an election.',
              },
              { guard: 'candidate deserves a pre-vote', actions: 'grant the pre-vote' },
              { actions: 'refuse the pre-vote' },
            ],
            MsgVote: [
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
            MsgAppResp: {
              guard: 'it is of a later term',
              target: '#etcd.serving.role.follower',
              actions: 'adopt the later term',
            },
            MsgVoteResp: {
              guard: 'it is of a later term',
              target: '#etcd.serving.role.follower',
              actions: 'adopt the later term',
            },
            MsgPreVoteResp: {
              guard: 'a refusal of a later term',
              target: '#etcd.serving.role.follower',
              actions: 'adopt the later term',
            },
          },
          states: {
            follower: {
              description: 'Takes what the leader sends. When nothing is heard for an election timeout, it may stand.',
              entry: 'start the election clock',
              initial: 'withoutLeader',
              on: {
                'election.due': [
                  { guard: 'election timeout has passed', target: '#etcd.serving.role.preCandidate' },
                  {
                    actions: 'sleep on',
                    description: 'A leader was heard since the clock was wound: it runs from then.',
                  },
                ],
              },
              states: {
                withoutLeader: {
                  description: 'Writes wait here until a leader is known.',
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
                    'etcd.LeaseKeepAlive': { actions: 'say that there is no leader' },
                    'etcd.LeaseTimeToLive': { actions: 'say that there is no leader' },
                  },
                },
                withLeader: {
                  description: "Clients' writes and leases are the leader's business: they are passed on to it.",
                  always: { guard: 'proposals are waiting', actions: 'forward the proposals' },
                  on: {
                    MsgHeartbeat: { guard: 'it is of this term and our log is whole', actions: 'answer the heartbeat' },
                    MsgApp: {
                      guard: 'it is of this term',
                      actions: ['follow the sender', 'take the entries'],
                    },
                    MsgSnap: {
                      guard: 'it is of this term',
                      actions: ['follow the sender', 'take the snapshot'],
                    },
                    'etcd.LeaseKeepAlive': { actions: 'ask the leader' },
                    'etcd.LeaseTimeToLive': { actions: 'ask the leader' },
                  },
                },
              },
            },
            preCandidate: {
              description: 'Asks whether it would win, before it raises the term: who cannot win disturbs nobody.',
              entry: 'ask whether it would win',
              always: [
                { guard: 'a quorum is for it', target: 'candidate' },
                { guard: 'a quorum is against it', target: 'follower' },
              ],
              on: {
                MsgPreVoteResp: [
                  { guard: 'it answers our pre-vote', actions: 'count the vote' },
                  {
                    guard: 'a refusal of a later term',
                    target: 'follower',
                    actions: 'adopt the later term',
                  },
                ],
                'election.due': { target: 'preCandidate', reenter: true },
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
                'etcd.LeaseKeepAlive': { actions: 'say that there is no leader' },
                'etcd.LeaseTimeToLive': { actions: 'say that there is no leader' },
              },
            },
            candidate: {
              description:
                'A new term has begun with a vote for itself. One vote a member and term: two cannot both win.',
              entry: 'stand for election',
              always: [
                { guard: 'a quorum is for it', target: 'leader' },
                { guard: 'a quorum is against it', target: 'follower' },
              ],
              on: {
                MsgVoteResp: { guard: 'it is of this term', actions: 'count the vote' },
                'election.due': 'preCandidate',
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
                'etcd.LeaseKeepAlive': { actions: 'say that there is no leader' },
                'etcd.LeaseTimeToLive': { actions: 'say that there is no leader' },
              },
            },
            leader: {
              description:
                'Orders all writes in its log, and copies the log to the others. A write holds once a majority has it.',
              entry: ['take the lead', 'look after the leases'],
              exit: 'stop leading',
              always: { guard: 'proposals are waiting', actions: 'append the proposals' },
              on: {
                MsgProp: { actions: 'append what was forwarded' },
                MsgAppResp: [
                  { guard: 'logs do not agree there', actions: 'go back to where logs may agree' },
                  { guard: 'it is of this term', actions: 'count the acknowledgement' },
                  {
                    guard: 'it is of a later term',
                    target: 'follower',
                    actions: 'adopt the later term',
                  },
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
            },
          },
        },
        storage: {
          description:
            'Nobody hears of an entry or a vote before the disk has it. What comes up meanwhile shares the next write.',
          initial: 'quiet',
          states: {
            quiet: {
              always: [
                { guard: 'something must be on disk first', target: 'persisting' },
                { guard: 'there is something to say', actions: 'say what is due' },
              ],
            },
            persisting: {
              description: 'One write is on its way to the disk. A leader has spoken already; everyone else waits.',
              entry: 'write and sync',
              on: { 'disk.synced': { target: 'quiet', actions: 'count what is on disk' } },
            },
          },
        },
        reads: {
          description: 'Reads of what is true now, without going through the log.',
          initial: 'none',
          states: {
            none: { always: { guard: 'reads are queued', target: 'confirming' } },
            confirming: {
              description:
                'The leader makes sure that it leads, and tells how far to apply. Later reads wait for the next round.',
              entry: 'gather the reads',
              initial: 'asking',
              always: [
                { guard: 'read index is applied', target: 'none', actions: 'answer the reads' },
                { guard: 'another leader came', target: 'none', actions: 'fail the reads: leader changed' },
              ],
              on: { MsgReadIndexResp: { guard: 'it is for these reads', actions: 'note the read index' } },
              after: { 'request timeout': { target: 'none', actions: 'fail the reads: timed out' } },
              states: {
                asking: {
                  entry: 'ask for the read index',
                  after: { 'read index retry': { target: 'asking', reenter: true } },
                },
              },
            },
          },
        },
        watches: {
          initial: 'inStep',
          on: {
            'etcd.Watch': [
              { guard: 'watch range is empty', actions: 'cancel the watch at once' },
              { guard: 'watch starts in the past', actions: 'open the watch behind' },
              { actions: 'open the watch in step' },
            ],
            'stream.closed': { actions: 'close the watch' },
            'etcd.WatchProgress': { actions: 'tell the progress' },
            'progress.due': { actions: 'tell all the progress' },
          },
          states: {
            inStep: {
              description: 'Every watcher hears of a change as it is applied.',
              always: { guard: 'some watchers are behind', target: 'catchingUp' },
            },
            catchingUp: {
              description: 'Some asked for the past: a loop tells them, up to 512 at a turn, until they are in step.',
              after: {
                'next turn of the watch loop': { target: 'inStep', actions: 'tell the watchers the past' },
              },
            },
          },
        },
      },
    },
    panicked: {
      type: 'final',
      description:
        'The leader knows that we once had entries that our disk has lost. A life on it could break promises.',
    },
  },
})
