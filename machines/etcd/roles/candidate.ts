/** Standing for election: first asking whether it would be won (pre-vote), then in earnest (raft.campaign). */
import type { Delivery } from '../../../runtime/contract.ts'
import type { MsgPreVoteResp, MsgVoteResp } from '../../protocol/raft.ts'
import type { Change, Context, Mail } from '../context.ts'
import { isMembershipChange } from '../membership/members.ts'
import { waiting } from '../raft/election.ts'
import { entryAt } from '../raft/log.ts'
import { tally } from '../raft/quorum.ts'
import { alarm, drawnTicks, lastPlace, senderOf } from './voter.ts'

/** Nothing of this is on the disk: the term stays, so a member that cannot win disturbs nobody. */
export function askForPreVotes(context: Context, _: unknown, { at }: Delivery) {
  const { id, term, outbox } = context
  const ask = { type: 'MsgPreVote' as const, term: term + 1, ...lastPlace(context) }
  const patience = waiting(context.patience, at, context.patience.ticks)
  const change: Change = {
    lead: '',
    votes: { [id]: true },
    outbox: [...outbox, ...toVoters(context, ask)],
    patience,
  }
  return [change, alarm(patience, at)] as const
}

/** A new term, and the own vote in it; others are asked once both are on the disk. */
export function standForElection(context: Context, _: unknown, { at, dice }: Delivery) {
  const { id, outbox, isHeir } = context
  const term = context.term + 1
  const ask = {
    type: 'MsgVote' as const,
    term,
    ...lastPlace(context),
    ...(isHeir ? { isTransfer: true as const } : {}),
  }
  const patience = waiting(context.patience, at, drawnTicks(dice, term))
  const change: Change = {
    term,
    lead: '',
    vote: id,
    votes: { [id]: true },
    isHeir: false,
    outbox: [...outbox, ...toVoters(context, ask)],
    patience,
  }
  return [change, alarm(patience, at)] as const
}

const toVoters = ({ voters, id }: Context, message: Mail['message']): readonly Mail[] =>
  voters.filter((to) => to !== id).map((to) => ({ to, message }))

/** A grant of a pre-vote bears the term that was asked about; every other vote our own. */
export const isPreVoteForUs = ({ term }: Context, { term: of, reject }: MsgPreVoteResp): boolean =>
  of === (reject ? term : term + 1)

export function countVote({ votes }: Context, vote: MsgPreVoteResp | MsgVoteResp, told: Delivery): Change {
  const from = senderOf(vote, told)
  return { votes: from in votes ? votes : { ...votes, [from]: !vote.reject } }
}

/** The leader asks it to take over: no pre-vote is needed, the leader is not lost. */
export const inherit = (): Change => ({ isHeir: true })

/** A change of members that is committed but not applied must be known before one stands (raft.hup). */
export function knowsTheVoters({ log, applied, commit }: Context): boolean {
  for (let index = applied + 1; index <= commit; index++) {
    const data = entryAt(log, index)?.data
    if (data !== undefined && 'request' in data && isMembershipChange(data.request)) return false
  }
  return true
}

export const hasWon = ({ votes, voters }: Context): boolean => tally(votes, voters) === 'won'
export const hasLost = ({ votes, voters }: Context): boolean => tally(votes, voters) === 'lost'
