/**
 * What an API server remembers of etcd: the objects of every resource as of one revision, and what changed lately.
 * apiserver/pkg/storage/cacher; there each resource has a cache and an etcd watch of its own, here one stream feeds all.
 */
import { Tree } from '../../runtime/tree.ts'
import { Chronicle } from '../lib/chronicle.ts'
import type { Change } from '../protocol/api.ts'
import type { KeyEvent, KeyValue } from '../protocol/etcd.ts'
import type { ApiObject, Pod, ResourceName } from '../protocol/objects.ts'
import { type Prefixes, placeOf } from './etcd-keys.ts'
import { versioned } from './frozen.ts'

/** A change as watchers need it: also what was before, for those who select. */
export interface Moved {
  readonly revision: number
  readonly change: Change
  readonly was: ApiObject | undefined
}

export interface ResourceCache {
  readonly objects: Tree<ApiObject>
  /** Pods by the name of their node, then by key; of other resources empty. */
  readonly byNode: Tree<Tree<ApiObject>>
  /** The revision of the last change of this resource. */
  readonly changedAt: number
  /** Changes by revision, in two generations so that the older can be let go as one. */
  readonly recent: Chronicle<Moved>
  readonly before: Chronicle<Moved>
  readonly recentSince: number
  /** A watch from this revision or a later one misses nothing. */
  readonly completeFrom: number
}

export interface WatchCache {
  /** Marks a big value: the log and the fingerprint record this text instead of the content. */
  readonly view: string
  readonly revision: number
  /** By the name of the resource. */
  readonly resources: Tree<ResourceCache>
  /** The revision of the list it was filled with: what was before is not known to resources without a cache yet. */
  readonly filledAt: number
}

/** How long the history of changes reaches back at least: 60 s between bookmarks and 15 s. */
const HISTORY_MS = 75_000
/** And how many changes it holds at least. */
const HISTORY_LENGTH = 100

export const NO_CACHE: WatchCache = { view: 'cache@0', revision: 0, resources: Tree.of<ResourceCache>(), filledAt: 0 }

/** The cache of one resource; an empty one when nothing of it was ever seen. */
export const cacheOf = (cache: WatchCache, resource: ResourceName): ResourceCache =>
  cache.resources.get(resource) ?? empty(cache.filledAt)

const NONE: Tree<never> = Tree.of()
const QUIET: Chronicle<never> = Chronicle.of()
const empty = (revision: number): ResourceCache => ({
  objects: NONE,
  byNode: NONE,
  changedAt: revision,
  recent: QUIET,
  before: QUIET,
  recentSince: 0,
  completeFrom: revision,
})

/** The cache from a listing of everything under `/registry/`. */
export function filled(kvs: readonly KeyValue[], revision: number, prefixes: Prefixes): WatchCache {
  let resources = NO_CACHE.resources
  for (const { key, value, modRevision } of kvs) {
    const place = placeOf(key, prefixes)
    if (place === undefined) continue
    const [resource, path] = place
    const object = versioned(value as ApiObject, modRevision)
    const before = resources.get(resource) ?? empty(revision)
    resources = resources.set(resource, { ...before, ...placed(before, path, undefined, object) })
  }
  return { view: `cache@${revision}`, revision, resources, filledAt: revision }
}

/** The cache after some revisions of etcd, and what they changed, by resource in order. */
export function advanced(
  cache: WatchCache,
  events: readonly KeyEvent[],
  revision: number,
  at: number,
  prefixes: Prefixes,
): readonly [WatchCache, Readonly<Record<ResourceName, readonly Moved[]>>] {
  let resources = allAged(cache.resources, at)
  const moved: Record<ResourceName, Moved[]> = {}
  for (const event of events) {
    const place = placeOf(event.kv.key, prefixes)
    if (place === undefined) continue
    const [resource, path] = place
    const before = resources.get(resource) ?? empty(cache.filledAt)
    const move = movedBy(event, path, before.objects.get(path))
    if (move === undefined) continue
    resources = resources.set(resource, after(before, move, at))
    const list = moved[resource]
    if (list === undefined) moved[resource] = [move]
    else list.push(move)
  }
  return [{ view: `cache@${revision}`, revision, resources, filledAt: cache.filledAt }, moved]
}

