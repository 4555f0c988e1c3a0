/** The post between members: who is meant is said where the address alone does not say it. */
import { type Effect, send } from '../../runtime/contract.ts'
import type { RaftMessage } from '../protocol/raft.ts'
import type { Context, Mail } from './context.ts'
import { addressOf } from './membership/identity.ts'

export const sends = (from: Context, mails: readonly Mail[]): readonly Effect[] =>
  mails.map(({ to, message }) => send(addressOf(to), marked(from, to, message)))

function marked({ id, self }: Context, to: string, message: RaftMessage): RaftMessage {
  if (id === self && !to.includes('#')) return message
  return { ...message, from: id, to }
}
