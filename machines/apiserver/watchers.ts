/**
 * Who watches what. Watchers lie under what they can be found by (the node of their pods, one object, one namespace),
 * so that a write costs those it concerns: apiserver/pkg/storage/cacher, indexedWatchers.
 */
import { type Effect, push } from '../../runtime/contract.ts'
import { numberKey, Tree } from '../../runtime/tree.ts'
import type { Change, WatchEvents } from '../protocol/api.ts'
import { type ApiObject, keyFor, type ResourceName } from '../protocol/objects.ts'
import { unversioned, versioned } from './frozen.ts'
import { isEverything, type Selection, selects } from './selection.ts'
import { type Moved, nodeOf } from './watch-cache.ts'

export interface Watcher {
  readonly stream: number
  readonly selection: Selection
  readonly bookmarks: boolean
  /** Knows all up to this revision already, when that is ahead of this server's cache. */
  readonly after: number
}
export interface Watchers {
  /** Of each resource under `<scope> <stream>`. */
  readonly of: Readonly<Record<ResourceName, Tree<Watcher>>>
  /** `<resource> <scope> <stream>` of each stream. */
  readonly places: Tree<string>
}
export const NOBODY: Watchers = { of: {}, places: Tree.of() }

const EVERYTHING = '*'

/** The narrowest index under which a selection can be kept. */
function scopeOf({ namespace, name, node }: Selection): string {
  if (node !== undefined) return `node/${node}`
  if (name !== undefined) return `name/${keyFor(namespace, name)}`
  return namespace === undefined ? EVERYTHING : `namespace/${namespace}`
}

export function joined(watchers: Watchers, resource: ResourceName, watcher: Watcher): Watchers {
  const place = `${scopeOf(watcher.selection)} ${numberKey(watcher.stream)}`
  const tree = (watchers.of[resource] ?? Tree.of()).set(place, watcher)
  return {
    of: { ...watchers.of, [resource]: tree },
    places: watchers.places.set(String(watcher.stream), `${resource} ${place}`),
  }
}

export function without(watchers: Watchers, stream: number): Watchers {
  const place = watchers.places.get(String(stream))
  if (place === undefined) return watchers
  const space = place.indexOf(' ')
  const resource = place.slice(0, space)
  const tree = watchers.of[resource]?.delete(place.slice(space + 1)) ?? Tree.of<Watcher>()
  return { of: { ...watchers.of, [resource]: tree }, places: watchers.places.delete(String(stream)) }
}

/** One `watch.events` to each watcher concerned, with all that changed for it. */
export function told(
  watchers: Watchers,
  moved: Readonly<Record<ResourceName, readonly Moved[]>>,
  revision: number,
): readonly Effect[] {
  const effects: Effect[] = []
  const resourceVersion = String(revision)
  for (const resource in moved) {
    const tree = watchers.of[resource]
    if (tree === undefined || tree.size === 0) continue
    const moves = moved[resource] as readonly Moved[]
    let all: WatchEvents | undefined
    each(tree, EVERYTHING, (watcher) => {
      if (isEverything(watcher.selection) && watcher.after < (moves[0] as Moved).revision) {
        all ??= { type: 'watch.events', changes: moves.map(({ change }) => change), resourceVersion }
        effects.push(push(watcher.stream, all))
        return
      }
      const changes = seenBy(watcher, moves)
      if (changes.length > 0) effects.push(push(watcher.stream, eventsOf(changes, resourceVersion)))
    })
    for (const [stream, changes] of found(tree, moves)) effects.push(push(stream, eventsOf(changes, resourceVersion)))
  }
  return effects
}
const eventsOf = (changes: readonly Change[], resourceVersion: string): WatchEvents => ({
  type: 'watch.events',
  changes,
  resourceVersion,
})

function each(tree: Tree<Watcher>, scope: string, visit: (watcher: Watcher) => void): void {
  tree.range(`${scope} `, `${scope}!`, (watcher) => {
    visit(watcher)
    return true
  })
}

/** What those see who are kept under a scope. */
function found(tree: Tree<Watcher>, moves: readonly Moved[]): ReadonlyMap<number, Change[]> {
  const changes = new Map<number, Change[]>()
  for (const move of moves) {
    for (const scope of scopesOf(move)) {
      each(tree, scope, (watcher) => {
        const change = watcher.after < move.revision ? changeFor(watcher.selection, move) : undefined
        if (change === undefined) return
        const list = changes.get(watcher.stream)
        if (list === undefined) changes.set(watcher.stream, [change])
        else list.push(change)
      })
    }
  }
  return changes
}

/** Each watcher lies under one scope only: nobody is told twice, but of a pod that changes its node, which none does. */
function scopesOf({ change, was }: Moved): readonly string[] {
  const { namespace } = change.object.metadata
  const scopes = [`name/${change.key}`]
  if (namespace !== undefined) scopes.push(`namespace/${namespace}`, `name/${change.object.metadata.name}`)
  const [left, entered] = [nodeOf(was), nodeOf(change.object)]
  if (entered !== undefined) scopes.push(`node/${entered}`)
  if (left !== undefined && left !== entered) scopes.push(`node/${left}`)
  return scopes
}

/** The changes as a watcher of a selection sees them. */
export function seenBy({ selection, after }: Watcher, moves: readonly Moved[]): readonly Change[] {
  const seen: Change[] = []
  for (const move of moves) {
    const change = move.revision > after ? changeFor(selection, move) : undefined
    if (change !== undefined) seen.push(change)
  }
  return seen
}

/** An object that enters a selection was ADDED, one that leaves it is DELETED in its last selected state. */
export function changeFor(selection: Selection, { change, was, revision }: Moved): Change | undefined {
  const before = was !== undefined && selects(selection, was)
  const after = change.type !== 'DELETED' && selects(selection, change.object)
  if (after) return typed(change, before ? 'MODIFIED' : 'ADDED')
  if (!before) return undefined
  return change.type === 'DELETED'
    ? change
    : { type: 'DELETED', key: change.key, object: leaving(was as ApiObject, revision) }
}
const typed = (change: Change, type: Change['type']): Change => (change.type === type ? change : { ...change, type })
const leaving = (was: ApiObject, revision: number): ApiObject => versioned(unversioned(was), revision)

/** A bookmark to those who asked for them and do not see every change as it comes. */
export function bookmarked(watchers: Watchers, resource: ResourceName, revision: number): readonly Effect[] {
  const bookmark = eventsOf([], String(revision))
  const effects: Effect[] = []
  watchers.of[resource]?.each(({ stream, selection, bookmarks, after }) => {
    if (bookmarks && !isEverything(selection) && after < revision) effects.push(push(stream, bookmark))
  })
  return effects
}

/** Whether anybody would be told of a bookmark. */
export function wantsBookmarks(watchers: Watchers, resource: ResourceName): boolean {
  let wanted = false
  watchers.of[resource]?.range('', undefined, ({ bookmarks, selection }) => {
    wanted = bookmarks && !isEverything(selection)
    return !wanted
  })
  return wanted
}
