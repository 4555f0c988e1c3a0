/** Every order of the chart, and the function that carries it out. */
import type { EtcdAnswered, EtcdFailed, EtcdRequest } from '../../protocol/etcd.ts'
import type { WriteRequest } from '../../protocol/raft.ts'
import * as clients from '../clients.ts'
import * as keeping from '../lease/keeping.ts'
import * as candidate from '../roles/candidate.ts'
import * as follower from '../roles/follower.ts'
import * as leader from '../roles/leader.ts'
import * as reads from '../roles/reads.ts'
import * as voter from '../roles/voter.ts'
import * as storage from '../storage.ts'
import * as watching from '../watching.ts'
import { ask, decide, type Of, update } from './events.ts'

type Reading = Of<'etcd.Range'> | Of<'etcd.Txn'>

export const actions = {
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
}
