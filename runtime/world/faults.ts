/**
 * What can go wrong, as operations on the world. The vocabulary is that of a data centre: processes crash, freeze and
 * come back; hosts lose power; networks are cut and heal; clocks are wrong; disks are slow, full or lost.
 */
import type { EventObject } from 'xstate'
import { type Address, draw, hostOf } from '../contract.ts'
import { afterPowerLoss, EMPTY_DISK } from '../disk.ts'
import type { Arrived } from './deliver.ts'
import { buried, end } from './life.ts'
import { lostEvent } from './lines.ts'
import { notify, processOf, timed } from './mail.ts'
import { CONNECT_MS, stillSilent } from './silence.ts'
import type { Host, Item, Line, Notice, Tables } from './tables.ts'

/** An idle HTTP/2 connection is pinged after 30 s and given up 15 s later (ReadIdleTimeout, PingTimeout of client-go). */
export const HEALTH_CHECK_MS = 45_000

const UNKNOWN: Host = {
  up: true,
  skewMs: 0,
  boot: undefined,
  boots: 0,
  diskMs: 1,
  diskFull: false,
  since: 0,
  givenUp: false,
  orphans: [],
  dialling: [],
}
export const hostAt = (tables: Tables, name: string): Host =>
  tables.hosts.get(name) ?? { ...UNKNOWN, diskMs: tables.options.diskMs }

/** @throws when no process is there. */
export function crash(tables: Tables, process: Address): void {
  if (!tables.actors.has(process)) throw new Error(`${process} cannot crash: it is not running`)
  end(tables, process, 'crashed')
}

/** @throws when no process is there. */
export function pause(tables: Tables, process: Address): void {
  if (tables.actors.get(process)?.life.process !== process)
    throw new Error(`${process} cannot be paused: it is no running process`)
  if (tables.paused.has(process)) return
  const since = tables.seq++
  const [role = ''] = process.split('/')
  const afterMs = tables.options.checks[role] ?? HEALTH_CHECK_MS
  const isPinged = tables.options.checks[role] !== null
  tables.paused.set(process, { since, isPinged, givenUp: false, items: [] })
  if (!isPinged) return
  const check = { seq: tables.seq++, key: process, afterMs, event: { type: 'check' }, upTo: since }
  tables.agenda.add(timed(tables, 'check', '', check))
}

/** What came meanwhile is delivered now, in order: a thawed process finds all its timers due at once. */
export function resume(tables: Tables, process: Address): void {
  const items = tables.paused.get(process)?.items ?? []
  tables.paused.delete(process)
  for (const item of items) {
    const seq = tables.seq++
    if (item.kind === 'timer') renumbered(tables, item, seq)
    tables.agenda.add({ ...item, seq, due: tables.now, link: '' })
  }
}

/** Streams tell this role nothing until they are released: it goes on with what it knows. */
export function hold(tables: Tables, to: Address): void {
  if (!tables.holding.has(to)) tables.holding.set(to, [])
}

/** What streams have told meanwhile comes now, in order. */
export function release(tables: Tables, to: Address): void {
  const items = tables.holding.get(to) ?? []
  tables.holding.delete(to)
  for (const item of items) tables.agenda.add({ ...item, seq: tables.seq++, due: tables.now, link: '' })
}

/** A timer is known by its number, and its number says when its turn is. */
function renumbered(tables: Tables, { to, seq: old }: Item, seq: number): void {
  const actor = tables.actors.get(to)
  if (actor === undefined) return
  const timers = actor.timers.map((timer) => (timer.seq === old ? { ...timer, seq } : timer))
  tables.actors.set(to, { ...actor, timers })
}

/** Everything on the host is gone at once, and nobody elsewhere is told: they find out by their health checks. */
export function powerOff(tables: Tables, name: string, kept?: number): void {
  const host = hostAt(tables, name)
  if (!host.up) return
  const victims = [...tables.actors].filter(([, { life }]) => life.host === name).map(([address]) => address)
  const orphans = buried(tables, victims, 'unreachable').filter(
    ({ to, number }) => tables.actors.has(to) || tables.outsideLines.has(number),
  )
  const since = tables.seq++
  tables.hosts.set(name, { ...host, up: false, since, givenUp: false, orphans: [...host.orphans, ...orphans] })
  for (const [process, disk] of tables.disks) {
    if (hostOf(process) !== name) continue
    const drawn = draw(tables.options.seed, 'power loss', process, host.boots) % (disk.unsynced.length + 1)
    tables.disks.set(process, afterPowerLoss(disk, kept ?? drawn))
  }
  checkLater(tables, name, name)
}

/** The power comes on. @returns what is to be started. */
export function powerOn(tables: Tables, name: string): Host['boot'] {
  const host = hostAt(tables, name)
  if (host.up && host.boots > 0) return undefined
  tables.hosts.set(name, { ...host, up: true, givenUp: false, boots: host.boots + 1, orphans: [], dialling: [] })
  for (const orphan of [...host.orphans, ...host.dialling]) notify(tables, orphan)
  return host.boot
}

/** Nothing passes from one host to the other any more; what is under way is held. Both ways unless `oneWay`. */
export function cut(tables: Tables, from: string, to: string, oneWay: boolean): void {
  for (const pair of oneWay ? [`${from}>${to}`] : [`${from}>${to}`, `${to}>${from}`]) {
    if (!tables.network.cuts.has(pair)) tables.network.cuts.set(pair, tables.seq++)
  }
  checkLater(tables, from, to)
}

