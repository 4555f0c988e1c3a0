/**
 * The bounded world of `bounded.ts` once more, by hand, and searched too simply to be wrong: members stepped by XState
 * itself, every step taken anew in every state, states known by the whole of their JSON. Nothing of runtime/explore.
 */
import type { AnyMachineSnapshot, EventObject } from 'xstate'
import type { Context } from '../../../machines/etcd/context.ts'
import { etcd } from '../../../machines/etcd/member.ts'
import type { RaftMessage } from '../../../machines/protocol/raft.ts'
import { delivery, draw, type Effect } from '../../../runtime/contract.ts'
import { start, step } from '../../../runtime/step.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { Bounds } from './bounded-etcd.ts'

interface Member {
  readonly snapshot: AnyMachineSnapshot
  readonly clock: number
  readonly life: number
  readonly timers: Readonly<Record<string, number>>
  readonly safe: Tree<unknown>
  readonly unsafe: readonly { readonly key: string; readonly value: unknown }[]
  /** Of each sync under way, how many of those writes it makes safe. */
  readonly syncs: readonly number[]
}
interface State {
  readonly members: readonly Member[]
  readonly mail: Readonly<Record<string, readonly EventObject[]>>
  readonly left: { readonly crashes: number; readonly writes: number; readonly elections?: number }
}

const NAMES = ['etcd/m-1', 'etcd/m-2', 'etcd/m-3']
const contextOf = (member: Member | undefined): Context => member?.snapshot.context as Context
const keep = (tree: Tree<unknown>, writes: Member['unsafe']): Tree<unknown> =>
  writes.reduce((disk, { key, value }) => (value === undefined ? disk.delete(key) : disk.set(key, value)), tree)

/** Every state that can be reached, as text, and whether it is an end. */
export function everyState(bounds: Bounds): ReadonlyMap<string, boolean> {
  const textOf = telling(bounds)
  const queue = [beginning(bounds)]
  const known = new Map(queue.map((state) => [textOf(state), false]))
  for (const state of queue) {
    const nexts = stepsFrom(state, bounds)
      .map(withoutVain)
      .filter((next) => isWithin(next, bounds))
    if (nexts.length === 0) known.set(textOf(state), true)
    for (const next of nexts) {
      const text = textOf(next)
      if (!known.has(text)) queue.push(next)
      known.set(text, known.get(text) ?? false)
    }
  }
  return known
}

function beginning({ writes, crashes, elections }: Bounds): State {
  const blank = { clock: 0, life: 0, timers: {}, safe: Tree.of(), unsafe: [], syncs: [] }
  const nobody = NAMES.map(() => blank as unknown as Member)
  const state: State = {
    members: nobody,
    mail: {},
    left: { crashes, writes, ...(elections === undefined ? {} : { elections }) },
  }
  return NAMES.reduce((now, _, i) => synced(born(now, i, Tree.of()), i), state)
}

const with_ = (state: State, i: number, change: Partial<Member>): State => ({
  ...state,
  members: state.members.map((member, at) => (at === i ? { ...member, ...change } : member)),
})
const tells = (self: string, { clock, life }: Member, from = '', disk?: Tree<unknown>) =>
  Object.assign(delivery, { self, at: clock, from, dice: draw(42, self, life), call: 0, line: '', disk })

function born(state: State, i: number, disk: Tree<unknown>): State {
  const [self, member] = [NAMES[i] as string, state.members[i] as Member]
  tells(self, { ...member, life: member.life + 1 }, '', disk)
  const { snapshot, effects } = start(etcd, { name: `m-${i + 1}`, members: NAMES })
  const reborn = { snapshot, life: member.life + 1, timers: {}, safe: disk, unsafe: [], syncs: [] }
  return carriedOut(with_(state, i, reborn), i, effects)
}
function told(state: State, i: number, event: EventObject, from: string): State {
  const member = state.members[i] as Member
  tells(NAMES[i] as string, member, from)
  const { snapshot, effects } = step(etcd, member.snapshot, event)
  if (snapshot.status !== 'active') throw new Error(`${NAMES[i]} has ended`)
  return carriedOut(with_(state, i, { snapshot }), i, effects)
}
function carriedOut(state: State, i: number, effects: readonly Effect[]): State {
  let { mail } = state
  let { timers, unsafe, syncs } = state.members[i] as Member
  const { clock } = state.members[i] as Member
  for (const effect of effects) {
    if (effect.do === 'send') {
      const way = `${i}>${NAMES.indexOf(effect.to)}`
      mail = { ...mail, [way]: [...(mail[way] ?? []), effect.event] }
    } else if (effect.do === 'wake') timers = { ...timers, [effect.key]: clock + effect.afterMs }
    else if (effect.do === 'write') unsafe = [...unsafe, { key: effect.key, value: effect.value }]
    else if (effect.do === 'sync') syncs = [...syncs, unsafe.length]
    else if (effect.do !== 'answer') throw new Error(`nothing is known here of ${effect.do}`)
  }
  return { ...with_(state, i, { timers, unsafe, syncs }), mail }
}

