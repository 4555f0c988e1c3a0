/** How a watch begins: from a revision that the cache still knows, or with the state of now. storage/cacher, Watch. */
import { draw, type Effect, end, push, wake } from '../../runtime/contract.ts'
import type { ApiRequest, Change, WatchEvents } from '../protocol/api.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { revisionAsked, selected } from './reads.ts'
import { EVERYTHING, isSelection, type Selection, selectionOf } from './selection.ts'
import { factsOf, type OwnKinds } from './served.ts'
import { expired } from './statuses.ts'
import { cacheOf, changesAfter, type ResourceCache, type WatchCache } from './watch-cache.ts'
import { joined, seenBy, type Watchers } from './watchers.ts'

/** A watch that names no time-out lasts between half an hour and an hour: `--min-request-timeout`. */
const [LASTS_AT_LEAST_S, LASTS_AT_MOST_S] = [1_800, 3_600]

export function openedWatch(
  cache: WatchCache,
  watchers: Watchers,
  ownKinds: OwnKinds,
  request: ApiRequest,
  stream: number,
  dice: number,
): readonly [Watchers, readonly Effect[]] {
  const { resource, options } = request
  const resourceCache = cacheOf(cache, resource)
  const asked = revisionAsked(request) as number | undefined
  const startsWithState = options?.sendInitialEvents ?? (asked === undefined || asked === 0)
  const from = asked === undefined || asked === 0 ? cache.revision : asked
  if (!startsWithState && from < resourceCache.completeFrom) {
    const status = expired(from, resourceCache.completeFrom)
    return [watchers, [push(stream, { type: 'watch.failed', status }), end(stream)]]
  }
  const selection = selectionIn(ownKinds, request)
  const bookmarks = options?.allowWatchBookmarks ?? false
  const watcher = { stream, selection, bookmarks, after: startsWithState ? cache.revision : from }
  const first = startsWithState
    ? stateOf(resourceCache, selection, cache.revision)
    : eventsOf(seenBy({ ...watcher, after: from }, changesAfter(resourceCache, from)), cache.revision)
  const effects: Effect[] = first.changes.length === 0 ? [] : [push(stream, first)]
  if (
    startsWithState &&
    bookmarks &&
    options?.sendInitialEvents !== false &&
    (options?.sendInitialEvents || asked === undefined)
  ) {
    effects.push(push(stream, { ...eventsOf([], cache.revision), initialEventsEnd: true }))
  }
  effects.push(
    wake(`watch ${stream}`, lastsMs(options?.timeoutSeconds, dice, stream), { type: 'watch.expired', stream }),
  )
  return [joined(watchers, resource, watcher), effects]
}

const lastsMs = (seconds: number | undefined, dice: number, stream: number): number =>
  (seconds ?? LASTS_AT_LEAST_S + (draw(dice, 'watch', stream) % (LASTS_AT_MOST_S - LASTS_AT_LEAST_S))) * 1_000

function selectionIn(ownKinds: OwnKinds, request: ApiRequest): Selection {
  const facts = factsOf(ownKinds, request.resource)
  const selection = facts === undefined ? EVERYTHING : selectionOf(request, facts)
  return isSelection(selection) ? selection : EVERYTHING
}

const eventsOf = (changes: readonly Change[], revision: number): WatchEvents => ({
  type: 'watch.events',
  changes,
  resourceVersion: String(revision),
})

/** Everything selected as if it had just been added. */
function stateOf(cache: ResourceCache, selection: Selection, revision: number): WatchEvents {
  const changes: Change[] = []
  selected(cache, selection).each((object: ApiObject, key) => changes.push({ type: 'ADDED', key, object }))
  return eventsOf(changes, revision)
}
