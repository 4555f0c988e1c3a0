/** What becomes of an item when it is due: whether it reaches anybody, and as what. */
import type { EventObject } from 'xstate'
import { hostOf } from '../contract.ts'
import { EMPTY_DISK, syncedUpTo } from '../disk.ts'
import { hostsOf, isLost } from '../network.ts'
import { afterCheck } from './faults.ts'
import { count, lose, withoutLine } from './lines.ts'
import { tell, timed, without } from './mail.ts'
import type { Actor, Item, Line, Tables, Timer } from './tables.ts'

/** An item that reaches its actor: the actor as it is before the step, and what it is to be told. */
export interface Arrived {
  readonly actor: Actor
  readonly timers: readonly Timer[]
  readonly lines: readonly Line[]
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
  if (item.born !== 0 && item.born !== actor.life.born) return ofAFormerLife(tables, item)
  if (tables.paused.size > 0 && putOff(tables, actor, item)) return undefined
  if (item.kind === 'idle') return afterWork(tables, actor)
  if (actor.busyUntil > tables.now || actor.waiting.length > 0) return queued(tables, actor, item)
  return onItsLine(tables, actor, item)
}

/** Comes off its link; false when a cut holds it, or when it is lost with its connection. */
function crossed(tables: Tables, item: Item): boolean {
  const { network } = tables
  if (network.links.get(item.link) === item.due) network.links.delete(item.link)
  if (isLost(network, item)) return false
  if (network.cuts.size === 0) return true
  const hosts = hostsOf(item.link)
  if (!network.cuts.has(hosts)) return true
  network.held.set(hosts, [...(network.held.get(hosts) ?? []), item])
  return false
}

function safe(tables: Tables, { to, upTo }: Item): void {
  const process = tables.actors.get(to)?.life.process ?? to
  tables.disks.set(process, syncedUpTo(tables.disks.get(process) ?? EMPTY_DISK, upTo))
}

/** Nobody plays the role. A host that is up says so; from one that is off there is only silence. */
function nobody(tables: Tables, item: Item): undefined {
  const gateway = tables.outside.get(item.to)
  if (gateway !== undefined) {
    gateway(item)
    return undefined
  }
  if (item.kind === 'timer') return voided(tables)
  if (item.kind === 'mail') refused(tables, item)
  tables.deadLetters++
  return undefined
}

function refused(tables: Tables, { to, from, event, number, link }: Item): void {
  if (tables.hosts.get(hostOf(to))?.up === false) return
  const sender = tables.actors.get(from)
  const line = number > 0 ? sender?.lines.find((each) => each.number === number) : undefined
  if (line !== undefined) return lose(tables, from, line, 'refused')
  if (link === '' || sender === undefined || !sender.life.logic.handles('send.refused')) return
  tell(tables, to, from, { type: 'send.refused', to, event: event.type } as EventObject)
}

function ofAFormerLife(tables: Tables, item: Item): undefined {
  if (item.kind === 'mail') refused(tables, item)
  tables.deadLetters++
  return undefined
}

function voided(tables: Tables): undefined {
  tables.voids--
  return undefined
}

/** What comes for a paused process waits until it goes on. */
function putOff(tables: Tables, { life }: Actor, item: Item): boolean {
  const waiting = tables.paused.get(life.process)
  if (waiting === undefined) return false
  tables.paused.set(life.process, [...waiting, item])
  return true
}

/** The actor is at work: the item waits for its turn. One `idle` item is on the agenda while anything waits. */
function queued(tables: Tables, actor: Actor, item: Item): undefined {
  if (actor.waiting.length === 0) goOnLater(tables, item.to, actor.busyUntil)
  tables.actors.set(item.to, { ...actor, waiting: [...actor.waiting, item] })
  return undefined
}

function goOnLater(tables: Tables, address: string, at: number): void {
  const event = { type: 'idle' }
  tables.agenda.add(timed(tables, 'idle', address, { seq: tables.seq++, key: '', afterMs: at - tables.now, event }))
}

/** Its work is done: the first that waits is delivered, the rest waits on. */
function afterWork(tables: Tables, actor: Actor): Arrived | undefined {
  const [item, ...rest] = actor.waiting
  if (item === undefined) return undefined
  if (rest.length > 0) goOnLater(tables, item.to, tables.now)
  const freed = { ...actor, waiting: rest }
  tables.actors.set(item.to, freed)
  if (item.kind === 'timer' && !freed.timers.some(({ seq }) => seq === item.seq)) return voided(tables)
  return onItsLine(tables, freed, item)
}

/** An answer or a pushed event reaches only the line that is still open for it. */
function onItsLine(tables: Tables, actor: Actor, item: Item): Arrived | undefined {
  const { timers, lines, waiting } = actor
  const plain = { actor, timers, lines, waiting, event: item.event, item, call: 0, line: '' }
  if (item.kind === 'timer') return { ...plain, timers: without(timers, item.text) }
  if (item.kind === 'mail') return item.number > 0 ? { ...plain, call: item.number } : plain
  if (item.kind === 'synced') return plain
  const open = lines.find(({ number }) => number === item.number)
  if (open === undefined) {
    tables.deadLetters++
    return undefined
  }
  if (item.kind === 'push') return { ...plain, line: open.line }
  count(tables, open.to, -1)
  return { ...plain, lines: withoutLine(lines, item.number), line: open.line }
}
