/** What the raft library would log of a step of ours: read off the member before and after it. */
import type { AnyMachineSnapshot, EventObject } from 'xstate'
import type { Context } from '../../../../machines/etcd/context.ts'
import { addressOf } from '../../../../machines/etcd/membership/identity.ts'
import * as voter from '../../../../machines/etcd/roles/voter.ts'
import type { MsgPreVote, MsgVote } from '../../../../machines/protocol/raft.ts'
import { delivery } from '../../../../runtime/contract.ts'
import { dotted } from '../../../../runtime/inspect/state.ts'
import type { Stepped } from '../../../unit/machines/etcd/cluster.ts'

const tagged = (id: string): string => `<${addressOf(id)}>`
const roleIn = (snapshot: AnyMachineSnapshot | undefined): string =>
  snapshot === undefined ? '' : (/role\.([a-zA-Z]+)/.exec(dotted(snapshot.value))?.[1] ?? dotted(snapshot.value))
const follows = (role: string): boolean => role === 'follower' || role === 'learner'

export function linesOf(stepped: Stepped): readonly string[] {
  const { before, after } = stepped
  const [was, is] = [roleIn(before), roleIn(after)]
  const me = tagged(stepped.name)
  const now = after.context as Context
  const past = before?.context as Context | undefined
  if (!isServing(before)) return isServing(after) ? births(now, stepped.event).map((text) => `${me} ${text}`) : []
  const known = past as Context
  return [...votes(stepped, known, now), ...elections(stepped.event, was, is, known, now), ...leads(known, now)].map(
    (text) => `${me} ${text}`,
  )
}
const isServing = (snapshot: AnyMachineSnapshot | undefined): boolean =>
  snapshot !== undefined && dotted(snapshot.value).startsWith('serving')

/** From an empty disk raft begins in term 0; a founder is in term 1 at once. */
function births({ term }: Context, { type }: EventObject): readonly string[] {
  if (type === 'restart') return [`became follower at term ${term}`]
  return ['became follower at term 0', ...(term > 0 ? [`became follower at term ${term}`] : [])]
}

function votes({ event, from, at }: Stepped, was: Context, now: Context): readonly string[] {
  if (event.type !== 'MsgVote' && event.type !== 'MsgPreVote') return []
  const asked = event as MsgVote & MsgPreVote
  const told = { ...delivery, from, at }
  const who = tagged(voter.senderOf(asked, told))
  if (voter.isMisdirected(was, asked, told)) return []
  if (voter.leaderIsKnownAndFresh(was, asked, told)) return [`ignored ${event.type} from ${who} at term ${was.term}`]
  if (event.type === 'MsgVote' && voter.isEarlier(was, asked)) return []
  const deserves =
    event.type === 'MsgVote' ? voter.deservesVote(was, asked, told) : voter.deservesPreVote(was, asked, told)
  const followed = now.term > was.term ? [`became follower at term ${now.term}`] : []
  const verdict = deserves ? `cast ${event.type} for` : `rejected ${event.type} from`
  return [...followed, `${verdict} ${who} at term ${now.term}`]
}

function elections({ type }: EventObject, was: string, is: string, past: Context, now: Context): readonly string[] {
  const lines: string[] = []
  const isCandidacy = is === 'candidate' || is === 'leader'
  const begins = type === 'election.due' && (is === 'preCandidate' || (isCandidacy && was !== is))
  if (begins || (type === 'MsgTimeoutNow' && is === 'candidate'))
    lines.push(`is starting a new election at term ${past.term}`)
  if (begins) lines.push(`became pre-candidate at term ${past.term}`)
  if (isCandidacy && now.term > past.term) lines.push(`became candidate at term ${now.term}`)
  if (is === 'leader' && was !== 'leader') lines.push(`became leader at term ${now.term}`)
  const isLater = now.term > past.term && !isCandidacy && type !== 'MsgVote'
  if (isLater || (!follows(was) && follows(is) && now.term === past.term))
    lines.push(`became follower at term ${now.term}`)
  return lines
}

function leads(past: Context, { lead, term }: Context): readonly string[] {
  if (lead === past.lead) return []
  if (lead === '') return [`lost leader ${tagged(past.lead)} at term ${term}`]
  if (past.lead === '') return [`elected leader ${tagged(lead)} at term ${term}`]
  return [`changed leader from ${tagged(past.lead)} to ${tagged(lead)} at term ${term}`]
}
