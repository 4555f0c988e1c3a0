/** What becomes of an item when it is due: whether it reaches anybody, and as what. */
import type { EventObject } from 'xstate'
import { type Address, hostOf } from '../contract.ts'
import { syncedUpTo } from '../disk.ts'
import { hostsOf, isLost } from '../network.ts'
import { afterCheck, isGivenUp } from './faults.ts'
import { closedOutside, count, lose, loseOutside } from './lines.ts'
import { tell, timed, without } from './mail.ts'
import type { OpenLines } from './open-lines.ts'
import { connectMsOf, giveUpLater, HANDSHAKE_MS, isDialling, lossOf } from './silence.ts'
import type { Actor, Host, Item, Line, Tables, Timer } from './tables.ts'

/** An item that reaches its actor: the actor as it is before the step, and what it is to be told. */
export interface Arrived {
  readonly actor: Actor
  readonly timers: readonly Timer[]
  readonly lines: OpenLines
  readonly waiting: readonly Item[]
  readonly event: EventObject
  readonly item: Item
  readonly call: number
  readonly line: string
}

/** @returns undefined when the item is void, lost, held, put off, or was the runtime's own. */
export function arrived(tables: Tables, item: Item): Arrived | undefined {
  if (item.link !== '' && !crossed(tables, item)) return undefined
  if (item.kind === 'check') return afterCheck(tables, item)
  if (item.kind === 'synced') safe(tables, item)
  const actor = tables.actors.get(item.to)
  if (actor === undefined) return nobody(tables, item)
  if (item.kind === 'timer' && !actor.timers.some(({ seq }) => seq === item.seq)) return voided(tables)
  if (item.born !== 0 && item.born !== actor.life.born) return lost(tables, item)
  if (tables.paused.size > 0 && putOff(tables, actor, item)) return undefined
  if (tables.holding.size > 0 && heldBack(tables, item)) return undefined
  if (item.kind === 'idle') return afterWork(tables, actor)
  if (actor.busyUntil > tables.now || actor.waiting.length > 0) return queued(tables, actor, item)
  return onItsLine(tables, actor, item)
}

/** Comes off its link; false when a cut holds it, or when it is lost with its connection. */
function crossed(tables: Tables, item: Item): boolean {
  const { network } = tables
  if (network.links.get(item.link) === item.due) network.links.delete(item.link)
  if (isLost(network, item)) return false
  return network.cuts.size === 0 || !holds(tables, item)
}

/** A cut holds what is sent across it. One the other way keeps connections from coming about, and nothing else. */
function holds(tables: Tables, item: Item): boolean {
  const { cuts, held } = tables.network
  const hosts = hostsOf(item.link)
  const [from, to] = hosts.split('>')
  const place = cuts.has(hosts) ? hosts : `${to}>${from}`
  const since = cuts.get(place)
  if (since === undefined) return false
  const dials = isDialling(tables, item, { since, givenUp: isGivenUp(tables, place) })
  if (place !== hosts && !dials) return false
  if (dials) giveUpLater(tables, item, place, connectMsOf(tables, item))
  held.set(place, [...(held.get(place) ?? []), item])
  return true
}

/** The disk finishes what it was asked for, whether or not who asked is still there. */
function safe({ disks }: Tables, { text: process, upTo }: Item): void {
  const disk = disks.get(process)
  if (disk !== undefined) disks.set(process, syncedUpTo(disk, upTo))
}

/** Nobody plays the role. A host that is up says so; from one that is off there is only silence. */
function nobody(tables: Tables, item: Item): undefined {
  if (item.kind === 'timer') return voided(tables)
  const gateway = tables.outside.get(item.to)
  if (item.kind === 'answer' || item.kind === 'push') {
    const open = item.kind === 'push' ? tables.outsideLines.has(item.number) : closedOutside(tables, item.number)
    return gateway === undefined || !open ? deadLetter(tables) : handed(gateway, item)
  }
  if (gateway !== undefined) return handed(gateway, item)
  return lost(tables, item)
}

function handed(gateway: (item: Item) => void, item: Item): undefined {
  gateway(item)
  return undefined
}

function deadLetter(tables: Tables): undefined {
  tables.deadLetters++
  return undefined
}

/** The end of a sync, or of work, that nobody waits for any more is no letter. */
function lost(tables: Tables, item: Item): undefined {
  if (item.kind === 'idle' || item.kind === 'synced') return undefined
  if (item.kind === 'mail') refused(tables, item)
  return deadLetter(tables)
}

