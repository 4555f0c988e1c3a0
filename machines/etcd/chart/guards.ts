/** Every statement of the chart, and the function that says whether it is true. */
import type { EtcdRequest } from '../../protocol/etcd.ts'
import type { WriteRequest } from '../../protocol/raft.ts'
import * as clients from '../clients.ts'
import * as answers from '../maintenance/answers.ts'
import * as joining from '../membership/joining.ts'
import * as reconfiguring from '../membership/reconfiguring.ts'
import { isReadOnly, isSerializable } from '../mvcc/txn.ts'
import * as candidate from '../roles/candidate.ts'
import * as follower from '../roles/follower.ts'
import * as handover from '../roles/handover.ts'
import * as headStart from '../roles/head-start.ts'
import * as leader from '../roles/leader.ts'
import * as reads from '../roles/reads.ts'
import * as voter from '../roles/voter.ts'
import * as storage from '../storage.ts'
import * as watching from '../watching.ts'
import { type Of, when } from './events.ts'

export const guards = {
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
  'election timeout has passed, and it knows who votes': when(
    'election.due',
    (context, event, told) => voter.patienceIsOver(context, event, told) && candidate.knowsTheVoters(context),
  ),
  'it answers our pre-vote': when('MsgPreVoteResp', candidate.isPreVoteForUs),
  'a quorum is for it': when(candidate.hasWon),
  'a quorum is against it': when(candidate.hasLost),
  'it is of this term and our log is whole': when(
    'MsgHeartbeat',
    (context, heartbeat, told) => voter.isCurrent(context, heartbeat) && !follower.logWasLost(context, heartbeat, told),
  ),
  'our log was lost': when(
    'MsgHeartbeat',
    (context, heartbeat, told) => !voter.isEarlier(context, heartbeat) && follower.logWasLost(context, heartbeat, told),
  ),
  'logs do not agree there': when(
    'MsgAppResp',
    (context, resp, told) =>
      voter.isCurrent(context, resp) && leader.isRefusal(context, resp) && leader.isOfMember(context, resp, told),
  ),
  'a member says so in this term': when(
    (context, resp, told) =>
      voter.isCurrent(context, resp as Of<'MsgAppResp'>) && leader.isOfMember(context, resp as Of<'MsgAppResp'>, told),
  ),
  'follower is in step': when(
    'MsgHeartbeatResp',
    (context, resp, told) => voter.isCurrent(context, resp) && leader.isInStep(context, resp, told),
  ),
  'quorum was silent for an election timeout': when('heartbeat.due', leader.quorumWasSilent),
  'it is not for us': when((context, message, told) => voter.isMisdirected(context, message as Of<'MsgVote'>, told)),
  'leader hands over to us': when(
    'MsgTimeoutNow',
    (context, message, told) =>
      voter.isCurrent(context, message) &&
      voter.hasVote(context) &&
      !voter.isMisdirected(context, message, told) &&
      candidate.knowsTheVoters(context),
  ),
  'it has a vote': when(voter.hasVote),
  'it has no vote': when((context) => !voter.hasVote(context)),
  'proposals are waiting and it has no vote': when(
    (context) => context.proposals.length > 0 && !voter.hasVote(context),
  ),
  'request is malformed': when((_, request) => clients.faultOf(request as EtcdRequest) !== undefined),
  'it does not fit into the quota': when((context, request) => clients.isOverQuota(context, request as WriteRequest)),
  'it does not fit into the log': when((_, request) => clients.isTooLargeForLog(request as EtcdRequest)),
  'proposals are waiting': when(({ proposals }) => proposals.length > 0),
  'committed entries are not applied': when(clients.mustApply),
  'something must be on disk first': when(storage.mustSave),
  'there is something to say': when(storage.mustSpeak),
  'it may be stale': when('etcd.Range', (_, { serializable }) => serializable === true),
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
  'heir is no voter': when('etcd.MoveLeader', handover.isNoVoter),
  'heir is ourselves': when('etcd.MoveLeader', handover.isOurselves),
  'heir is ready': when(handover.heirIsReady),
  'heir is gone': when(handover.heirIsGone),
  'a handover is under way': when(handover.isUnderWay),
  'heir leads': when(handover.heirLeads),
  'learner is not ready': when(
    'etcd.MemberPromote',
    (context, request) => reconfiguring.lag(context, request) !== undefined,
  ),
  'change is refused': when(
    (context, request) => reconfiguring.refusal(context, request as Of<'etcd.MemberRemove'>) !== undefined,
  ),
  'a change waits': when(({ queuedChanges }) => queuedChanges.length > 0),
  'all peers are probed and the change is dangerous': when(
    (context) => reconfiguring.allProbed(context) && reconfiguring.danger(context) !== undefined,
  ),
  'all peers are probed': when(reconfiguring.allProbed),
  'change is dangerous': when((context) => reconfiguring.danger(context) !== undefined),
  'two peers may come to be connected': when(headStart.mayComeAbout),
  'a peer answers': when('raft.probed', (context, _, { line }) => headStart.isOfPeer(context, line)),
  'a peer is not there': when('call.lost', (context, { line }) => headStart.isOfPeer(context, line)),
  'two peers are connected': when(headStart.enoughAreConnected),
  'nobody came for so long': when(headStart.isGivenUp),
  'it is about a probe': when('call.lost', reconfiguring.isOfProbe),
  'it is meant': when('member.gone', ({ id, self }, { to }) => (to ?? self) === id),
  'its removal is applied': when(({ standing }) => standing === 'removed'),
  'it has not told its name': when(reconfiguring.mustPublish),
  'its name is known': when((context) => !reconfiguring.mustPublish(context)),
  'it joins a cluster': when(joining.joins),
  'cluster may have been there before': when(joining.asksBeforeFounding),
  'they know us': when('raft.membersTold', joining.knowsUs),
  'they know us from before': when('raft.membersTold', joining.knowsUsStarted),
  'all were heard': when(joining.allHeard),
  'health is known at once': when('etcd.Health', answers.healthIsKnown),
  'members may be told at once': when(
    'etcd.MemberList',
    (context, { linearizable }) => linearizable !== true || reads.mayReadAtOnce(context),
  ),
  'some watchers are behind': when(watching.someAreBehind),
}
