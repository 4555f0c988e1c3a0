/** What can happen next in a world, when nobody says in which order things happen. */
import type { EventObject } from 'xstate'
import type { Item, Pending } from '../world/tables.ts'
import type { Operation, World } from '../world.ts'

/** One way on: something that is due happens, a machine's choice is made, or a fault strikes. */
export type Choice =
  | { readonly kind: 'deliver'; readonly item: Item }
  | { readonly kind: 'option'; readonly pending: Pending; readonly option: string }
  | { readonly kind: 'fault'; readonly operation: Operation }

/**
 * How much the clock binds. `ordered`: what is due first comes first, only ties are free. `any`: mail on different
 * connections comes in any order, and a timer may fire at any moment (any clock may be that slow or fast).
 */
export type Timing = 'ordered' | 'any'

/** @returns the deliveries and options that are enabled; faults are the explorer's to add. */
export function enabled(world: World, timing: Timing): readonly Choice[] {
  const { pending, agenda } = world.inside
  const [first] = pending
  if (first !== undefined) return first.options.map((option) => ({ kind: 'option', pending: first, option }))
  const heads = headsOf(world, agenda.items)
  const internal = heads.filter(({ link, kind, due }) => link === '' && kind !== 'timer' && due <= world.now)
  if (internal.length > 0) return [{ kind: 'deliver', item: least(internal) }]
  const open = timing === 'any' ? heads : heads.filter(({ due }) => due === least(heads).due)
  return open.map((item) => ({ kind: 'deliver', item }))
}

/** Takes one choice in a copy of the world. */
export function taken(world: World, choice: Choice, timing: Timing): World {
  const next = world.fork()
  take(next, choice, timing)
  return next
}

/** Takes one choice in this world. */
export function take(world: World, choice: Choice, timing: Timing): void {
  if (choice.kind === 'fault') world.operate(choice.operation)
  else if (choice.kind === 'option') world.decide(choice.pending, choice.option)
  else {
    world.inside.agenda.remove(choice.item)
    world.perform(timing === 'any' ? { ...choice.item, due: Math.min(choice.item.due, world.now) } : choice.item)
  }
}

/** Says in words what a choice is; the same words for the same choice in every copy of a world. */
export function inWords(choice: Choice): string {
  if (choice.kind === 'option') return `${choice.pending.address} chooses ${choice.pending.key}: ${choice.option}`
  if (choice.kind === 'fault') return Object.values(choice.operation).join(' ')
  const { kind, from, to, event, text } = choice.item
  if (kind === 'check') return `health check of ${text}`
  if (from !== to) return `${from} → ${to}: ${event.type}`
  const key = kind === 'timer' && text !== event.type ? ` (${text})` : keyOf(event)
  return `${to}: ${event.type}${key}`
}

/** What an actor itself named the end of a sync. */
const keyOf = (event: EventObject & { readonly key?: unknown }): string =>
  typeof event.key === 'string' && event.key !== '' ? ` (${event.key})` : ''

/** The first of each connection, and every timer that is not void. In the order in which they are due. */
function headsOf(world: World, items: readonly Item[]): Item[] {
  const alive = items.filter((item) => !isVoid(world, item)).sort((a, b) => a.due - b.due || a.seq - b.seq)
  const seen = new Set<string>()
  return alive.filter(({ link }) => link === '' || (!seen.has(link) && seen.add(link)))
}

/** Whether an item will reach nobody and change nothing, whatever happens before it is due. */
export function isVoid(world: World, { kind, to, seq, text }: Item): boolean {
  const { actors, disks } = world.inside
  const actor = actors.get(to)
  if (kind === 'timer') return actor?.timers.some((timer) => timer.seq === seq) !== true
  return kind === 'synced' && actor === undefined && (disks.get(text)?.unsynced.length ?? 0) === 0
}

const least = (items: readonly Item[]): Item => items[0] as Item
