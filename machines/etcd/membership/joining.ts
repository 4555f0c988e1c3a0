/**
 * How a member on an empty disk finds out who it is (bootstrap's `existing`), or that its cluster was there before
 * (`new`, isMemberBootstrapped). It asks those that it was told of for the list of members.
 */
import { answer, call, type Delivery, type Effect, write } from '../../../runtime/contract.ts'
import type { KnownMember, RaftMembersTold } from '../../protocol/raft.ts'
import type { Change, Context } from '../context.ts'
import { peerUrlOf } from './identity.ts'

const isFresh = ({ log, onDisk }: Context): boolean => onDisk.term === 0 && log.compacted.index === 0
export const joins = (context: Context): boolean => isFresh(context) && context.input.initialClusterState === 'existing'
export const asksBeforeFounding = (context: Context): boolean =>
  isFresh(context) && context.input.initialClusterState === 'new' && context.input.members.length > 1

export function askWhoBelongs({ input, self }: Context): readonly [Change, readonly Effect[]] {
  const others = input.members.filter((member) => member !== self)
  const asks = others.map((member) => call(member, { type: 'raft.Members' }, member))
  return [{ unheard: others }, asks]
}

/** The entry for our own address. */
const ownIn = ({ self }: Context, { members }: RaftMembersTold): KnownMember | undefined =>
  members.find(({ peerUrls }) => peerUrls.includes(peerUrlOf(self)))

export const knowsUs = (context: Context, told: RaftMembersTold): boolean => ownIn(context, told) !== undefined
export const knowsUsStarted = (context: Context, told: RaftMembersTold): boolean =>
  ownIn(context, told)?.isPublished === true

export const noteUnheard = ({ unheard }: Context, _: unknown, { line }: Delivery): Change => ({
  unheard: unheard.filter((member) => member !== line),
})
export const noteLost = ({ unheard }: Context, { line }: { readonly line: string }): Change => ({
  unheard: unheard.filter((member) => member !== line),
})
export const allHeard = ({ unheard }: Context): boolean => unheard.length === 0

export function takeIdentity(context: Context, told: RaftMembersTold): readonly [Change, readonly Effect[]] {
  const { id } = ownIn(context, told) as KnownMember
  return [{ id, unheard: [] }, [write('id', id)]]
}

export const tellWhoBelongs = ({ replica }: Context, _: unknown, { from, call: number }: Delivery): Effect =>
  answer(from, number, { type: 'raft.membersTold', members: replica.membership.members } satisfies RaftMembersTold)
export const knowNobody = (_: Context, __: unknown, { from, call: number }: Delivery): Effect =>
  answer(from, number, { type: 'raft.membersTold', members: [] } satisfies RaftMembersTold)
