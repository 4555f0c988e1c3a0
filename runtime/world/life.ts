/** How actors come to be and cease to be, and who is told. */
import type { EventObject } from 'xstate'
import { type Address, delivery, draw, hostOf, type PeerLost } from '../contract.ts'
import { EMPTY_DISK } from '../disk.ts'
import type { Stepped } from '../logic.ts'
import { count, lostEvent } from './lines.ts'
import { post, processOf } from './mail.ts'
import { OpenLines } from './open-lines.ts'
import {
  type Actor,
  type Life,
  type Line,
  NO_CHILDREN,
  NO_ITEMS,
  NO_TIMERS,
  type Notice,
  type Tables,
} from './tables.ts'

export interface Birth {
  readonly address: Address
  readonly machine: string
  readonly input: unknown
  readonly parent: Address | undefined
  /** Whether it begins a process of its own. */
  readonly process: boolean
}

/** @throws when nobody registered the machine, or somebody plays the role already. */
export function lifeOf(tables: Tables, { address, machine, parent, process }: Birth): Life {
  const logic = tables.logics.get(machine)
  if (logic === undefined) throw new Error(`no machine is registered as "${machine}" (wanted for ${address})`)
  isFree(tables, address)
  const root = process || parent === undefined ? address : processOf(tables, parent)
  const incarnation = nextIncarnation(tables, address, root)
  return {
    logic,
    host: hostOf(address),
    process: root,
    parent,
    born: tables.seq++,
    incarnation,
    dice: draw(tables.options.seed, address, incarnation),
  }
}

/** @throws when somebody plays the role. */
export function isFree(tables: Tables, address: Address): void {
  if (tables.actors.has(address))
    throw new Error(`${address} is running already; stop it first, or name the new one differently`)
}

/**
 * How often a role was played. Only roles of a host (`kubelet/node-1`) are counted: what is named more precisely lives
 * with its process, or comes once in a boot of its host. A table of all that ever was would grow for ever.
 */
function nextIncarnation(tables: Tables, address: Address, root: Address): number {
  if (address.indexOf('/') !== address.lastIndexOf('/'))
    return tables.actors.get(root)?.life.incarnation ?? tables.hosts.get(hostOf(address))?.boots ?? 1
  const incarnation = (tables.incarnations.get(address) ?? 0) + 1
  tables.incarnations.set(address, incarnation)
  return incarnation
}

/** Runs the first step of a life. @throws what the machine throws. */
export function started(tables: Tables, life: Life, { address, input, parent }: Birth): Stepped {
  delivery.self = address
  delivery.at = clockOf(tables, life.host)
  delivery.from = parent ?? ''
  delivery.dice = life.dice
  delivery.call = 0
  delivery.line = ''
  delivery.disk = life.process === address ? (tables.disks.get(address) ?? EMPTY_DISK).written : undefined
  return life.logic.start(input)
}

/** What the clock of a host shows, in ms since 1970. */
export function clockOf(tables: Tables, host: string): number {
  const time = tables.options.epochMs + tables.now
  return tables.skewed ? time + (tables.hosts.get(host)?.skewMs ?? 0) : time
}

export const actorOf = (life: Life, snapshot: Actor['snapshot']): Actor => ({
  life,
  snapshot,
  timers: NO_TIMERS,
  lines: OpenLines.none,
  children: NO_CHILDREN,
  busyUntil: 0,
  waiting: NO_ITEMS,
})

/** Ends an actor, with all that it spawned inside its process. Those who talked to it or watched it are told. */
export function end(tables: Tables, address: Address, reason: PeerLost['reason']): void {
  // Over the connection of its process: behind all that it said.
  const process = processOf(tables, address)
  for (const notice of buried(tables, subtree(tables, address), reason)) {
    post(tables, process, { kind: notice.number > 0 ? 'answer' : 'mail', ...notice })
  }
}

/** An actor and all below it, itself first. */
export function subtree(tables: Tables, address: Address): Address[] {
  const actor = tables.actors.get(address)
  if (actor === undefined) return []
  const all = [address]
  actor.children.each((_, child) => all.push(...subtree(tables, child)))
  return all
}

/** Takes actors out of the world. @returns what those who are left have to be told. */
export function buried(tables: Tables, addresses: readonly Address[], reason: PeerLost['reason']): Notice[] {
  const notices: Notice[] = []
  for (const address of addresses) notices.push(...removed(tables, address))
  const called = addresses.filter((address) => tables.inbound.has(address))
  if (called.length > 0) notices.push(...orphaned(tables, new Set(called)))
  for (const address of addresses) notices.push(...mourned(tables, address, reason))
  return notices
}

/** The actor itself goes; the servers of its streams are to be told. */
function removed(tables: Tables, address: Address): Notice[] {
  const actor = tables.actors.get(address)
  if (actor === undefined) return []
  tables.actors.delete(address)
  if (tables.paused.size > 0) tables.paused.delete(address)
  tables.voids += actor.timers.length
  forgetAtParent(tables, address, actor)
  const notices: Notice[] = []
  for (const { kind, number, to } of actor.lines.all) {
    count(tables, to, -1)
    if (kind === 'call' || !tables.streams.delete(number)) continue
    notices.push({ from: address, to, event: { type: 'stream.closed', stream: number } as EventObject, number: 0 })
  }
  return notices
}

function forgetAtParent(tables: Tables, address: Address, { life }: Actor): void {
  const parent = life.parent === undefined ? undefined : tables.actors.get(life.parent)
  if (parent === undefined || !parent.children.has(address)) return
  tables.actors.set(life.parent as Address, withChildren(parent, parent.children.delete(address)))
}

const withChildren = (
  { life, snapshot, timers, lines, busyUntil, waiting }: Actor,
  children: Actor['children'],
): Actor => ({ life, snapshot, timers, lines, children, busyUntil, waiting })

/** The lines of others that led to roles that nobody plays any more. */
function orphaned(tables: Tables, roles: ReadonlySet<Address>): Notice[] {
  const notices: Notice[] = []
  const lost = (opener: Address, line: Line): Notice => ({
    from: line.to,
    to: opener,
    event: lostEvent(line, 'reset'),
    number: line.number,
  })
  for (const [opener, { lines }] of tables.actors) {
    for (const line of lines.all) {
      if (!roles.has(line.to)) continue
      tables.streams.delete(line.number)
      notices.push(lost(opener, line))
    }
  }
  for (const line of tables.outsideLines.values()) {
    if (!roles.has(line.to)) continue
    tables.streams.delete(line.number)
    notices.push(lost(line.from, line))
  }
  return notices
}

function mourned(tables: Tables, address: Address, reason: PeerLost['reason']): Notice[] {
  const watchers = tables.monitors.get(address)
  if (watchers === undefined) return []
  tables.monitors.delete(address)
  const event: PeerLost = { type: 'peer.lost', address, reason }
  const living = watchers.filter((watcher) => tables.actors.get(watcher.address)?.life.born === watcher.born)
  return living.map(({ address: to }) => ({ from: address, to, event, number: 0 }))
}