function synced(state: State, i: number): State {
  const { safe, unsafe, syncs } = state.members[i] as Member
  const [upTo, ...later] = syncs
  if (upTo === undefined) return state
  const change = {
    safe: keep(safe, unsafe.slice(0, upTo)),
    unsafe: unsafe.slice(upTo),
    syncs: later.map((n) => n - upTo),
  }
  return told(with_(state, i, change), i, { type: 'disk.synced', key: 'raft' } as EventObject, NAMES[i] as string)
}
const allSynced = (state: State, i: number): State =>
  (state.members[i] as Member).syncs.length === 0 ? state : allSynced(synced(state, i), i)
/** Its clock goes on to when the timer is due. */
function rung(state: State, i: number, key: string): State {
  const { timers, clock } = state.members[i] as Member
  const { [key]: due = 0, ...others } = timers
  return told(
    with_(state, i, { timers: others, clock: Math.max(clock, due) }),
    i,
    { type: `${key}.due` },
    NAMES[i] as string,
  )
}
/** Rings until it has not slept on. */
function stood(state: State, i: number): State {
  const now = rung(state, i, 'election')
  return roleOf(now.members[i]) === 'follower' ? stood(now, i) : now
}
const roleOf = (member: Member | undefined): string => {
  const { serving } = member?.snapshot.value as { serving: { role: string | Record<string, string> } }
  return typeof serving.role === 'string' ? serving.role : (Object.keys(serving.role)[0] as string)
}

/** Ten ticks of its process since it heard of its leader. */
const doubtAt = ({ tickedAt, heardAt }: Context['patience']): number =>
  tickedAt + (Math.floor((heardAt - tickedAt) / 100) + 10) * 100
function believes(member: Member, { terms }: Bounds): boolean {
  const { lead, id, patience, term } = contextOf(member)
  return term < terms && lead !== '' && lead !== id && member.clock < doubtAt(patience)
}
function doubted(state: State, i: number): State {
  const until = doubtAt(contextOf(state.members[i]).patience)
  let now = state
  while (((now.members[i] as Member).timers['election'] ?? until) < until) now = rung(now, i, 'election')
  return with_(now, i, { clock: until })
}

