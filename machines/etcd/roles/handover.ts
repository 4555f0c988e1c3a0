/**
 * Handing over: a leader that is asked to lets another lead, without anybody waiting for a timeout (raft's leadership
 * transfer, EtcdServer.MoveLeader).
 */
import { answer, type Delivery, type Effect } from '../../../runtime/contract.ts'
import { numberKey } from '../../../runtime/tree.ts'
import type { MoveLeaderRequest } from '../../protocol/etcd-admin.ts'
import { asked } from '../asking.ts'
import type { Change, Context } from '../context.ts'
import * as failures from '../failures.ts'
import { idOfNumber } from '../membership/strictness.ts'
import { posted } from './voter.ts'

export const isNoVoter = ({ voters }: Context, { targetId }: MoveLeaderRequest): boolean =>
  idOfNumber(voters, targetId) === undefined
export const isOurselves = ({ id }: Context, { targetId }: MoveLeaderRequest): boolean =>
  idOfNumber([id], targetId) !== undefined

/** It will be sent what it lacks, if anything, and then told to stand. Nothing is written meanwhile. */
export function beginHandover(context: Context, { targetId }: MoveLeaderRequest, told: Delivery) {
  const { voters, owed } = context
  const heir = idOfNumber(voters, targetId) as string
  const change: Change = {
    handover: { ...asked(told), heir, isTold: false },
    owed: { ...owed, [heir]: owed[heir] ?? false },
  }
  return [change, failHandover(context)[1]] as const
}

export function heirIsReady({ handover, progress, log }: Context): boolean {
  return handover !== undefined && !handover.isTold && progress[handover.heir]?.match === log.last.index
}
export function tellTheHeir(context: Context): Change {
  const { handover, term } = context
  if (handover === undefined) return {}
  return { handover: { ...handover, isTold: true }, ...posted(context, handover.heir, { type: 'MsgTimeoutNow', term }) }
}
export const heirIsGone = ({ handover, voters }: Context): boolean =>
  handover !== undefined && !voters.includes(handover.heir)

export const isUnderWay = ({ handover }: Context): boolean => handover !== undefined
export const heirLeads = ({ handover, lead }: Context): boolean => lead === handover?.heir

export const tellThatItLeads = ({ handover, replica }: Context): readonly [Change, readonly Effect[]] =>
  ended(handover && answer(handover.from, handover.call, answered(replica)))
export const failHandover = ({ handover }: Context): readonly [Change, readonly Effect[]] =>
  ended(handover && answer(handover.from, handover.call, failures.transferTimedOut))

const ended = (reply: Effect | undefined): readonly [Change, readonly Effect[]] => [
  { handover: undefined },
  reply === undefined ? [] : [reply],
]
const answered = ({ store }: Context['replica']) => ({
  type: 'etcd.answered' as const,
  revision: store.revision,
  reply: {},
})

export const leadsAlready = ({ replica }: Context, _: MoveLeaderRequest, { from, call }: Delivery): Effect =>
  answer(from, call, answered(replica))
export const refuseTransferee = (_: Context, __: unknown, { from, call }: Delivery): Effect =>
  answer(from, call, failures.badTransferee)
export const isNotLeader = (_: Context, __: unknown, { from, call }: Delivery): Effect =>
  answer(from, call, failures.notLeader)

/** Who hands over, or belongs to the cluster no more, takes no writes: its own clients are told. */
export function dropProposals(context: Context): readonly [Change, readonly Effect[]] {
  let { waiting } = context
  const effects: Effect[] = []
  for (const { number } of context.proposals) {
    const key = numberKey(number)
    const asker = waiting.get(key)
    if (asker !== undefined) effects.push(answer(asker.from, asker.call, failures.proposalDropped))
    waiting = waiting.delete(key)
  }
  return [{ proposals: [], waiting }, effects]
}