function refused(tables: Tables, item: Item): void {
  const { to, from, event, number, link, seq } = item
  const host = tables.hosts.get(hostOf(to))
  if (host?.up === false) return darkness(tables, item, host)
  if (number > 0 && tables.outsideLines.has(number)) return loseOutside(tables, number, 'refused')
  const sender = tables.actors.get(from)
  const line = number > 0 ? sender?.lines.numbered(number) : undefined
  if (line !== undefined) return lose(tables, from, line, 'refused')
  // Who sends no more, or was born after it was sent, is not told.
  if (link === '' || sender === undefined || seq < sender.life.born) return
  if (sender.life.logic.handles('send.refused'))
    tell(tables, to, from, { type: 'send.refused', to, event: event.type } as EventObject)
}

/** From a host without power nothing comes back. Who asked finds out with the others, or by not getting connected. */
function darkness(tables: Tables, item: Item, host: Host): void {
  const name = hostOf(item.to)
  const dials = isDialling(tables, item, host)
  const loss = lossOf(tables, item, dials ? 'refused' : 'reset')
  // What was open when the power went is known to be lost already.
  if (loss === undefined || host.orphans.some(({ number }) => number === item.number)) return
  tables.hosts.set(
    name,
    dials ? { ...host, dialling: [...host.dialling, loss] } : { ...host, orphans: [...host.orphans, loss] },
  )
  if (dials) giveUpLater(tables, item, `${name}>${name}`, connectMsOf(tables, item))
  else tables.streams.delete(item.number)
}

function voided(tables: Tables): undefined {
  tables.voids--
  return undefined
}

/** What comes for a paused process waits until it goes on. */
function putOff(tables: Tables, { life }: Actor, item: Item): boolean {
  const { process } = life
  const frozen = tables.paused.get(process)
  if (frozen === undefined) return false
  // Its host accepts connections for it: only a client that had to make a new one is without answer to its handshake.
  if (frozen.isPinged && isDialling(tables, item, frozen)) giveUpLater(tables, item, process, HANDSHAKE_MS)
  tables.paused.set(process, { ...frozen, items: [...frozen.items, item] })
  return true
}

/** What a stream tells, and that it ended, waits in order until the stream is released. */
function heldBack(tables: Tables, item: Item): boolean {
  const held = tables.holding.get(item.to)
  if (held === undefined || (item.kind !== 'push' && item.event.type !== 'stream.ended')) return false
  tables.holding.set(item.to, [...held, item])
  return true
}

/** The actor is at work: the item waits for its turn. One `idle` item is on the agenda while anything waits. */
function queued(tables: Tables, actor: Actor, item: Item): undefined {
  if (actor.waiting.length === 0) goOnLater(tables, item.to, actor.busyUntil)
  tables.actors.set(item.to, { ...actor, waiting: [...actor.waiting, item] })
  return undefined
}

function goOnLater(tables: Tables, address: Address, at: number): void {
  const idle = timed(tables, 'idle', address, { seq: tables.seq++, key: '', afterMs: 0, event: IDLE })
  tables.agenda.add({ ...idle, due: at })
}
const IDLE = { type: 'idle' }

/** Its work is done: the first that waits is delivered, the rest waits on. What it heard last may have made it busy again. */
function afterWork(tables: Tables, actor: Actor): Arrived | undefined {
  const [item, ...rest] = actor.waiting
  if (item === undefined) return undefined
  if (actor.busyUntil > tables.now) {
    goOnLater(tables, item.to, actor.busyUntil)
    return undefined
  }
  if (rest.length > 0) goOnLater(tables, item.to, tables.now)
  const freed = { ...actor, waiting: rest }
  tables.actors.set(item.to, freed)
  if (item.kind === 'timer' && !freed.timers.some(({ seq }) => seq === item.seq)) return voided(tables)
  return onItsLine(tables, freed, item)
}

/** An answer or a pushed event reaches only the line that is still open for it. */
function onItsLine(tables: Tables, actor: Actor, item: Item): Arrived | undefined {
  const { waiting } = actor
  let { timers, lines } = actor
  let call = 0
  let line = ''
  if (item.kind === 'timer') timers = without(timers, item.text)
  else if (item.kind === 'mail') call = item.number
  else if (item.kind !== 'synced') {
    const open = lines.numbered(item.number)
    if (open === undefined) return deadLetter(tables)
    line = open.line
    if (item.kind === 'answer') lines = closed(tables, lines, open)
  }
  return { actor, timers, lines, waiting, event: item.event, item, call, line }
}

function closed(tables: Tables, lines: OpenLines, open: Line): OpenLines {
  count(tables, open.to, -1)
  return lines.without(open)
}
