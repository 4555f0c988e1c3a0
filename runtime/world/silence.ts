/**
 * Questions that meet silence, and when they are given up. A question on a connection that stood before the silence is
 * lost when the health check of that connection is (HTTP/2 pings, see faults.ts); one that needs a new connection when
 * that does not come about in time, as the dialer of client-go or whoever asks decides. Of the latter nothing was sent:
 * it is told as `refused`, and does not arrive when the silence ends.
 */
import type { EventObject } from 'xstate'
import type { Address } from '../contract.ts'
import { lostEvent } from './lines.ts'
import { notify, timed } from './mail.ts'
import type { Item, Line, Notice, Tables } from './tables.ts'

/** net.Dialer of client-go's transport: a connection that is not accepted by then. */
export const CONNECT_MS = 30_000
/** TLSHandshakeTimeout: the kernel of a frozen process accepts, and then nobody says a word. */
export const HANDSHAKE_MS = 10_000

/** Since which sequence number it is silent, and whether the connections that led there have been given up. */
export interface Silence {
  readonly since: number
  readonly givenUp: boolean
}

/**
 * A call or stream whose opening meets silence and that has no connection to ride on: looked at again when its
 * connection would have had to come about.
 * @returns whether it is one
 */
export function isDialling(tables: Tables, item: Item, { since, givenUp }: Silence): boolean {
  if (item.kind !== 'mail' || item.number === 0) return false
  const line = lineOf(tables, item.from, item.number)
  if (line === undefined) return false
  return givenUp || line.connectMs !== undefined || bornOf(tables, item.from) > since
}
export const connectMsOf = (tables: Tables, { from, number }: Item): number =>
  lineOf(tables, from, number)?.connectMs ?? CONNECT_MS
export function giveUpLater(tables: Tables, { from, number }: Item, place: string, afterMs: number): void {
  const check = timed(tables, 'check', '', { seq: tables.seq++, key: place, afterMs, event: { type: 'check' } })
  tables.agenda.add({ ...check, from, number })
}

/** Told to whoever asked. Until then the question waits where it met the silence. */
export const lossOf = (tables: Tables, item: Item, reason: 'refused' | 'reset'): Notice | undefined => {
  const line = lineOf(tables, item.from, item.number)
  if (line === undefined) return undefined
  return { from: line.to, to: item.from, event: lostEvent(line, reason), number: item.number }
}

/**
 * The time is up: a question that still waits is taken away, and who asked is told. The place where it met the
 * silence is `a>b` across a cut, `a>a` for a host without power, the address of a frozen process.
 */
export function stillSilent(tables: Tables, { from, number, text: place }: Item): void {
  const line = lineOf(tables, from, number)
  if (line === undefined || !taken(tables, place, number)) return
  tables.streams.delete(number)
  notify(tables, { from: line.to, to: from, event: lostEvent(line, 'refused') as EventObject, number })
}

function taken(tables: Tables, place: string, number: number): boolean {
  const [from, to] = place.split('>') as [string, string | undefined]
  if (to === undefined) return fromFrozen(tables, place, number)
  if (from === to) return fromDark(tables, from, number)
  const { held } = tables.network
  const items = held.get(place) ?? []
  held.set(
    place,
    items.filter((item) => item.number !== number),
  )
  return items.some((item) => item.number === number)
}
function fromFrozen({ paused }: Tables, process: Address, number: number): boolean {
  const frozen = paused.get(process)
  const isThere = frozen?.items.some((item) => item.number === number) === true
  if (isThere) paused.set(process, { ...frozen, items: frozen.items.filter((item) => item.number !== number) })
  return isThere
}
function fromDark({ hosts }: Tables, name: string, number: number): boolean {
  const host = hosts.get(name)
  const isThere = host?.dialling.some((notice) => notice.number === number) === true
  if (isThere) hosts.set(name, { ...host, dialling: host.dialling.filter((notice) => notice.number !== number) })
  return isThere
}

const lineOf = (tables: Tables, opener: Address, number: number): Line | undefined =>
  tables.actors.get(opener)?.lines.numbered(number) ?? tables.outsideLines.get(number)

/** When the process of an actor began; what is outside was there before anything. */
function bornOf({ actors }: Tables, address: Address): number {
  const process = actors.get(address)?.life.process
  return (process === undefined ? undefined : actors.get(process)?.life.born) ?? 0
}