/** Whether the connections across a cut have been given up: what is sent since then waits for a new one, and not for ever. */
export const isGivenUp = ({ network: { cuts, resets } }: Tables, pair: string): boolean =>
  (resets.get(pair) ?? 0) > (cuts.get(pair) ?? 0)

export function heal(tables: Tables, from: string, to: string): void {
  for (const pair of [`${from}>${to}`, `${to}>${from}`]) {
    const earliest = isGivenUp(tables, pair) ? tables.now - CONNECT_MS : 0
    for (const item of tables.network.held.get(pair) ?? [])
      if (item.due >= earliest) tables.agenda.add({ ...item, due: tables.now })
      else tables.deadLetters++
    tables.network.cuts.delete(pair)
    tables.network.held.delete(pair)
  }
}

/** So much more one-way latency. */
export function delay(tables: Tables, from: string, to: string, ms: number): void {
  if (ms === 0) tables.network.delays.delete(`${from}>${to}`)
  else tables.network.delays.set(`${from}>${to}`, ms)
}

/** What was written is gone; the process notices when it reads again, at its next start. */
export function loseDisk(tables: Tables, process: Address): void {
  const disk = tables.disks.get(process)
  if (disk !== undefined) tables.disks.set(process, { ...EMPTY_DISK, count: disk.count })
}

/** The connections between two hosts break: what is under way is lost, and both ends are told at once. */
export function resetConnections(tables: Tables, a: string, b: string): void {
  for (const pair of [`${a}>${b}`, `${b}>${a}`]) {
    tables.network.resets.set(pair, tables.seq++)
    tables.network.held.delete(pair)
  }
  for (const notice of severed(tables, a, b)) notify(tables, notice)
}

function checkLater(tables: Tables, from: string, to: string): void {
  const since = tables.network.cuts.get(`${from}>${to}`) ?? hostAt(tables, from).boots
  const check = {
    seq: tables.seq++,
    key: `${from}>${to}`,
    afterMs: HEALTH_CHECK_MS,
    event: { type: 'check' },
    upTo: since,
  }
  tables.agenda.add(timed(tables, 'check', '', check))
}

/** The time-out of a health check: whatever is still cut, still off or still frozen is given up. */
export function afterCheck(tables: Tables, item: Item): Arrived | undefined {
  const { text, upTo, number } = item
  const [from, to] = text.split('>') as [string, string | undefined]
  if (number > 0) stillSilent(tables, item)
  else if (to === undefined) peersGone(tables, from, upTo)
  else if (from === to) dark(tables, from, upTo)
  else if (tables.network.cuts.get(text) === upTo) resetConnections(tables, from, to)
  return undefined
}

function dark(tables: Tables, name: string, boots: number): void {
  const host = hostAt(tables, name)
  if (host.up || host.boots !== boots) return
  tables.hosts.set(name, { ...host, givenUp: true, orphans: [] })
  for (const orphan of host.orphans) notify(tables, orphan)
}

/**
 * The clients of a frozen process give it up. It learns of closed streams when it thaws, and answers calls that nobody
 * waits for any more. Its servers do not ping, and keep what it has open.
 */
function peersGone(tables: Tables, process: Address, since: number): void {
  const frozen = tables.paused.get(process)
  if (frozen?.since !== since) return
  tables.paused.set(process, { ...frozen, givenUp: true })
  const leads = (opener: Address, { to }: Line): boolean =>
    processOf(tables, to) === process && processOf(tables, opener) !== process
  for (const notice of brokenLines(tables, leads)) notify(tables, notice)
}

const closedStream = (opener: Address, { number, to }: Line): Notice => ({
  from: opener,
  to,
  event: { type: 'stream.closed', stream: number } as EventObject,
  number: 0,
})

/** Every conversation between two hosts, as news for both sides. */
function severed(tables: Tables, a: string, b: string): Notice[] {
  const across = (x: Address, y: Address): boolean => {
    const [hostX, hostY] = [hostOf(x), hostOf(y)]
    return (hostX === a && hostY === b) || (hostX === b && hostY === a)
  }
  const notices = brokenLines(tables, (opener, line) => across(opener, line.to))
  for (const [address, watchers] of tables.monitors) {
    const far = watchers.filter((watcher) => across(watcher.address, address))
    if (far.length === 0) continue
    const event = { type: 'peer.lost', address, reason: 'unreachable' } as EventObject
    for (const { address: to } of far) notices.push({ from: address, to, event, number: 0 })
    tables.monitors.set(
      address,
      watchers.filter((watcher) => !far.includes(watcher)),
    )
  }
  return notices
}

/** Calls and streams that break, as news for both sides. */
function brokenLines(tables: Tables, isBroken: (opener: Address, line: Line) => boolean): Notice[] {
  const notices: Notice[] = []
  const broken = (opener: Address, line: Line): void => {
    if (!isBroken(opener, line)) return
    notices.push({ from: line.to, to: opener, event: lostEvent(line, 'reset'), number: line.number })
    if (tables.streams.delete(line.number)) notices.push(closedStream(opener, line))
  }
  for (const [opener, { lines }] of tables.actors) for (const line of lines.all) broken(opener, line)
  for (const line of tables.outsideLines.values()) broken(line.from, line)
  return notices
}
