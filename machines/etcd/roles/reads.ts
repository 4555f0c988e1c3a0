/**
 * Linearizable reads without the log (raft's ReadIndex, etcd's linearizableReadLoop): the leader remembers how far the
 * log is committed, makes sure by one round of heartbeats that it still leads, and tells; whoever has applied up to
 * there may answer from its own store.
 */
import { answer, type Delivery, type Effect } from '../../../runtime/contract.ts'
import type { EtcdFailed, RangeRequest, TxnRequest } from '../../protocol/etcd.ts'
import type { HealthRequest, MemberListRequest } from '../../protocol/etcd-admin.ts'
import type { MemberId, MsgReadIndex, MsgReadIndexResp } from '../../protocol/raft.ts'
import { read } from '../apply.ts'
import { asked } from '../asking.ts'
import { DEPOSED_LEADER_READS, STALE_READ_INDEX } from '../bug.ts'
import { type Change, type Context, leads, type ReadBatch, type ReadRound } from '../context.ts'
import * as failures from '../failures.ts'
import { healthAfter } from '../maintenance/answers.ts'
import { termAt } from '../raft/log.ts'
import { majority } from '../raft/quorum.ts'
import { heartbeats } from './heartbeats.ts'
import { posted, senderOf } from './voter.ts'

/** The one vote is our own. */
const isAlone = ({ voters, id }: Context): boolean => voters.length === 1 && voters[0] === id

const commitIsOfTerm = ({ log, commit, term }: Context): boolean => termAt(log, commit) === term

/** Alone there is nobody else who might lead; but what the former term left must be committed first. */
export const mayReadAtOnce = (context: Context): boolean =>
  leads(context) &&
  (isAlone(context) || context.bug === DEPOSED_LEADER_READS) &&
  commitIsOfTerm(context) &&
  context.applied === context.commit

type Reading = RangeRequest | TxnRequest | MemberListRequest

export function readAtOnce({ replica }: Context, request: Reading, { from, call }: Delivery): Effect {
  return answer(from, call, read(replica, request))
}
export const queueRead = ({ queuedReads }: Context, request: Reading | HealthRequest, told: Delivery): Change => ({
  queuedReads: [...queuedReads, { request, ...asked(told) }],
})

/** What came in while the last batch was under way shares the next. */
export const beginBatch = ({ queuedReads, nextNumber, leadersSeen, self, life }: Context): Change => ({
  queuedReads: [],
  nextNumber: nextNumber + 1,
  batch: { context: `${self} ${life} ${nextNumber}`, askings: 0, reads: queuedReads, index: undefined, leadersSeen },
})

/**
 * With no leader nobody is asked; the next try may find one. Each asking has a name of its own: what was said to an
 * earlier one proves nothing for a later one (etcd's pull request 21399).
 */
export function askReadIndex(context: Context): Change {
  const { batch: last, lead, id } = context
  if (last === undefined || lead === '') return {}
  const batch = { ...last, askings: context.bug === STALE_READ_INDEX ? 1 : last.askings + 1 }
  const name = `${batch.context} ${batch.askings}`
  if (lead === id) return { batch, ...roundBegun({ ...context, batch }, id, name) }
  return { batch, ...posted(context, lead, { type: 'MsgReadIndex', context: name }) }
}
const isOf = (batch: ReadBatch | undefined, name: string): boolean =>
  batch !== undefined && name.startsWith(`${batch.context} `)

export const askedByFollower = (context: Context, asked: MsgReadIndex, told: Delivery): Change =>
  roundBegun(context, senderOf(asked, told), asked.context)

function roundBegun(context: Context, from: MemberId, name: string): Change {
  if (!commitIsOfTerm(context)) return { postponed: [...context.postponed, { from, context: name }] }
  if (isAlone(context)) return confirmed(context, [{ from, context: name, index: context.commit, acks: [] }])
  if (context.rounds.some((round) => round.context === name))
    return { outbox: [...context.outbox, ...heartbeats(context, name)] }
  const round = { from, context: name, index: context.commit, acks: [context.id] }
  return { rounds: [...context.rounds, round], outbox: [...context.outbox, ...heartbeats(context, name)] }
}

/** The first commit of the term: reads that came too early begin now. */
export function readsOfTermBegun(context: Context): Change {
  if (context.postponed.length === 0) return {}
  let now: Context = { ...context, postponed: [] }
  let change: Change = { postponed: [] }
  for (const { from, context: name } of context.postponed) {
    change = { ...change, ...roundBegun(now, from, name) }
    now = { ...now, ...change }
  }
  return change
}

/** A majority for one round confirms all that were begun before it (readOnly.advance). */
export function roundAcknowledged(context: Context, name: string, from: MemberId): Change {
  const at = context.rounds.findIndex((round) => round.context === name)
  const round = context.rounds[at]
  if (round === undefined || round.acks.includes(from)) return {}
  const acks = [...round.acks, from]
  const { voters } = context
  if (acks.filter((ack) => voters.includes(ack)).length < majority(voters.length))
    return { rounds: context.rounds.with(at, { ...round, acks }) }
  return { rounds: context.rounds.slice(at + 1), ...confirmed(context, context.rounds.slice(0, at + 1)) }
}

function confirmed(context: Context, rounds: readonly ReadRound[]): Change {
  let { batch, outbox } = context
  for (const { from, context: name, index } of rounds) {
    if (from !== context.id)
      outbox = [
        ...outbox,
        { to: from, message: { type: 'MsgReadIndexResp', term: context.term, index, context: name } },
      ]
    else if (batch !== undefined && isOf(batch, name)) batch = { ...batch, index: batch.index ?? index }
  }
  return { batch, outbox }
}

export const isForThisBatch = ({ batch }: Context, { context: name }: MsgReadIndexResp): boolean => isOf(batch, name)
export const noteReadIndex = ({ batch }: Context, { index }: MsgReadIndexResp): Change => ({
  batch: batch && { ...batch, index: batch.index ?? index },
})

export const mayAnswerReads = ({ batch, applied }: Context): boolean =>
  batch?.index !== undefined && batch.index <= applied
export const anotherLeaderCame = ({ batch, leadersSeen }: Context): boolean =>
  batch !== undefined && batch.leadersSeen !== leadersSeen

export const answerReads = (context: Context): readonly [Change, readonly Effect[]] => [
  { batch: undefined },
  (context.batch?.reads ?? []).map(({ from, call, request }) =>
    answer(from, call, request.type === 'etcd.Health' ? healthAfter(context) : read(context.replica, request)),
  ),
]
export const failReads =
  (failure: EtcdFailed) =>
  (context: Context): readonly [Change, readonly Effect[]] => [
    { batch: undefined },
    (context.batch?.reads ?? []).map(({ from, call, request }) =>
      answer(from, call, request.type === 'etcd.Health' ? healthAfter(context, failure) : failure),
    ),
  ]
export const readsTimedOut = failReads(failures.timedOut)
export const readsLostLeader = failReads(failures.leaderChanged)
