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
import { timed } from './mail.ts'
import type { Host, Item, Line, Notice, Tables } from './tables.ts'

/** An idle HTTP/2 connection is pinged after 30 s and given up 15 s later (ReadIdleTimeout, PingTimeout of client-go). */
export const HEALTH_CHECK_MS = 45_000

const UNKNOWN: Host = { up: true, skewMs: 0, boot: undefined, boots: 0, diskMs: 1, diskFull: false, orphans: [] }
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
  if (!tables.paused.has(process)) tables.paused.set(process, [])
}

/** What came meanwhile is delivered now, in order: a thawed process finds all its timers due at once. */
export function resume(tables: Tables, process: Address): void {
  const items = tables.paused.get(process) ?? []
  tables.paused.delete(process)
  for (const item of items) {
    const seq = tables.seq++
    if (item.kind === 'timer') renumbered(tables, item, seq)
    tables.agenda.add({ ...item, seq, due: tables.now, link: '' })
  }
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
  tables.hosts.set(name, { ...host, up: false, orphans: [...host.orphans, ...orphans] })
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
  tables.hosts.set(name, { ...host, up: true, boots: host.boots + 1, orphans: [] })
  for (const orphan of host.orphans) notify(tables, orphan)
  return host.boot
}

/** Nothing passes from one host to the other any more; what is under way is held. Both ways unless `oneWay`. */
export function cut(tables: Tables, from: string, to: string, oneWay: boolean): void {
  for (const pair of oneWay ? [`${from}>${to}`] : [`${from}>${to}`, `${to}>${from}`]) {
    if (!tables.network.cuts.has(pair)) tables.network.cuts.set(pair, tables.seq++)
  }
  checkLater(tables, from, to)
}

export function heal(tables: Tables, from: string, to: string): void {
  for (const pair of [`${from}>${to}`, `${to}>${from}`]) {
    tables.network.cuts.delete(pair)
    for (const item of tables.network.held.get(pair) ?? []) tables.agenda.add({ ...item, due: tables.now })
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

/** The time-out of a health check: whatever is still cut, or still off, is given up. */
export function afterCheck(tables: Tables, { text, upTo }: Item): Arrived | undefined {
  const [from, to] = text.split('>') as [string, string]
  if (from === to) {
    const host = hostAt(tables, from)
    if (host.up || host.boots !== upTo) return undefined
    tables.hosts.set(from, { ...host, orphans: [] })
    for (const orphan of host.orphans) notify(tables, orphan)
  } else if (tables.network.cuts.get(text) === upTo) resetConnections(tables, from, to)
  return undefined
}

/** Told where it is known, not over the connection that is gone. */
function notify(tables: Tables, { from, to, event, number }: Notice): void {
  const kind = number > 0 ? 'answer' : 'mail'
  const seq = tables.seq++
  tables.agenda.add({
    due: tables.now,
    seq,
    kind,
    to,
    from,
    event,
    cause: tables.cause,
    number,
    text: '',
    link: '',
    born: 0,
    upTo: 0,
  })
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
  const notices: Notice[] = []
  for (const [opener, { lines }] of tables.actors) {
    for (const line of lines) {
      if (!across(opener, line.to)) continue
      notices.push({ from: line.to, to: opener, event: lostEvent(line, 'reset'), number: line.number })
      if (tables.streams.delete(line.number)) notices.push(closedStream(opener, line))
    }
  }
  for (const line of tables.outsideLines.values()) {
    if (!across(line.from, line.to)) continue
    notices.push({ from: line.to, to: line.from, event: lostEvent(line, 'reset'), number: line.number })
    if (tables.streams.delete(line.number)) notices.push(closedStream(line.from, line))
  }
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
