/**
 * Three members of etcd stepped by XState itself, each with its disk, its clock and its timers, and the mail between
 * them: plain data, and nothing of the runtime but how XState is stepped.
 */
import type { AnyMachineSnapshot, EventObject } from 'xstate'
import type { Context } from '../../../machines/etcd/context.ts'
import { etcd } from '../../../machines/etcd/member.ts'
import { delivery, draw, type Effect } from '../../../runtime/contract.ts'
import { start, step } from '../../../runtime/step.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { Bounds } from './bounded-etcd.ts'

export interface Member {
  readonly snapshot: AnyMachineSnapshot
  readonly clock: number
  readonly life: number
  readonly timers: Readonly<Record<string, number>>
  readonly safe: Tree<unknown>
  readonly unsafe: readonly { readonly key: string; readonly value: unknown }[]
  /** Of each sync under way, how many of those writes it makes safe. */
  readonly syncs: readonly number[]
}
export interface State {
  readonly members: readonly Member[]
  readonly mail: Readonly<Record<string, readonly EventObject[]>>
  readonly left: { readonly crashes: number; readonly writes: number; readonly elections?: number }
}

export const NAMES = ['etcd/m-1', 'etcd/m-2', 'etcd/m-3']
/** Of every life that was begun: whose it is, and which. */
export const LIVES = new Map<number, readonly [member: number, life: number]>()
export const contextOf = (member: Member | undefined): Context => member?.snapshot.context as Context
export const keep = (tree: Tree<unknown>, writes: Member['unsafe']): Tree<unknown> =>
  writes.reduce((disk, { key, value }) => (value === undefined ? disk.delete(key) : disk.set(key, value)), tree)

export function beginning({ writes, crashes, elections }: Bounds): State {
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

export function born(state: State, i: number, disk: Tree<unknown>): State {
  const [self, member] = [NAMES[i] as string, state.members[i] as Member]
  tells(self, { ...member, life: member.life + 1 }, '', disk)
  const { snapshot, effects } = start(etcd, { name: `m-${i + 1}`, members: NAMES, initialElectionTickAdvance: false })
  LIVES.set((snapshot.context as Context).life, [i, member.life])
  const reborn = { snapshot, life: member.life + 1, timers: {}, safe: disk, unsafe: [], syncs: [] }
  return carriedOut(with_(state, i, reborn), i, effects)
}
export function told(state: State, i: number, event: EventObject, from: string): State {
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

export function synced(state: State, i: number): State {
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
export const allSynced = (state: State, i: number): State =>
  (state.members[i] as Member).syncs.length === 0 ? state : allSynced(synced(state, i), i)
/** Its clock goes on to when the timer is due. */
export function rung(state: State, i: number, key: string): State {
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
export function stood(state: State, i: number): State {
  const now = rung(state, i, 'election')
  return roleOf(now.members[i]) === 'follower' ? stood(now, i) : now
}
export const roleOf = (member: Member | undefined): string => {
  const { serving } = member?.snapshot.value as { serving: { role: string | Record<string, string> } }
  return typeof serving.role === 'string' ? serving.role : (Object.keys(serving.role)[0] as string)
}

/** Ten ticks of its process since it heard of its leader. */
const doubtAt = ({ tickedAt, heardAt }: Context['patience']): number =>
  tickedAt + (Math.floor((heardAt - tickedAt) / 100) + 10) * 100
export function believes(member: Member, { terms }: Bounds): boolean {
  const { lead, id, patience, term } = contextOf(member)
  return term < terms && lead !== '' && lead !== id && member.clock < doubtAt(patience)
}
export function doubted(state: State, i: number): State {
  const until = doubtAt(contextOf(state.members[i]).patience)
  let now = state
  while (((now.members[i] as Member).timers['election'] ?? until) < until) now = rung(now, i, 'election')
  return with_(now, i, { clock: until })
}
