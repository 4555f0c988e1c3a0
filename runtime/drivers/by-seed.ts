/** Who goes next: what is due first; among what is due at the same moment on different connections, the seed decides. */
import { draw } from '../contract.ts'
import type { Item, Tables } from '../world/tables.ts'
import type { Driver } from './by-time.ts'

/**
 * Latencies vary with the world's own seed; this one varies the ties. It keeps no memory: the same world goes the same
 * way, so forks and replays do.
 */
export const bySeed =
  (seed: number): Driver =>
  (world) => {
    const { inside } = world
    if (inside.pending.length > 0) return world.step()
    const tied = takenTogether(inside)
    const free = heads(tied)
    const item = free[draw(seed, 'tie', inside.steps) % Math.max(1, free.length)]
    for (const other of tied) if (other !== item) inside.agenda.add(other)
    if (item !== undefined) world.perform(item)
    return item !== undefined
  }

/** All that is due at the first moment, in the order in which it was asked for. */
function takenTogether({ agenda }: Tables): Item[] {
  const due = agenda.next?.due
  const items: Item[] = []
  while (agenda.next !== undefined && agenda.next.due === due) items.push(agenda.take() as Item)
  return items
}

/** What may come first: mail inside a process at once and in order, else the first of each connection, and any timer. */
function heads(tied: readonly Item[]): readonly Item[] {
  const inside = tied.find(({ link, kind }) => link === '' && kind !== 'timer')
  if (inside !== undefined) return [inside]
  const seen = new Set<string>()
  return tied.filter(({ link }) => link === '' || (!seen.has(link) && seen.add(link)))
}
