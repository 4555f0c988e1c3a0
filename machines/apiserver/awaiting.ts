/** Those whom a server owes something later: readers that wait for a revision, watchers that are due a bookmark. */
import { type Address, answer, type Effect, wake } from '../../runtime/contract.ts'
import { numberKey, type Tree } from '../../runtime/tree.ts'
import type { ResourceName } from '../protocol/objects.ts'
import type { WatchCache } from './watch-cache.ts'
import { type Watchers, wantsBookmarks } from './watchers.ts'

export interface Waiting {
  readonly client: Address
  readonly call: number
}
/** Readers lie in the order of the revisions that they wait for. */
export const waitingKey = (revision: number, reader: Address): string => `${numberKey(revision)} ${reader}`

/** Answers those who waited for a revision that is reached now. */
export function reached(waiting: Tree<Waiting>, cache: WatchCache): readonly [Tree<Waiting>, readonly Effect[]] {
  if (waiting.size === 0) return [waiting, []]
  let rest = waiting
  const effects: Effect[] = []
  waiting.range('', numberKey(cache.revision + 1), ({ client, call }, key) => {
    rest = rest.delete(key)
    effects.push(answer(client, call, { type: 'cache.reached', cache }))
    return true
  })
  return [rest, effects]
}

export interface BookmarksDue {
  readonly type: 'bookmarks.due'
  readonly resource: ResourceName
}
const BOOKMARK_MS = 60_000

/** Bookmarks are due a minute after the first change that somebody who wants them may not have seen. */
export function bookmarksAsked(
  pending: Tree<true>,
  watchers: Watchers,
  resources: readonly ResourceName[],
): readonly [Tree<true>, readonly Effect[]] {
  let due = pending
  const effects: Effect[] = []
  for (const resource of resources) {
    if (due.has(resource) || !wantsBookmarks(watchers, resource)) continue
    due = due.set(resource, true)
    effects.push(wake(`bookmarks ${resource}`, BOOKMARK_MS, { type: 'bookmarks.due', resource } satisfies BookmarksDue))
  }
  return [due, effects]
}
