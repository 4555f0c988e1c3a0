/** Putting things on the agenda: mail between actors, timers, and what the runtime itself has to say. */
import type { EventObject } from 'xstate'
import { type Address, mix } from '../contract.ts'
import { arrival, micros, type Way, wayBetween } from '../network.ts'
import { type Actor, type Item, NO_TIMERS, type Notice, type Tables, type Timer } from './tables.ts'

/** What travels: to whom, what, and under which call or stream. */
export interface Mail {
  readonly kind: 'mail' | 'answer' | 'push'
  readonly from: Address
  readonly to: Address
  readonly event: EventObject
  readonly number?: number
}

/**
 * Sends over the connection between the two processes; inside a process at once and in order.
 * @returns the sequence number, which numbers a call or a stream.
 */
export function post(tables: Tables, process: Address, mail: Mail): number {
  const { from, to, event, kind } = mail
  const seq = tables.seq++
  const receiver = tables.actors.get(to)
  const toProcess = receiver === undefined ? to : receiver.life.process
  const born = receiver === undefined ? 0 : receiver.life.born
  const way = process === toProcess ? undefined : wayBetween(process, toProcess)
  const due = way === undefined ? tables.now : crossing(tables, way, seq)
  const link = way?.link ?? ''
  const number = mail.number ?? 0
  tables.agenda.add({ due, seq, kind, to, from, event, cause: tables.cause, number, text: '', link, born, upTo: 0 })
  return seq
}

const crossing = ({ network, options, now }: Tables, way: Way, seq: number): number =>
  arrival(network, options.latencies, way, mix(options.seed, seq), now)

/** The process of a role: of the actor that plays it, or the role itself, `role/host`, when nobody does. */
export function processOf(tables: Tables, address: Address): Address {
  const actor = tables.actors.get(address)
  return actor === undefined ? address : actor.life.process
}

/** What the runtime tells an actor, over the same connection as what came before it. */
export function tell(tables: Tables, from: Address, to: Address, event: EventObject): void {
  post(tables, processOf(tables, from), { kind: 'mail', from, to, event })
}

/** Told where it is known, not over a connection: that is gone. */
export function notify(tables: Tables, { from, to, event, number }: Notice): void {
  const kind = number > 0 ? 'answer' : 'mail'
  const { now: due, cause } = tables
  const seq = tables.seq++
  tables.agenda.add({ due, seq, kind, to, from, event, cause, number, text: '', link: '', born: 0, upTo: 0 })
}

export function setTimer(tables: Tables, address: Address, actor: Actor, timer: Omit<Timed, 'seq'>): void {
  const { key, afterMs, event } = timer
  if (Number.isNaN(afterMs)) throw new Error(`the timer "${key}" is set to no number of milliseconds`)
  cancelTimer(tables, actor, key)
  const seq = tables.seq++
  actor.timers = [...actor.timers, { key, seq }]
  tables.agenda.add(timed(tables, 'timer', address, { seq, key, afterMs, event }))
}

export function cancelTimer(tables: Tables, actor: Actor, key: string): void {
  const timers = without(actor.timers, key)
  if (timers === actor.timers) return
  actor.timers = timers
  tables.voids++
}

interface Timed {
  readonly seq: number
  readonly key: string
  readonly afterMs: number
  readonly event: EventObject
  readonly upTo?: number
}

/** Something that happens at one actor by itself: a timer, the end of a sync, the end of its work, a check. */
export function timed(
  tables: Tables,
  kind: Item['kind'],
  to: Address,
  { seq, key, afterMs, event, upTo }: Timed,
): Item {
  const due = micros(tables.now + Math.max(0, afterMs))
  const born = tables.actors.get(to)?.life.born ?? 0
  return {
    due,
    seq,
    kind,
    to,
    from: to,
    event,
    cause: tables.cause,
    number: 0,
    text: key,
    link: '',
    born,
    upTo: upTo ?? 0,
  }
}

export function without(timers: readonly Timer[], key: string): readonly Timer[] {
  const i = timers.findIndex((timer) => timer.key === key)
  if (i < 0) return timers
  return timers.length === 1 ? NO_TIMERS : timers.toSpliced(i, 1)
}

/** Timers that were cancelled or whose actor is gone are thrown out once they are the larger part. */
export function swept(tables: Tables): void {
  if (tables.voids < 1_000 || tables.voids < tables.agenda.size / 2) return
  const alive = ({ kind, to, seq }: Item): boolean =>
    kind !== 'timer' || (tables.actors.get(to)?.timers.some((timer) => timer.seq === seq) ?? false)
  tables.agenda = tables.agenda.keep(alive)
  tables.voids = 0
}
