/** What a reflector holds: the objects of one resource by key, and its indexes (client-go's thread-safe store). */
import { Tree } from '../../../runtime/tree.ts'
import type { Change, Listing } from '../../protocol/api.ts'
import { type Cache, type Delta, type IndexName, orphansOf } from '../../protocol/cache.ts'
import type { ApiObject, Pod, ResourceName } from '../../protocol/objects.ts'
import { controllerOf } from './owners.ts'

type Indexes = Cache['by']
export interface Moved {
  readonly cache: Cache
  readonly deltas: readonly Delta[]
}

export const emptyCache = (resource: ResourceName, indexes: readonly IndexName[]): Cache => ({
  view: `${resource}@`,
  resourceVersion: '',
  objects: Tree.of(),
  by: Object.fromEntries(indexes.map((name) => [name, Tree.of<Tree<ApiObject>>()])),
})

/** The changes of a watch, in order. A change of several revisions may touch one key more than once. */
export function changed(cache: Cache, changes: readonly Change[], resourceVersion: string): Moved {
  const { objects, deltas } = doneBefore(cache.objects, changes) ?? done(cache.objects, changes)
  let { by } = cache
  for (const { key, was, now } of deltas) by = indexed(by, key, was, now)
  return { cache: moved(cache, objects, by, resourceVersion), deltas }
}

/** What changes make of objects. */
interface Done {
  readonly before: Tree<ApiObject>
  readonly changes: readonly Change[]
  readonly objects: Tree<ApiObject>
  readonly deltas: readonly Delta[]
}
/** The reflectors of several processes hold the same objects and hear the same: what one of them did lately, all did. */
const lately: Done[] = []
const MOST = 8

const doneBefore = (objects: Tree<ApiObject>, changes: readonly Change[]): Done | undefined =>
  lately.find(({ before, changes: others }) => before === objects && areTheSame(others, changes))
const areTheSame = (some: readonly Change[], others: readonly Change[]): boolean =>
  some === others || (some.length === others.length && some.every((change, i) => change === others[i]))

function done(before: Tree<ApiObject>, changes: readonly Change[]): Done {
  let objects = before
  const deltas: Delta[] = []
  for (const { type, key, object } of changes) {
    const was = objects.get(key)
    const now = type === 'DELETED' ? undefined : object
    if (was === undefined && now === undefined) continue
    objects = now === undefined ? objects.delete(key) : objects.set(key, now)
    deltas.push({ key, was, now })
  }
  const one = { before, changes, objects, deltas }
  if (lately.push(one) > MOST) lately.shift()
  return one
}

/** A new listing in place of all that was known: the deltas are the difference, deletions nobody saw among them. */
export function replaced(cache: Cache, { objects, resourceVersion }: Listing): Moved {
  let { by } = cache
  const deltas: Delta[] = []
  const seen = (key: string, was: ApiObject | undefined, now: ApiObject | undefined): void => {
    if (sameVersion(was, now)) return
    by = indexed(by, key, was, now)
    deltas.push({ key, was, now })
  }
  cache.objects.each((was, key) => {
    if (!objects.has(key)) seen(key, was, undefined)
  })
  objects.each((now, key) => seen(key, cache.objects.get(key), now))
  return { cache: moved(cache, objects, by, resourceVersion), deltas }
}

/** An object that was deleted and made again under its name is a deletion and a creation at once. */
const sameVersion = (was: ApiObject | undefined, now: ApiObject | undefined): boolean =>
  was === now ||
  (was !== undefined && now !== undefined && was.metadata.resourceVersion === now.metadata.resourceVersion)

const moved = ({ view }: Cache, objects: Tree<ApiObject>, by: Indexes, resourceVersion: string): Cache => ({
  view: `${view.slice(0, view.indexOf('@'))}@${resourceVersion}`,
  resourceVersion,
  objects,
  by,
})

function indexed(by: Indexes, key: string, was: ApiObject | undefined, now: ApiObject | undefined): Indexes {
  const next: Partial<Record<IndexName, Tree<Tree<ApiObject>>>> = {}
  for (const name of Object.keys(by) as IndexName[]) {
    const under = was === undefined ? undefined : UNDER[name](was)
    const nowUnder = now === undefined ? undefined : UNDER[name](now)
    let index = by[name] as Tree<Tree<ApiObject>>
    if (under !== undefined && under !== nowUnder) index = index.update(under, (group) => without(group, key))
    if (nowUnder !== undefined && now !== undefined)
      index = index.update(nowUnder, (group) => (group ?? Tree.of<ApiObject>()).set(key, now))
    next[name] = index
  }
  return next
}

const without = (group: Tree<ApiObject> | undefined, key: string): Tree<ApiObject> | undefined => {
  const rest = group?.delete(key)
  return rest === undefined || rest.size === 0 ? undefined : rest
}

/** Under what an object stands in each index; undefined: not at all. */
const UNDER: Readonly<Record<IndexName, (object: ApiObject) => string | undefined>> = {
  owner: (object) => controllerOf(object)?.uid ?? orphansOf(object.metadata.namespace),
  node: (object) => (object as Pod).spec?.nodeName || undefined,
  namespace: ({ metadata }) => metadata.namespace,
}
