/**
 * The bounded world of `bounded-etcd.ts` once more, by hand, and searched too simply to be wrong: every step taken anew in
 * every state, states known by the whole of their JSON. Nothing of runtime/explore, and nothing that leaves states out.
 */
import type { EventObject } from 'xstate'
import type { Bounds } from './bounded-etcd.ts'
import {
  allSynced,
  beginning,
  believes,
  born,
  contextOf,
  doubted,
  keep,
  type Member,
  NAMES,
  roleOf,
  rung,
  type State,
  stood,
  synced,
  told,
} from './members-by-hand.ts'
import { telling, withoutVain } from './states-by-hand.ts'

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
