/** The fingerprint of a world: two worlds with the same one have the same things ahead of them. */
import { Fingerprints } from '../fingerprint.ts'
import { processOf } from '../world/mail.ts'
import type { Item, Tables } from '../world/tables.ts'
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
    return [address, life.logic.id, value, status, context, timers.map(({ key }) => key), lines, busyMs, told]
  })
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
const travelling =
  (tables: Tables) =>
  ({ kind, to, from, event, number, text, born, upTo }: Item) => ({
    kind,
    to,
    from,
    event,
    number,
    text,
    current: born !== 0,
    unsafe: kind === 'synced' ? upTo - (tables.disks.get(processOf(tables, to))?.count ?? 0) : 0,
  })

function shellOf(tables: Tables, timing: Timing): unknown {
  const { network, hosts, paused, pending, disks, streams } = tables
  return {
    cuts: [...network.cuts.keys()].sort(),
    held: [...network.held].map(([pair, items]) => [pair, items.map(travelling(tables))]),
    delays: timing === 'any' ? [] : [...network.delays].sort(([a], [b]) => (a < b ? -1 : 1)),
    hosts: [...hosts].map(([name, { up, skewMs, orphans }]) => [name, up, skewMs, orphans]),
    paused: [...paused].map(([process, items]) => [process, items.map(travelling(tables))]),
    pending: pending.map(({ address, key, options }) => [address, key, options]),
    disks: [...disks].map(([process, { written, synced, unsynced }]) => [process, written, synced, unsynced]),
    streams: [...streams].map(([number, { opener, line, server }]) => ({ number, opener, line, server })),
  }
}
