/**
 * The replicated log: entries in order, without a gap, from behind the last compaction to the end (raft's raftLog).
 * Persistent: appending copies one path, and a fork shares the rest.
 */
import { Tree } from '../../../runtime/tree.ts'
import type { Entry } from '../../protocol/raft.ts'

/** Invariant: `entries` are exactly those from `compacted.index + 1` to `last.index`, by `placeOf(index)`. */
export interface Log {
  readonly entries: Tree<Entry>
  /** The place before the first entry: all up to here is in the snapshot only. */
  readonly compacted: Place
  readonly last: Place
}
export interface Place {
  readonly index: number
  readonly term: number
}

/** Under this key an entry lies in the tree, and behind `log/` on the disk. */
export const placeOf = (index: number): string => String(index).padStart(10, '0')

/** A log that begins behind a snapshot, or at the very beginning. */
export function emptyLog(compacted: Place = { index: 0, term: 0 }): Log {
  return { entries: Tree.of<Entry>(), compacted, last: compacted }
}

/** @returns undefined when the entry is not in the log: compacted or not yet there. */
export function termAt(log: Log, index: number): number | undefined {
  if (index === log.last.index) return log.last.term
  return index === log.compacted.index ? log.compacted.term : entryAt(log, index)?.term
}
export const entryAt = (log: Log, index: number): Entry | undefined => log.entries.get(placeOf(index))

/** Entries from `from` on, at most `limit`. Empty when there are none. */
export function entriesFrom(log: Log, from: number, limit: number): readonly Entry[] {
  if (from > log.last.index) return []
  if (from === log.last.index) return [entryAt(log, from) as Entry]
  const found: Entry[] = []
  log.entries.range(placeOf(from), undefined, (entry) => found.push(entry) < limit)
  return found
}

export const lacks = (log: Log, index: number): boolean => index <= log.compacted.index

/** Puts entries at the end. They must follow it. */
export function appended(log: Log, entries: readonly Entry[]): Log {
  let { entries: tree, last } = log
  for (const entry of entries) {
    if (entry.index !== last.index + 1) throw new Error(`entry ${entry.index} follows ${last.index} in the log`)
    tree = tree.set(placeOf(entry.index), entry)
    last = entry
  }
  return { entries: tree, compacted: log.compacted, last: { index: last.index, term: last.term } }
}

/** Takes away everything behind `index`: entries that another leader's log does not have. */
export function truncated(log: Log, index: number): Log {
  let { entries } = log
  for (let i = log.last.index; i > index; i--) entries = entries.delete(placeOf(i))
  return { entries, compacted: log.compacted, last: { index, term: termAt(log, index) as number } }
}

/** Takes away everything up to `index`, which a snapshot covers. */
export function compacted(log: Log, index: number): Log {
  if (index <= log.compacted.index) return log
  const term = termAt(log, index) as number
  let { entries } = log
  for (let i = log.compacted.index + 1; i <= index; i++) entries = entries.delete(placeOf(i))
  return { entries, compacted: { index, term }, last: log.last }
}

/** The first of `entries` that the log does not have as it is; undefined when it has them all (findConflict). */
export function firstNew(log: Log, entries: readonly Entry[]): number | undefined {
  return entries.find(({ index, term }) => termAt(log, index) !== term)?.index
}

/** The last place up to `index` whose term is at most `term`: further on the two logs cannot agree (findConflictByTerm). */
export function agreementBefore(log: Log, index: number, term: number): number {
  let at = Math.min(index, log.last.index)
  while (at > log.compacted.index && (termAt(log, at) as number) > term) at--
  return at
}

/** Whoever asks for a vote must have a log that ends at least as late as ours (isUpToDate). */
export const upToDate = ({ last }: Log, { index, term }: Place): boolean =>
  term > last.term || (term === last.term && index >= last.index)
