/** Answers from the watch cache: get and list. What must be as new as etcd is waited for by an actor (`read.ts`). */
import { Tree } from '../../runtime/tree.ts'
import type { ApiAnswered, ApiRequest, Listing, Status } from '../protocol/api.ts'
import { type ApiObject, keyFor, type ResourceName } from '../protocol/objects.ts'
import { isUnfiltered, type Selection, selects } from './selection.ts'
import { badVersion, missing, refusal } from './statuses.ts'
import { cacheOf, type ResourceCache, type WatchCache } from './watch-cache.ts'

/** The key of the object that a request names. */
export const pathOf = ({ namespace, name }: ApiRequest): string => keyFor(namespace, name ?? '')

export function got(cache: WatchCache, request: ApiRequest): ApiAnswered {
  const object = cacheOf(cache, request.resource).objects.get(pathOf(request))
  return object === undefined ? refusal(missing(request)) : { type: 'api.answered', code: 200, object }
}

export function listed(cache: WatchCache, resource: ResourceName, selection: Selection): ApiAnswered {
  const objects = selected(cacheOf(cache, resource), selection)
  return { type: 'api.answered', code: 200, list: listing(resource, objects, cache.revision) }
}
export const listing = (resource: ResourceName, objects: Tree<ApiObject>, revision: number): Listing => ({
  view: `${resource}@${revision}`,
  objects,
  resourceVersion: String(revision),
})

/** The objects selected: the cache's own map when that is all of them. */
export function selected(cache: ResourceCache, selection: Selection): Tree<ApiObject> {
  const { namespace, node, name } = selection
  if (namespace === undefined && isUnfiltered(selection)) return cache.objects
  let chosen: Tree<ApiObject> = Tree.of()
  const take = (object: ApiObject, key: string): boolean => {
    if (selects(selection, object)) chosen = chosen.set(key, object)
    return true
  }
  const from = node === undefined ? cache.objects : (cache.byNode.get(node) ?? Tree.of<ApiObject>())
  if (namespace === undefined) from.range('', undefined, take)
  else if (name === undefined) from.range(`${namespace}/`, `${namespace}0`, take)
  else {
    const object = from.get(keyFor(namespace, name))
    if (object !== undefined) take(object, keyFor(namespace, name))
  }
  return chosen
}

/** The revision that a request names: undefined for none, or the Status that says what is wrong with it. */
export function revisionAsked({ options }: ApiRequest): number | undefined | Status {
  const text = options?.resourceVersion
  if (text === undefined || text === '') return undefined
  return /^\d+$/.test(text) ? Number(text) : badVersion(text)
}
