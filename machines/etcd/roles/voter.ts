/** What any member does with an election: its own vote, its term, its patience. */
import { type Delivery, draw, send, type Wake, wake } from '../../../runtime/contract.ts'
import type { MemberId, MsgPreVote, MsgVote, RaftMessage, TermMessage } from '../../protocol/raft.ts'
import type { Change, Context } from '../context.ts'
import { addressOf } from '../membership/identity.ts'
import {
  electionTicks,
  leaderIsFresh,
  overAt,
  type Patience,
  patienceAt,
  voteIsFree,
  waiting,
} from '../raft/election.ts'
import { upToDate } from '../raft/log.ts'

/** Who speaks: by the address it comes from, unless it says otherwise. */
export const senderOf = (message: unknown, { from }: Delivery): MemberId =>
  (message as { readonly from?: MemberId }).from ?? from

/** It was meant for who lived here before us, or comes from one that is no member any more (EtcdServer.Process). */
export function isMisdirected({ id, self, replica }: Context, message: RaftMessage, told: Delivery): boolean {
  return (message.to ?? self) !== id || replica.membership.removed.includes(senderOf(message, told))
}
/** Whoever was removed while it was down learns of it when it speaks. */
export const tellItIsGone = ({ replica }: Context, message: RaftMessage, told: Delivery) => {
  const sender = senderOf(message, told)
  if (!replica.membership.removed.includes(sender)) return []
  return [send(addressOf(sender), sender === told.from ? { type: 'member.gone' } : { type: 'member.gone', to: sender })]
}

/** Goes out with the next lot: at once, or after what it speaks of is on the disk. */
export const posted = ({ outbox }: Context, to: MemberId, message: RaftMessage): Change => ({
  outbox: [...outbox, { to, message }],
})

export const isLater = ({ term }: Context, message: { readonly term: number }): boolean => message.term > term
export const isCurrent = ({ term }: Context, message: { readonly term: number }): boolean => message.term === term
export const isEarlier = ({ term }: Context, message: { readonly term: number }): boolean => message.term < term

/** While a leader is heard from nobody is helped to depose it; a leader itself checks its quorum instead. */
export function leaderIsKnownAndFresh(context: Context, message: MsgVote | MsgPreVote, { at }: Delivery): boolean {
  const { lead, id, patience } = context
  if ('isTransfer' in message) return false
  return isLater(context, message) && lead !== '' && (lead === id || leaderIsFresh(patience, at))
}
export function deservesPreVote(context: Context, asked: MsgPreVote, told: Delivery): boolean {
  const { term, vote, lead, log } = context
  if (asked.term < term) return false
  return (
    (asked.term > term || voteIsFree(vote, lead, senderOf(asked, told))) &&
    upToDate(log, { index: asked.index, term: asked.logTerm })
  )
}
export function deservesVote(context: Context, asked: MsgVote, told: Delivery): boolean {
  const { vote, lead, log } = context
  const isFree = isLater(context, asked) || (isCurrent(context, asked) && voteIsFree(vote, lead, senderOf(asked, told)))
  return isFree && upToDate(log, { index: asked.index, term: asked.logTerm })
}

export const grantPreVote = (context: Context, asked: MsgPreVote, told: Delivery): Change =>
  posted(context, senderOf(asked, told), { type: 'MsgPreVoteResp', term: asked.term, reject: false })
export const refusePreVote = (context: Context, asked: MsgPreVote, told: Delivery): Change =>
  posted(context, senderOf(asked, told), { type: 'MsgPreVoteResp', term: context.term, reject: true })

/** The vote is on the disk before the candidate hears of it; and the candidate gets its time. */
export const grantVote = (context: Context, asked: MsgVote, told: Delivery): Change => ({
  vote: senderOf(asked, told),
  patience: { ...context.patience, heardAt: told.at },
  ...posted(context, senderOf(asked, told), { type: 'MsgVoteResp', term: context.term, reject: false }),
})
export const refuseVote = (context: Context, asked: MsgVote, told: Delivery): Change =>
  posted(context, senderOf(asked, told), { type: 'MsgVoteResp', term: context.term, reject: true })

export const adoptTerm = (_: Context, { term }: TermMessage): Change => ({ term, vote: '', lead: '' })

/** A leader or candidate that slept through an election learns of it. */
export const tellTerm = (context: Context, message: unknown, told: Delivery): Change =>
  posted(context, senderOf(message, told), {
    type: 'MsgAppResp',
    term: context.term,
    index: 0,
    reject: false,
    rejectHint: 0,
    logTerm: 0,
  })

/** At birth the clock has a head start already; later, becoming a follower starts it anew. */
export function startElectionClock(context: Context, _: unknown, { at, dice }: Delivery) {
  const isBirth = context.bornAt === at && context.patience.heardAt < at
  const patience = isBirth ? context.patience : waiting(context.patience, at, drawnTicks(dice, context.term))
  return [{ patience }, alarm(patience, at)] as const
}
export const drawnTicks = (dice: number, term: number): number => electionTicks(draw(dice, 'election timeout', term))

/** Someone was heard meanwhile: no timer was touched for that, so the rest is slept now. */
export function sleepOn(context: Context, _: unknown, { at }: Delivery) {
  const known = patienceAt(context.patience, at)
  const patience = { ...known, checkAt: overAt(known) }
  return [{ patience }, alarm(patience, at)] as const
}
export const alarm = ({ checkAt }: Patience, at: number): Wake =>
  wake('election', checkAt - at, { type: 'election.due' })

export const patienceIsOver = ({ patience }: Context, _: unknown, { at }: Delivery): boolean =>
  overAt(patienceAt(patience, at)) <= at

/** Neither a learner, nor removed, nor not yet added (raft.promotable). */
export const hasVote = ({ standing }: Context): boolean => standing === 'voter'

export const lastPlace = ({ log }: Context) => ({ index: log.last.index, logTerm: log.last.term })
