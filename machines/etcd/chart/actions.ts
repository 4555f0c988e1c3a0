/** Every order of the chart, and the function that carries it out. */
import { answer } from '../../../runtime/contract.ts'
import type { EtcdAnswered, EtcdFailed, EtcdRequest } from '../../protocol/etcd.ts'
import type { WriteRequest } from '../../protocol/raft.ts'
import * as clients from '../clients.ts'
import * as failures from '../failures.ts'
import * as keeping from '../lease/keeping.ts'
import * as answers from '../maintenance/answers.ts'
import * as joining from '../membership/joining.ts'
import * as reconfiguring from '../membership/reconfiguring.ts'
import * as candidate from '../roles/candidate.ts'
import * as follower from '../roles/follower.ts'
import * as handover from '../roles/handover.ts'
import * as headStart from '../roles/head-start.ts'
import * as leader from '../roles/leader.ts'
import * as reads from '../roles/reads.ts'
import * as voter from '../roles/voter.ts'
import * as storage from '../storage.ts'
import * as watching from '../watching.ts'
import { ask, decide, type Of, update } from './events.ts'

type Reading = Of<'etcd.Range'> | Of<'etcd.Txn'> | Of<'etcd.MemberList'>

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
  'pass on what was forwarded': update('MsgProp', clients.passOn),
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
  'tell it that it is gone': ask((context, message, told) =>
    voter.tellItIsGone(context, message as Of<'MsgVote'>, told),
  ),
  'inherit the lead': update(candidate.inherit),
  'refuse it: too large': ask((_, __, { from, call }) => answer(from, call, failures.requestTooLarge)),
  'refuse it: not for learners': ask((_, __, { from, call }) => answer(from, call, failures.notForLearners)),
  'raise the alarm': decide((context, request, told) => clients.raiseAlarm(context, request as WriteRequest, told)),
  'drop the proposals': decide(handover.dropProposals),
  'begin the handover': decide('etcd.MoveLeader', handover.beginHandover),
  'tell the heir to stand': update(handover.tellTheHeir),
  'say that it leads already': ask('etcd.MoveLeader', handover.leadsAlready),
  'refuse the heir': ask(handover.refuseTransferee),
  'say that it is not the leader': ask(handover.isNotLeader),
  'tell that the heir leads': decide(handover.tellThatItLeads),
  'fail the handover': decide(handover.failHandover),
  'refuse the change': ask((context, request, told) =>
    reconfiguring.refuse(context, request as Of<'etcd.MemberRemove'>, told),
  ),
  'refuse the promotion': ask('etcd.MemberPromote', reconfiguring.refusePromotion),
  'queue the change': update((context, request, told) =>
    reconfiguring.queueChange(context, request as Of<'etcd.MemberRemove'>, told),
  ),
  'probe the peers': decide(reconfiguring.probePeers),
  'say for how long it has been up': ask(reconfiguring.tellItIsUp),
  'note that it is connected': update('raft.probed', reconfiguring.noteProbed),
  'note that it is not connected': update('call.lost', reconfiguring.noteUnreachable),
  'dial the peers': decide(headStart.dialPeers),
  'note that the peer answers': update('raft.probed', headStart.noteAnswer),
  'note that the peer asks': update(headStart.noteAsker),
  'note that the peer is not there': update('call.lost', headStart.noteNoConnection),
  'give the head start': decide(headStart.giveHeadStart),
  'give up the head start': decide(headStart.giveUp),
  'refuse the first change': decide(reconfiguring.refuseFirst),
  'propose the first change': decide(clients.proposeFirst),
  'publish the name': update(clients.publish),
  'ask who belongs to the cluster': decide(joining.askWhoBelongs),
  'note who was heard': update(joining.noteUnheard),
  'note who is lost': update('call.lost', joining.noteLost),
  'take the identity': decide('raft.membersTold', joining.takeIdentity),
  'tell who belongs to the cluster': ask(joining.tellWhoBelongs),
  'say that it knows nobody': ask(joining.knowNobody),
  'tell the status': ask(answers.tellStatus),
  'tell the hash': ask('etcd.HashKV', answers.tellHash),
  defragment: decide(answers.defragment),
  'send the store': ask(answers.sendTheStore),
  'tell the health': ask('etcd.Health', answers.tellHealth),
  'end the watch': ask(watching.endAtOnce),
  'cancel the watch at once': ask('etcd.Watch', watching.cancelAtOnce),
  'open the watch behind': decide('etcd.Watch', watching.openBehind),
  'open the watch in step': decide('etcd.Watch', watching.openInStep),
  'close the watch': update('stream.closed', watching.close),
  'tell the watchers the past': decide(watching.tellThePast),
  'tell the progress': ask('etcd.WatchProgress', watching.tellProgress),
  'tell all the progress': ask('progress.due', watching.tellAllProgress),
}
