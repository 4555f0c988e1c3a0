/**
 * The fingerprint of a world: two worlds with the same one have the same things ahead of them. What is drawn by the seed
 * is no part of it: where the clock binds, a search is exact when latencies are without jitter.
 */
import type { AnyMachineSnapshot } from 'xstate'
import type { CompiledSnapshot } from '../compile/compile.ts'
import { Fingerprints } from '../fingerprint.ts'
import { isLost } from '../network.ts'
import { isGivenUp } from '../world/faults.ts'
import type { Item, Tables, Watcher } from '../world/tables.ts'
import type { World } from '../world.ts'
import { isVoid, type Timing } from './choices.ts'

/** @returns 16 hexadecimal digits */
export function fingerprint(world: World, timing: Timing, by: Fingerprints = SHARED): string {
  const { inside } = world
  const clock = inside.options.epochMs + world.now
  return by.of([actorsOf(inside, timing), agendaOf(world, timing), shellOf(inside, timing)], clock)
}

const SHARED = new Fingerprints()

function actorsOf(tables: Tables, timing: Timing): readonly unknown[] {
  const { actors, now } = tables
  const addresses = [...actors.keys()].sort()
  return addresses.map((address) => {
    const actor = actors.get(address)
    if (actor === undefined) return undefined
    const { snapshot, timers, lines, busyUntil, waiting, life } = actor
    const busyMs = timing === 'any' ? busyUntil > now : Math.max(0, busyUntil - now)
    const { value, context, status } = snapshot
    const told = waiting.map(travelling(tables))
    const set = timers.map(({ key }) => key).sort()
    return [address, life.logic.id, value, status, remembered(snapshot), context, set, lines.all, busyMs, told]
  })
}

/** What history states will return to: nothing else of a snapshot that is not in its state and context. */
function remembered(snapshot: object): unknown {
  const { configuration, historyValue } = snapshot as Partial<CompiledSnapshot> & Partial<ByXState>
  if (configuration !== undefined) return configuration.key
  return Object.entries(historyValue ?? {}).map(([id, nodes]) => [id, nodes.map((node) => node.id)])
}

interface ByXState {
  readonly historyValue: AnyMachineSnapshot['historyValue']
}

/** Mail in the order of each connection; between connections the order counts only where time does. */
function agendaOf(world: World, timing: Timing): readonly unknown[] {
  const { inside: tables } = world
  const { agenda, now } = tables
  const alive = agenda.items.filter((item) => !isVoid(world, item))
  const ordered = alive.sort((a, b) => a.due - b.due || a.seq - b.seq)
  if (timing === 'ordered') return ordered.map((item) => [item.due - now, item.link, travelling(tables)(item)])
  return [...grouped(tables, ordered)].sort(([a], [b]) => (a < b ? -1 : 1))
}

function grouped(tables: Tables, items: readonly Item[]): Map<string, readonly unknown[]> {
  const groups = new Map<string, readonly unknown[]>()
  for (const item of items) {
    const key = item.link === '' ? `${item.kind} ${item.to} ${item.text}` : item.link
    groups.set(key, [...(groups.get(key) ?? []), travelling(tables)(item)])
  }
  return groups
}

/** An item without what tells one run from another: its numbers in the world, and when it is due. */
const travelling = (tables: Tables) => (item: Item) => {
  const { kind, to, from, event, number, text, born, upTo } = item
  const life = born === 0 ? 'any' : born === tables.actors.get(to)?.life.born ? 'this' : 'former'
  const unsafe = kind === 'synced' ? upTo - (tables.disks.get(text)?.count ?? 0) : 0
  return { kind, to, from, event, number, text, life, isLost: item.link !== '' && isLost(tables.network, item), unsafe }
}

/**
 * The tables in the order of their keys: who came first counts nowhere. How much a loss of power keeps is drawn by the
 * number of boots, which is not told here: who explores it says how much (`kept`).
 */
function shellOf(tables: Tables, timing: Timing): unknown {
  const { network, hosts, paused, holding, pending, disks, monitors } = tables
  const told = travelling(tables)
  return {
    cuts: [...network.cuts.keys()].sort().map((pair) => [pair, isGivenUp(tables, pair)]),
    held: sorted(network.held).map(([pair, items]) => [pair, items.map(told)]),
    delays: timing === 'any' ? [] : sorted(network.delays),
    hosts: sorted(hosts).map(([name, { up, skewMs, diskMs, diskFull, givenUp, orphans, dialling }]) => {
      return [name, up, skewMs, timing === 'any' ? 0 : diskMs, diskFull, givenUp, orphans, dialling]
    }),
    paused: sorted(paused).map(([process, { givenUp, items }]) => [process, givenUp, items.map(told)]),
    holding: sorted(holding).map(([address, items]) => [address, items.map(told)]),
    pending: pending.map(({ address, key, options }) => [address, key, options]),
    disks: sorted(disks).map(([process, { written, synced, unsynced }]) => [process, written, synced, unsynced]),
    streams: streamsOf(tables),
    outside: [...tables.outsideLines.values()].map(({ number, from, to, kind }) => ({ number, from, to, kind })),
    monitors: sorted(monitors).map(([address, watchers]) => [address, watchersOf(tables, watchers)]),
  }
}

/** By their ends: numbers are names, and tell only which is which. */
function streamsOf({ streams }: Tables): readonly unknown[] {
  const open = [...streams].map(([number, { opener, line, server }]) => ({ number, opener, line, server }))
  return open.sort((a, b) => (`${a.opener} ${a.line}` < `${b.opener} ${b.line}` ? -1 : 1))
}

/** Who will be told; whose life is over will not. */
const watchersOf = ({ actors }: Tables, watchers: readonly Watcher[]): readonly string[] =>
  watchers.filter(({ address, born }) => actors.get(address)?.life.born === born).map(({ address }) => address)

const sorted = <V>(table: ReadonlyMap<string, V>): (readonly [string, V])[] =>
  [...table].sort(([a], [b]) => (a < b ? -1 : 1))
