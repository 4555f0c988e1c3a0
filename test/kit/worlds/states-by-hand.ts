/** What of the members of `members-by-hand.ts` is a state: a text, and one of all that are the same but for names. */
import type { EventObject } from 'xstate'
import type { RaftMessage } from '../../../machines/protocol/raft.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { Bounds } from './bounded-etcd.ts'
import { believes, contextOf, LIVES, type Member, roleOf, type State } from './members-by-hand.ts'

/**
 * Times, what only clients, reads and quorum checks would look at, how the cluster was founded: nothing ahead depends on
 * it. `bounded-etcd.ts` has the same list: a field that is wrongly left out there would be here, too, were it one list.
 */
const NOTHING_TO =
  /^(input|patience|bornAt|electedAt|since|call|lessor|leadersSeen|recentlyActive|inFlight|watchers|size|progressNotifyIntervalMs|pendingChange|membership|addNode|waiting)$/

/** A member's text is not made twice. */
export function telling(bounds: Bounds): (state: State) => string {
  const known = new Map<string, WeakMap<Member, string>>()
  const textOf = (member: Member, { crashes, writes }: State['left']): string => {
    const kind = `${crashes > 0} ${writes > 0}`
    const texts = known.get(kind) ?? new WeakMap<Member, string>()
    known.set(kind, texts)
    const text = texts.get(member) ?? memberText(member, crashes > 0, writes > 0, bounds)
    texts.set(member, text)
    return text
  }
  return ({ members, mail, left }) =>
    stateText(
      members.map((member) => textOf(member, left)),
      mail,
      left,
    )
}
/** What a role leaves behind counts in no other; the disk before a crash, and by what a write is told before a write. */
function memberText(member: Member, mayCrash: boolean, mayWrite: boolean, bounds: Bounds): string {
  const { votes, ticks, life, nextNumber, ...context } = contextOf(member)
  const role = roleOf(member)
  const own = { ...(/andidate/.test(role) ? { votes } : {}), ...(role === 'leader' ? { ticks } : {}) }
  const next = mayWrite ? { life, nextNumber } : {}
  const disk = mayCrash ? { synced: member.safe, unsynced: member.unsafe } : {}
  const { value: state } = member.snapshot
  const syncs = member.syncs.length
  return inOrder({
    state,
    context: { ...context, ...own, ...next },
    believes: believes(member, bounds),
    syncs,
    ...disk,
  })
}

/** Answers to what nobody asks any more, and votes asked for in a term that is over. */
export const withoutVain = (state: State): State => ({
  ...state,
  mail: Object.fromEntries(
    Object.entries(state.mail).map(([way, messages]) => {
      const member = state.members[Number(way.slice(2))] as Member
      return [way, messages.filter((message) => !isVain(member, message as RaftMessage))]
    }),
  ),
})
function isVain(member: Member, message: RaftMessage): boolean {
  const { term } = contextOf(member)
  switch (message.type) {
    case 'MsgVote':
      return message.term < term
    case 'MsgPreVoteResp':
      return message.reject ? message.term < term : message.term <= term
    case 'MsgVoteResp':
      return message.term < term || (message.term === term && roleOf(member) !== 'candidate')
    case 'MsgAppResp':
    case 'MsgHeartbeatResp':
      return message.term < term || (message.term === term && roleOf(member) === 'follower')
    default:
      return false
  }
}

export function stateText(members: readonly string[], mail: State['mail'], left: object): string {
  const underWay = Object.entries(mail).filter(([, { length }]) => length > 0)
  return `${members.join('\n')}\n${inOrder([Object.fromEntries(underWay), left])}`
}

/** Of all texts that a state has when its members swap names, the first. */
export function nameless(text: string): string {
  const lines = text.split('\n')
  const [mail, left] = JSON.parse(lines.at(-1) ?? '') as [State['mail'], object]
  const texts = ORDERS.map((order) => {
    const members = order.map((_, i) => renamed(lines[order.indexOf(i)] as string, order))
    const posts = Object.entries(mail).map(([way, list]) => {
      const [from, to] = way.split('>').map(Number) as [number, number]
      return [`${order[from]}>${order[to]}`, JSON.parse(renamed(JSON.stringify(list), order)) as EventObject[]] as const
    })
    return stateText(members, Object.fromEntries(posts), left)
  })
  return texts.sort()[0] as string
}
const ORDERS: readonly (readonly number[])[] = [
  ...[[0, 1, 2] as const, [0, 2, 1] as const, [1, 0, 2] as const],
  ...[[1, 2, 0] as const, [2, 0, 1] as const, [2, 1, 0] as const],
]
function renamed(text: string, order: readonly number[]): string {
  const named = text
    .replace(/m-(\d)/g, (_, number: string) => `m-${(order[Number(number) - 1] as number) + 1}`)
    .replace(/"life":(\d+)/g, (_, number: string) => {
      const [of, life] = LIVES.get(Number(number)) as readonly [number, number]
      return `"life":"${order[of]} ${life}"`
    })
  return inOrder(JSON.parse(named))
}

/** JSON with its fields in order; and so are names, and mail by whom it is for: nothing else is a list in any order. */
export function inOrder(value: unknown): string {
  return JSON.stringify(value, (field, part: unknown) => {
    if (NOTHING_TO.test(field)) return undefined
    if (part instanceof Tree) return part.entries()
    if (Array.isArray(part))
      return part.toSorted((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) < placeOf(b) ? -1 : 1))
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
const placeOf = (one: unknown): string => (typeof one === 'string' ? one : ((one as { to?: string } | null)?.to ?? ''))
