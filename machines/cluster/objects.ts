/** The objects of a cluster as its API would answer: read from the etcd member that has applied the most. */
import { Tree } from '../../runtime/tree.ts'
import type { World } from '../../runtime/world.ts'
import { etcdKey, prefixOf, REGISTRY } from '../apiserver/etcd-keys.ts'
import { versioned } from '../apiserver/frozen.ts'
import { cacheOf, type WatchCache } from '../apiserver/watch-cache.ts'
import { isAlive, latestOf, type Store } from '../etcd/mvcc/store.ts'
import type { ResourceFacts } from '../lib/schema.ts'
import { prefixEnd } from '../protocol/etcd.ts'
import type { ApiObject } from '../protocol/objects.ts'

/** The newest store of all members that run; an empty one's revision is 0. */
export function newestStore(world: World, members: readonly string[]): Store | undefined {
  let newest: Store | undefined
  for (const member of members) {
    const context = world.snapshot(member)?.context as { readonly replica: { readonly store: Store } } | undefined
    if (context !== undefined && context.replica.store.revision > (newest?.revision ?? 0))
      newest = context.replica.store
  }
  return newest
}

/**
 * What the API servers know of a real etcd, into which nobody here can look: the cache that is furthest, undefined until
 * one is filled.
 */
export function newestCache(world: World, apiservers: readonly string[]): WatchCache | undefined {
  const caches = apiservers.flatMap((address) => {
    const context = world.snapshot(address)?.context as { readonly cache: WatchCache } | undefined
    return context === undefined || context.cache.revision === 0 ? [] : [context.cache]
  })
  return caches.sort((a, b) => b.revision - a.revision)[0]
}

/** The objects of a resource (in a namespace) that a cache has, by their path, in order. */
export function objectsIn(cache: WatchCache | undefined, facts: ResourceFacts, namespace?: string): Tree<ApiObject> {
  const objects = cache === undefined ? Tree.of<ApiObject>() : cacheOf(cache, facts.name).objects
  return namespace === undefined ? objects : selected(objects, `${namespace}/`)
}

function selected(objects: Tree<ApiObject>, from: string): Tree<ApiObject> {
  let found = Tree.of<ApiObject>()
  objects.range(from, prefixEnd(from), (object, path) => {
    found = found.set(path, object)
    return true
  })
  return found
}

/** One object. `path` is `namespace/name`, or `name` of what is cluster-scoped. */
export function objectAt(store: Store | undefined, facts: ResourceFacts, path: string): ApiObject | undefined {
  const history = store?.keys.get(etcdKey(facts, path))
  const latest = history && latestOf(history)
  return latest === undefined || !isAlive(latest) ? undefined : versioned(latest.value as ApiObject, latest.modRevision)
}

/** All objects of a resource (in a namespace) by their path, in order. */
export function objectsOf(store: Store | undefined, facts: ResourceFacts, namespace?: string): Tree<ApiObject> {
  const prefix = `${REGISTRY}${prefixOf(facts)}/`
  const from = namespace === undefined ? prefix : `${prefix}${namespace}/`
  let objects = Tree.of<ApiObject>()
  store?.keys.range(from, undefined, (history, key) => {
    if (!key.startsWith(from)) return false
    const latest = latestOf(history)
    if (isAlive(latest))
      objects = objects.set(key.slice(prefix.length), versioned(latest.value as ApiObject, latest.modRevision))
    return true
  })
  return objects
}
