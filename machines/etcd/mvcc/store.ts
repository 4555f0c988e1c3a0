/**
 * The multi-version store (package mvcc): each change of a key is kept under the revision that made it, until a
 * compaction. One transaction makes one revision, whatever it changes. Persistent: an old store stays valid.
 */
import { numberKey, Tree } from '../../../runtime/tree.ts'
import { Chronicle } from '../../lib/chronicle.ts'
import type { KeyRange, KeyValue } from '../../protocol/etcd.ts'
import { compacted as compactedAway, futureRevision } from '../failures.ts'

/**
 * One key's versions. A version of 0 is a tombstone: the key was deleted at its `modRevision`. What has one version, as most
 * keys have, is that version itself: whoever looks for one of many keys reads memory at one place less.
 */
export type History = KeyValue | Versions
interface Versions {
  readonly latest: KeyValue
  /** Earlier ones, the latest of them first. */
  readonly older: Tree<KeyValue>
}
export const latestOf = (history: History): KeyValue => ('latest' in history ? history.latest : history)
const olderOf = (history: History): Tree<KeyValue> | undefined => ('older' in history ? history.older : undefined)

/** Visits all versions, the latest first. */
export function eachVersion(history: History, visit: (version: KeyValue) => void): void {
  visit(latestOf(history))
  olderOf(history)?.each(visit)
}

/** One key's change, and what it was at the revision before. */
export interface Change {
  readonly kv: KeyValue
  readonly prev: KeyValue | undefined
}
/** What one revision changed, in order. */
export interface Revised {
  readonly revision: number
  readonly changes: readonly Change[]
}
/**
 * Invariants: `changes` holds, for every revision in (compactRevision, revision], what it changed; what
 * `keys` holds for a key at a revision in [compactRevision, revision] is what a read at that revision finds.
 */
export interface Store {
  readonly revision: number
  /** -1 while nothing was compacted. */
  readonly compactRevision: number
  readonly keys: Tree<History>
  readonly changes: Chronicle<Revised>
}

export const emptyStore: Store = {
  revision: 1,
  compactRevision: -1,
  keys: Tree.of<History>(),
  changes: Chronicle.of<Revised>(),
}

const latestFirst = (revision: number): string => numberKey(999_999_999_999 - revision)

/** Where a range ends: exclusive, undefined for "to the end". */
export interface Bounds {
  readonly from: string
  readonly to: string | undefined
}
/** A single key is the range up to its successor, `key + '\0'`. */
export function boundsOf({ key, rangeEnd }: KeyRange): Bounds {
  if (rangeEnd === undefined || rangeEnd === '') return { from: key, to: `${key}\0` }
  return { from: key, to: rangeEnd === '\0' ? undefined : rangeEnd }
}

export const isAlive = ({ version }: KeyValue): boolean => version > 0

/** What a key was at a revision; undefined when it did not exist. */
export function versionAt(history: History, revision: number): KeyValue | undefined {
  const latest = latestOf(history)
  let found: KeyValue | undefined = latest.modRevision <= revision ? latest : undefined
  if (found === undefined) {
    olderOf(history)?.range(latestFirst(revision), undefined, (version) => {
      found = version
      return false
    })
  }
  return found !== undefined && isAlive(found) ? found : undefined
}

/** Visits the keys of a range that exist at a revision, in order, until `visit` returns false. */
export function visit(
  keys: Tree<History>,
  { from, to }: Bounds,
  revision: number,
  take: (kv: KeyValue) => boolean | undefined,
): void {
  keys.range(from, to, (history) => {
    const kv = versionAt(history, revision)
    return kv === undefined ? undefined : take(kv)
  })
}

/** Why a read at a revision is impossible; undefined when it is not. */
export function unreadable({ revision, compactRevision }: Store, at: number) {
  if (at > revision) return futureRevision
  return at > 0 && at < compactRevision ? compactedAway : undefined
}

/** The history of a key with one more version. A second change in one transaction takes the place of the first. */
export function withVersion(history: History | undefined, kv: KeyValue): History {
  if (history === undefined) return kv
  const [latest, older] = [latestOf(history), olderOf(history)]
  if (latest.modRevision === kv.modRevision) return historyOf(kv, older)
  return { latest: kv, older: (older ?? Tree.of<KeyValue>()).set(latestFirst(latest.modRevision), latest) }
}

/**
 * Forgets what no read at `revision` or later needs: of each key, versions that were replaced by then, and the key when
 * it was deleted. Only keys changed since the last compaction are looked at. The changes of `revision` itself stay, for
 * a watch from there.
 */
export function compacted(store: Store, revision: number): Store {
  let { keys } = store
  store.changes.range(0, (one) => {
    if (one.revision > revision) return false
    for (const { kv } of one.changes) keys = keys.update(kv.key, (history) => history && pruned(history, revision))
    return true
  })
  return { revision: store.revision, compactRevision: revision, keys, changes: store.changes.since(revision) }
}

function pruned(history: History, revision: number): History | undefined {
  const [latest, older] = [latestOf(history), olderOf(history)]
  if (latest.modRevision <= revision) return isAlive(latest) ? latest : undefined
  let left = older
  let isReplaced = false
  older?.range(latestFirst(revision), undefined, (version, key) => {
    if (isReplaced || !isAlive(version)) left = left?.delete(key)
    isReplaced = true
    return true
  })
  return historyOf(latest, left)
}
const historyOf = (latest: KeyValue, older: Tree<KeyValue> | undefined): History =>
  older === undefined || older.size === 0 ? latest : { latest, older }
