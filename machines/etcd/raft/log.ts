/**
 * The replicated log: entries in order, without a gap, from behind the last compaction to the end (raft's raftLog).
 * Persistent: appending copies one path, and a fork shares the rest.
 */
import { Tree } from '../../../runtime/tree.ts'
import type { Entry } from '../../protocol/raft.ts'

/** How many entries share one record, in mind and on the disk. */
const SEGMENT = 64

/**
 * Invariant: the segments hold all entries from `compacted.index + 1` to `last.index`, each those whose index divided
 * by 64 is the same, without a gap. The first may still hold some from before the compaction: they do not count.
 */
export interface Log {
  readonly segments: Tree<Segment>
  /** The place before the first entry: all up to here is in the snapshot only. */
  readonly compacted: Place
  readonly last: Place
}
export type Segment = readonly Entry[]
export interface Place {
  readonly index: number
  readonly term: number
}

export const segmentOf = (index: number): number => Math.floor(index / SEGMENT)
/** Under this key a segment lies in the tree, and behind `log/` on the disk: the least index that it may hold. */
export const segmentKey = (segment: number): string => String(segment * SEGMENT).padStart(10, '0')

/** A log that begins behind a snapshot, or at the very beginning. */
export function emptyLog(compacted: Place = { index: 0, term: 0 }): Log {
  return { segments: Tree.of<Segment>(), compacted, last: compacted }
}

/** @returns undefined when the entry is not in the log: compacted or not yet there. */
export function termAt(log: Log, index: number): number | undefined {
  if (index === log.last.index) return log.last.term
  return index === log.compacted.index ? log.compacted.term : entryAt(log, index)?.term
}
export function entryAt(log: Log, index: number): Entry | undefined {
  if (index <= log.compacted.index || index > log.last.index) return undefined
  const segment = log.segments.get(segmentKey(segmentOf(index))) as Segment
  return segment[index - (segment[0] as Entry).index]
}

/** Entries from `from` on, at most `limit`. Empty when there are none. */
export function entriesFrom(log: Log, from: number, limit: number): readonly Entry[] {
  const end = Math.min(log.last.index, from + limit - 1)
  const found: Entry[] = []
  for (let index = from; index <= end; ) {
    const segment = log.segments.get(segmentKey(segmentOf(index))) as Segment
    const part = segment.slice(index - (segment[0] as Entry).index, end + 1 - (segment[0] as Entry).index)
    found.push(...part)
    index += part.length
  }
  return found
}

export const lacks = (log: Log, index: number): boolean => index <= log.compacted.index

/** Puts entries at the end. They must follow it. */
export function appended(log: Log, entries: readonly Entry[]): Log {
  const end = entries.at(-1)
  if (end === undefined) return log
  if (entries[0]?.index !== log.last.index + 1 || end.index !== log.last.index + entries.length)
    throw new Error(`entries ${entries[0]?.index} to ${end.index} follow ${log.last.index} in the log`)
  let { segments } = log
  for (let i = 0; i < entries.length; ) {
    const segment = segmentOf((entries[i] as Entry).index)
    const room = (segment + 1) * SEGMENT - (entries[i] as Entry).index
    const part = entries.slice(i, i + room)
    segments = segments.update(segmentKey(segment), (before) => (before === undefined ? part : [...before, ...part]))
    i += room
  }
  return { segments, compacted: log.compacted, last: { index: end.index, term: end.term } }
}

/** Takes away everything behind `index`: entries that another leader's log does not have. */
export function truncated(log: Log, index: number): Log {
  const last = { index, term: termAt(log, index) as number }
  let { segments } = log
  for (let i = segmentOf(log.last.index); i >= segmentOf(index); i--)
    segments = segments.update(segmentKey(i), (segment) => {
      const left = segment?.filter((entry) => entry.index <= index) ?? []
      return left.length === 0 ? undefined : left
    })
  return { segments, compacted: log.compacted, last }
}

/** Takes away everything up to `index`, which a snapshot covers. */
export function compacted(log: Log, index: number): Log {
  if (index <= log.compacted.index) return log
  const term = termAt(log, index) as number
  let { segments } = log
  for (let i = segmentOf(log.compacted.index + 1); i < segmentOf(index + 1); i++)
    segments = segments.delete(segmentKey(i))
  return { segments, compacted: { index, term }, last: log.last }
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
