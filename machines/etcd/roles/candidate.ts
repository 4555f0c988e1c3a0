/** Standing for election: first asking whether it would be won (pre-vote), then in earnest (raft.campaign). */
import type { Delivery } from '../../../runtime/contract.ts'
import type { MsgPreVoteResp, MsgVoteResp } from '../../protocol/raft.ts'
import type { Change, Context, Mail } from '../context.ts'
import { waiting } from '../raft/election.ts'
import { tally } from '../raft/quorum.ts'
import { alarm, drawnTicks, lastPlace } from './voter.ts'

/** Nothing of this is on the disk: the term stays, so a member that cannot win disturbs nobody. */
export function askForPreVotes(context: Context, _: unknown, { at }: Delivery) {
  const { self, term, outbox } = context
  const ask = { type: 'MsgPreVote' as const, term: term + 1, ...lastPlace(context) }
  const patience = waiting(context.patience, at, context.patience.ticks)
  const change: Change = {
    lead: '',
    votes: { [self]: true },
    outbox: [...outbox, ...toPeers(context, ask)],
    patience,
  }
  return [change, alarm(patience, at)] as const
}

/** A new term, and the own vote in it; others are asked once both are on the disk. */
export function standForElection(context: Context, _: unknown, { at, dice }: Delivery) {
  const { self, outbox } = context
  const term = context.term + 1
  const patience = waiting(context.patience, at, drawnTicks(dice, term))
  const change: Change = {
    term,
    vote: self,
    votes: { [self]: true },
    outbox: [...outbox, ...toPeers(context, { type: 'MsgVote', term, ...lastPlace(context) })],
    patience,
  }
  return [change, alarm(patience, at)] as const
}

const toPeers = ({ peers }: Context, message: Mail['message']): readonly Mail[] => peers.map((to) => ({ to, message }))

/** A grant of a pre-vote bears the term that was asked about; every other vote our own. */
export const isPreVoteForUs = ({ term }: Context, { term: of, reject }: MsgPreVoteResp): boolean =>
  of === (reject ? term : term + 1)

export const countVote = (
  { votes }: Context,
  { reject }: MsgPreVoteResp | MsgVoteResp,
  { from }: Delivery,
): Change => ({ votes: from in votes ? votes : { ...votes, [from]: !reject } })

export const hasWon = ({ votes, members }: Context): boolean => tally(votes, members) === 'won'
export const hasLost = ({ votes, members }: Context): boolean => tally(votes, members) === 'lost'
