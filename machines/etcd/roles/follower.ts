/** Following a leader: taking what it sends, and telling how far one has come. */
import type { Delivery } from '../../../runtime/contract.ts'
import type { MsgApp, MsgHeartbeat, MsgSnap } from '../../protocol/raft.ts'
import type { Replica } from '../apply.ts'
import { type Change, type Context, configured } from '../context.ts'
import { sends } from '../post.ts'
import { agreementBefore, appended, emptyLog, firstNew, type Log, termAt, truncated } from '../raft/log.ts'
import { isMisdirected, posted, senderOf } from './voter.ts'

export function followSender({ lead, leadersSeen, patience }: Context, message: unknown, told: Delivery): Change {
  const sender = senderOf(message, told)
  return {
    lead: sender,
    leadersSeen: lead === sender ? leadersSeen : leadersSeen + 1,
    patience: { ...patience, heardAt: told.at },
  }
}

/** Its leader believes that it has more than it has: its log was lost. The real one panics, and so do we. */
export const logWasLost = (context: Context, heartbeat: MsgHeartbeat, told: Delivery): boolean =>
  heartbeat.commit > context.log.last.index && !isMisdirected(context, heartbeat, told)

/** Nothing to write, nothing waiting: the answer need not wait either, which is the case nearly always. */
export function answerHeartbeat(context: Context, heartbeat: MsgHeartbeat, told: Delivery) {
  const { term, patience, commit, log, writing, outbox } = context
  const answer = { type: 'MsgHeartbeatResp' as const, term, context: heartbeat.context }
  const heard: Change = { patience: { ...patience, heardAt: told.at } }
  const known = Math.min(heartbeat.commit, log.last.index)
  const change = known > commit ? { ...heard, commit: known } : heard
  const mail = { to: senderOf(heartbeat, told), message: answer }
  if (writing === undefined && outbox.length === 0) return [change, sends(context, [mail])] as const
  return [{ ...change, ...posted(context, mail.to, answer) }, []] as const
}

/** raft.handleAppendEntries: either the log agrees where the new entries begin, or the leader is told where it may. */
export function takeEntries(context: Context, message: MsgApp, told: Delivery): Change {
  const { log, commit } = context
  const from = senderOf(message, told)
  if (message.index < commit) return acknowledge(context, from, commit)
  if (termAt(log, message.index) !== message.logTerm) return refuse(context, from, message)
  const change = grown(context, message)
  const last = message.index + message.entries.length
  return { commit: Math.max(commit, Math.min(message.commit, last)), ...change, ...acknowledge(context, from, last) }
}

function grown(context: Context, { entries }: MsgApp): Change {
  const { log, stable, writing } = context
  const first = firstNew(log, entries)
  if (first === undefined) return {}
  const isConflict = first <= log.last.index
  const base: Log = isConflict ? truncated(log, first - 1) : log
  const fresh = entries.slice(first - (entries[0]?.index ?? first))
  const change: Change = { log: appended(base, fresh) }
  if (!isConflict) return change
  return {
    ...change,
    stable: Math.min(stable, first - 1),
    writing: writing === undefined ? undefined : { ...writing, last: Math.min(writing.last, first - 1) },
  }
}

const acknowledge = (context: Context, to: string, index: number): Change =>
  posted(context, to, { type: 'MsgAppResp', term: context.term, index, reject: false, rejectHint: 0, logTerm: 0 })

function refuse(context: Context, to: string, { index, logTerm }: MsgApp): Change {
  const { log, term } = context
  const rejectHint = agreementBefore(log, index, logTerm)
  const hintTerm = termAt(log, rejectHint) ?? 0
  return posted(context, to, { type: 'MsgAppResp', term, index, reject: true, rejectHint, logTerm: hintTerm })
}

/** A snapshot takes the place of everything, unless the log has that entry already (raft.restore). */
export function takeSnapshot(context: Context, message: MsgSnap, told: Delivery): Change {
  const { log, commit } = context
  const { snapshot } = message
  const from = senderOf(message, told)
  if (snapshot.index <= commit) return acknowledge(context, from, commit)
  if (termAt(log, snapshot.index) === snapshot.term)
    return { commit: snapshot.index, ...acknowledge(context, from, snapshot.index) }
  return {
    log: emptyLog({ index: snapshot.index, term: snapshot.term }),
    commit: snapshot.index,
    stable: snapshot.index,
    writing: context.writing && { ...context.writing, last: snapshot.index },
    applied: snapshot.index,
    replica: snapshot.state as Replica,
    ...configured(snapshot.state as Replica, context.id),
    snapshot,
    ...acknowledge(context, from, snapshot.index),
  }
}