function stepsFrom(state: State, bounds: Bounds): readonly State[] {
  return state.members.flatMap((member, i) => {
    const own = ownSteps(state, member, i, bounds)
    const heard = NAMES.flatMap((from, j) => {
      const [first, ...rest] = state.mail[`${j}>${i}`] ?? []
      return first === undefined
        ? []
        : [told({ ...state, mail: { ...state.mail, [`${j}>${i}`]: rest } }, i, first, from)]
    })
    const all = [...heard, ...own]
    return bounds.disks === 'any time' ? all : all.map((next) => allSynced(next, i))
  })
}
function ownSteps(state: State, member: Member, i: number, bounds: Bounds): State[] {
  const { term, ticks, nextNumber } = contextOf(member)
  const { left } = state
  const steps: State[] = []
  const leads = roleOf(member) === 'leader'
  if (term < bounds.terms && !leads && left.elections !== 0 && !isUnderWay(state, i, /Vote$/, /VoteResp$/))
    steps.push(stood(left.elections === undefined ? state : oneLess(state, left.elections), i))
  if (leads && ticks < bounds.beats && !isUnderWay(state, i, /Heartbeat$/, /HeartbeatResp$/))
    steps.push(rung(state, i, 'heartbeat'))
  if (member.syncs.length > 0) steps.push(synced(state, i))
  if (believes(member, bounds)) steps.push(doubted(state, i))
  const put = { type: 'etcd.Put', key: 'k', value: `m-${i + 1} ${nextNumber}` } as EventObject
  if (left.writes > 0)
    steps.push(told({ ...state, left: { ...left, writes: left.writes - 1 } }, i, put, 'client/outside'))
  const mail = Object.fromEntries(Object.entries(state.mail).filter(([way]) => !way.endsWith(`>${i}`)))
  for (let kept = 0; kept <= member.unsafe.length && left.crashes > 0; kept++) {
    const survived = keep(member.safe, member.unsafe.slice(0, kept))
    steps.push(born({ ...state, mail, left: { ...left, crashes: left.crashes - 1 } }, i, survived))
  }
  return steps
}
/** Answers to what nobody asks any more, and votes asked for in a term that is over. */
const withoutVain = (state: State): State => ({
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
const oneLess = (state: State, elections: number): State => ({
  ...state,
  left: { ...state.left, elections: elections - 1 },
})
/** What it asked about that, or is answered, on the way or waiting for a disk. */
const isUnderWay = ({ members, mail }: State, i: number, asked: RegExp, answered: RegExp): boolean =>
  members.some((member, j) => {
    if (j === i) return unsaid(member).some(({ message }) => asked.test(message.type))
    return (
      (mail[`${i}>${j}`] ?? []).some(({ type }) => asked.test(type)) ||
      (mail[`${j}>${i}`] ?? []).some(({ type }) => answered.test(type)) ||
      unsaid(member).some(({ to, message }) => to === NAMES[i] && answered.test(message.type))
    )
  })
const unsaid = (member: Member) => {
  const { outbox, writing } = contextOf(member)
  return [...outbox, ...(writing?.held ?? [])]
}
const isWithin = ({ members, mail }: State, { terms, room }: Bounds): boolean =>
  Object.values(mail).every(({ length }) => length <= room) &&
  members.every((member) => contextOf(member).term <= terms) &&
  members.every((member) => NAMES.every((name) => unsaid(member).filter(({ to }) => to === name).length <= room))

/** Times, what only reads and quorum checks would look at, and what a role left behind: nothing ahead depends on it. */
const NOTHING_TO =
  /^(input|patience|bornAt|electedAt|since|call|lessor|leadersSeen|recentlyActive|inFlight|watchers|size|progressNotifyIntervalMs|pendingChange)$/

/** A member's text is not made twice. */
function telling(bounds: Bounds): (state: State) => string {
  const known = [new WeakMap<Member, string>(), new WeakMap<Member, string>()]
  const remembered = (member: Member, crashes: number): string => {
    const text = known[crashes]?.get(member) ?? memberText(member, crashes > 0, bounds)
    known[crashes]?.set(member, text)
    return text
  }
  return ({ members, mail, left }) =>
    stateText(
      members.map((member) => remembered(member, left.crashes)),
      mail,
      left,
    )
}
function memberText(member: Member, mayCrash: boolean, bounds: Bounds): string {
  const { votes, ticks, ...context } = contextOf(member)
  const role = roleOf(member)
  const own = { ...(/andidate/.test(role) ? { votes } : {}), ...(role === 'leader' ? { ticks } : {}) }
  const disk = mayCrash ? { synced: member.safe, unsynced: member.unsafe } : {}
  const { value: state } = member.snapshot
  const syncs = member.syncs.length
  return inOrder({ state, context: { ...context, ...own }, believes: believes(member, bounds), syncs, ...disk })
}

export function stateText(members: readonly string[], mail: State['mail'], left: object): string {
  const underWay = Object.entries(mail).filter(([, { length }]) => length > 0)
  return `${members.join('\n')}\n${inOrder([Object.fromEntries(underWay), left])}`
}

/** JSON with its fields in order. */
export function inOrder(value: unknown): string {
  return JSON.stringify(value, (field, part: unknown) => {
    if (NOTHING_TO.test(field)) return undefined
    if (part instanceof Tree) return part.entries()
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
