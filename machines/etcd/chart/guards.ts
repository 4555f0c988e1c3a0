/** Every statement of the chart, and the function that says whether it is true. */
import type { EtcdRequest } from '../../protocol/etcd.ts'
import * as clients from '../clients.ts'
import { isReadOnly, isSerializable } from '../mvcc/txn.ts'
import * as candidate from '../roles/candidate.ts'
import * as follower from '../roles/follower.ts'
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
}
