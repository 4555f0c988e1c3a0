/**
 * Watchers, indexed so that a change costs only those that it concerns (mvcc's watcherGroup): by key, by folder (all
 * keys below a `/`, the usual case), and a list for every other range.
 */
import { numberKey, Tree } from '../../../runtime/tree.ts'
import { type KeyEvent, prefixEnd, type WatchRequest } from '../../protocol/etcd.ts'
import { type Bounds, boundsOf, type Change, isAlive } from './store.ts'

export interface Watcher {
  /** The number of its stream. */
  readonly stream: number
  readonly owner: string
  readonly key: string
  readonly bounds: Bounds
  /** The first revision that it has not seen. Of one in step: events before it are not for it. */
  readonly from: number
  readonly prevKv: boolean
  readonly noPut: boolean
  readonly noDelete: boolean
  readonly progressNotify: boolean
  readonly fragment: boolean
}
/** Invariant: each watcher is either `behind`, or in exactly one of the three indexes of those in step. */
export interface Watchers {
  readonly all: Tree<Watcher>
  readonly behind: Tree<Watcher>
  readonly byKey: Tree<readonly Watcher[]>
  readonly byFolder: Tree<readonly Watcher[]>
  readonly others: readonly Watcher[]
}
export const noWatchers: Watchers = {
  all: Tree.of<Watcher>(),
  behind: Tree.of<Watcher>(),
  byKey: Tree.of<readonly Watcher[]>(),
  byFolder: Tree.of<readonly Watcher[]>(),
  others: [],
}

/** A watch of an empty key is one of all keys from the beginning. */
export function watcherOf(request: WatchRequest, stream: number, owner: string, from: number): Watcher {
  const key = request.key === '' ? '\0' : request.key
  const { filters = [] } = request
  return {
    stream,
    owner,
    key,
    bounds: boundsOf({ ...request, key }),
    from,
    prevKv: request.prevKv === true,
    noPut: filters.includes('noput'),
    noDelete: filters.includes('nodelete'),
    progressNotify: request.progressNotify === true,
    fragment: request.fragment === true,
  }
}
/** No key can be in its range: such a watch is cancelled at once. */
export const isEmpty = ({ bounds: { from, to } }: Watcher): boolean => to !== undefined && to <= from

const streamKey = numberKey

/** A watcher that has seen all there is. */
export function inStep(watchers: Watchers, watcher: Watcher): Watchers {
  return indexed({ ...watchers, all: watchers.all.set(streamKey(watcher.stream), watcher) }, watcher, (list) => [
    ...list,
    watcher,
  ])
}
/** A watcher that must first be told what was. */
export function behind(watchers: Watchers, watcher: Watcher): Watchers {
  const key = streamKey(watcher.stream)
  return { ...watchers, all: watchers.all.set(key, watcher), behind: watchers.behind.set(key, watcher) }
}
export function without(watchers: Watchers, stream: number): Watchers {
  const key = streamKey(stream)
  const watcher = watchers.all.get(key)
  if (watcher === undefined) return watchers
  const rest = { ...watchers, all: watchers.all.delete(key) }
  if (watchers.behind.has(key)) return { ...rest, behind: watchers.behind.delete(key) }
  return indexed(rest, watcher, (list) => list.filter((other) => other.stream !== stream))
}

type Relisted = (list: readonly Watcher[]) => readonly Watcher[]

function indexed(watchers: Watchers, { key, bounds }: Watcher, relisted: Relisted): Watchers {
  const kept = (list: readonly Watcher[] = []) => {
    const left = relisted(list)
    return left.length === 0 ? undefined : left
  }
  if (bounds.to === `${key}\0`) return { ...watchers, byKey: watchers.byKey.update(key, kept) }
  if (key.endsWith('/') && bounds.to === prefixEnd(key))
    return { ...watchers, byFolder: watchers.byFolder.update(key, kept) }
  return { ...watchers, others: relisted(watchers.others) }
}

/** Those in step whose range holds the key. */
export function concerned(watchers: Watchers, key: string): readonly Watcher[] {
  const found: Watcher[] = [...(watchers.byKey.get(key) ?? [])]
  if (watchers.byFolder.size > 0) {
    for (let slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1))
      found.push(...(watchers.byFolder.get(key.slice(0, slash + 1)) ?? []))
  }
  for (const watcher of watchers.others) if (isIn(watcher.bounds, key)) found.push(watcher)
  return found
}
/** Those in step that a client has open on exactly this key, folder or beginning of a range. */
export function opened(watchers: Watchers, owner: string, key: string): readonly Watcher[] {
  const here = [...(watchers.byKey.get(key) ?? []), ...(watchers.byFolder.get(key) ?? []), ...watchers.others]
  return here.filter((watcher) => watcher.owner === owner && watcher.key === key)
}

export const isIn = ({ from, to }: Bounds, key: string): boolean => key >= from && (to === undefined || key < to)

/**
 * A change as a watcher is told of it; undefined when it does not want such. The value before is not told when a
 * compaction has taken it away.
 */
export function eventFor(watcher: Watcher, { kv, prev }: Change, compactRevision: number): KeyEvent | undefined {
  const isPut = isAlive(kv)
  if (kv.modRevision < watcher.from || (isPut ? watcher.noPut : watcher.noDelete)) return undefined
  const type = isPut ? 'PUT' : 'DELETE'
  const isKept = watcher.prevKv && prev !== undefined && kv.modRevision - 1 >= compactRevision
  return isKept ? { type, kv, prevKv: prev } : { type, kv }
}