function allAged(resources: Tree<ResourceCache>, at: number): Tree<ResourceCache> {
  let kept = resources
  resources.each((each, resource) => {
    const left = aged(each, at)
    if (left !== each) kept = kept.set(resource, left)
  })
  return kept
}

const goneOr = ({ change }: Moved): ApiObject | undefined => (change.type === 'DELETED' ? undefined : change.object)

function movedBy({ type, kv }: KeyEvent, key: string, was: ApiObject | undefined): Moved | undefined {
  if (type === 'DELETE') {
    if (was === undefined) return undefined
    const { resourceVersion: _, ...metadata } = was.metadata
    const object = versioned(Object.freeze({ ...was, metadata: Object.freeze(metadata) }), kv.modRevision)
    return { revision: kv.modRevision, change: { type: 'DELETED', key, object }, was }
  }
  const object = versioned(kv.value as ApiObject, kv.modRevision)
  return { revision: kv.modRevision, change: { type: was === undefined ? 'ADDED' : 'MODIFIED', key, object }, was }
}

/** The cache after a change, which is remembered. */
function after(cache: ResourceCache, move: Moved, at: number): ResourceCache {
  const { recent, before, recentSince, completeFrom } = cache
  const { revision, change, was } = move
  const { objects, byNode } = placed(cache, change.key, was, goneOr(move))
  return {
    objects,
    byNode,
    changedAt: revision,
    recent: recent.with(move),
    before,
    recentSince: recent.size === 0 ? at : recentSince,
    completeFrom,
  }
}

/** Its objects with one under a key, or without one. */
function placed(
  { objects, byNode }: ResourceCache,
  key: string,
  was: ApiObject | undefined,
  now: ApiObject | undefined,
): Pick<ResourceCache, 'objects' | 'byNode'> {
  return {
    objects: now === undefined ? objects.delete(key) : objects.set(key, now),
    byNode: placedByNode(byNode, key, nodeOf(was), nodeOf(now), now),
  }
}

function placedByNode(
  byNode: Tree<Tree<ApiObject>>,
  key: string,
  left: string | undefined,
  entered: string | undefined,
  now: ApiObject | undefined,
): Tree<Tree<ApiObject>> {
  let next = byNode
  if (left !== undefined && left !== entered) {
    next = next.update(left, (pods) => {
      const rest = pods?.delete(key)
      return rest === undefined || rest.size === 0 ? undefined : rest
    })
  }
  if (entered === undefined || now === undefined) return next
  return next.update(entered, (pods) => (pods ?? NONE).set(key, now))
}

/** The node a pod is bound to; undefined of anything else. */
export function nodeOf(object: ApiObject | undefined): string | undefined {
  if (object?.kind !== 'Pod') return undefined
  return (object as Partial<Pod>).spec?.nodeName || undefined
}

/** What is older than the window is let go, also of a resource that has come to rest; its last changes stay. */
function aged(cache: ResourceCache, at: number): ResourceCache {
  const { recent, before, recentSince } = cache
  if (at - recentSince <= HISTORY_MS || recent.size + before.size < HISTORY_LENGTH) return cache
  const kept = recent.size >= HISTORY_LENGTH ? recent : newest(before, recent)
  return { ...cache, recent: QUIET, before: kept, recentSince: at, completeFrom: oldest(kept) - 1 }
}

/** The last changes of two generations, as one. */
const newest = (before: Chronicle<Moved>, recent: Chronicle<Moved>): Chronicle<Moved> =>
  Chronicle.of([...before.entries(), ...recent.entries()].slice(-HISTORY_LENGTH))

const oldest = (moves: Chronicle<Moved>): number => {
  let revision = 0
  moves.range(0, (move) => {
    revision = move.revision
    return false
  })
  return revision
}

/** What changed after a revision, in order. */
export function changesAfter(cache: ResourceCache, revision: number): readonly Moved[] {
  if (revision >= cache.changedAt) return []
  return [...cache.before.entries(revision + 1), ...cache.recent.entries(revision + 1)]
}
