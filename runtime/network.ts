/**
 * What lies between processes: one connection per pair of processes and direction, first in first out; cuts and delays
 * between hosts. Mail that meets a cut is held until it heals, or lost when the connection is given up.
 */
import { type Address, hostOf, mix } from './contract.ts'
import type { Item } from './world/tables.ts'

/** One-way latencies in ms: a base, and up to so much more, drawn per message. */
export interface Latencies {
  readonly loopback: Latency
  readonly lan: Latency
  /** By `from>to` hosts, where a pair differs. */
  readonly pairs?: Readonly<Record<string, Latency>>
}
export interface Latency {
  readonly baseMs: number
  readonly jitterMs: number
}
export const DEFAULT_LATENCIES: Latencies = {
  loopback: { baseMs: 0.05, jitterMs: 0.02 },
  lan: { baseMs: 0.4, jitterMs: 0.2 },
}

export interface Network {
  /** When the last message now under way on `from>to` (processes) arrives: none may overtake it. */
  readonly links: Map<string, number>
  /** Mail that met a cut, by `from>to` hosts. */
  readonly held: Map<string, readonly Item[]>
  /** Cuts by `from>to` hosts, with the time since when. */
  readonly cuts: Map<string, number>
  /** Extra latency in ms by `from>to` hosts. */
  readonly delays: Map<string, number>
  /** Connections given up: mail on `from>to` (hosts or processes) asked for before this number is lost. */
  readonly resets: Map<string, number>
}

/** A connection between two processes, one way. */
export interface Way {
  /** `from>to`. */
  readonly link: string
  readonly fromHost: string
  readonly toHost: string
}

/** Almost all mail goes ways that were gone before: they are not written anew for each. Those of long ago are forgotten. */
export function wayBetween(process: Address, toProcess: Address): Way {
  const known = ways.get(process)?.get(toProcess)
  if (known !== undefined) return known
  if (count++ >= MOST_WAYS) [ways, count] = [new Map(), 0]
  const from = ways.get(process) ?? new Map<Address, Way>()
  const way = { link: `${process}>${toProcess}`, fromHost: hostOf(process), toHost: hostOf(toProcess) }
  ways.set(process, from.set(toProcess, way))
  return way
}
const MOST_WAYS = 20_000
let ways = new Map<Address, Map<Address, Way>>()
let count = 0

export const newNetwork = (): Network => ({
  links: new Map(),
  held: new Map(),
  cuts: new Map(),
  delays: new Map(),
  resets: new Map(),
})
export const forkedNetwork = (network: Network): Network => ({
  links: new Map(network.links),
  held: new Map(network.held),
  cuts: new Map(network.cuts),
  delays: new Map(network.delays),
  resets: new Map(network.resets),
})

/** When a message that leaves now arrives on a link, behind all that is under way there. Whole microseconds. */
export function arrival(
  network: Network,
  latencies: Latencies,
  { link, fromHost, toHost }: Way,
  draw: number,
  now: number,
): number {
  const latency = fromHost === toHost ? latencies.loopback : between(latencies, fromHost, toHost)
  const more = network.delays.size === 0 ? 0 : (network.delays.get(`${fromHost}>${toHost}`) ?? 0)
  const due = micros(now + latency.baseMs + more + (mix(draw, 1) / 2 ** 32) * latency.jitterMs)
  const last = network.links.get(link)
  const arrives = last === undefined || last < due ? due : last
  network.links.set(link, arrives)
  return arrives
}

/** Instants are whole microseconds, so that sums of them are the same in any order. */
export const micros = (ms: number): number => Math.round(ms * 1_000) / 1_000

const between = (latencies: Latencies, from: string, to: string): Latency =>
  latencies.pairs?.[`${from}>${to}`] ?? latencies.lan

/** The hosts of a link between processes, as cuts and delays name them. */
export function hostsOf(link: string): string {
  const middle = link.indexOf('>')
  return `${hostOf(link.slice(0, middle))}>${hostOf(link.slice(middle + 1))}`
}

/** Whether a message was lost with the connection that it travelled on. */
export function isLost({ resets }: Network, { link, seq }: Item): boolean {
  if (resets.size === 0) return false
  return seq < (resets.get(link) ?? 0) || seq < (resets.get(hostsOf(link)) ?? 0)
}
