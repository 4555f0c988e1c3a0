/** Watches as streams: opened, told what was and what comes, closed (mvcc's watchableStore and v3rpc/watch.go). */
import { type Address, type Delivery, type Effect, end, push, wake } from '../../runtime/contract.ts'
import { numberKey } from '../../runtime/tree.ts'
import type { EtcdWatched, KeyEvent, WatchProgressRequest, WatchRequest } from '../protocol/etcd.ts'
import { COMPACTED_DELETION, PROGRESS_AHEAD } from './bug.ts'
import type { Change, Context } from './context.ts'
import { fragments } from './mvcc/fragments.ts'
import { isAlive, type Store } from './mvcc/store.ts'
import { behind, eventFor, inStep, isEmpty, isIn, opened, type Watcher, watcherOf, without } from './mvcc/watch.ts'

/** How many watchers are told of the past at one look, and of how many revisions each. */
const WATCHERS_AT_ONCE = 512
const REVISIONS_AT_ONCE = 1_000

const WATCH_LOOP_MS = 100
/** The loop that serves watches of the past turns at fixed instants, whoever comes when. */
export const nextTurnMs = ({ bornAt }: Context, _: unknown, { at }: Delivery): number =>
  WATCH_LOOP_MS - ((at - bornAt) % WATCH_LOOP_MS)

const watcherFor = ({ replica }: Context, request: WatchRequest, { call, from }: Delivery): Watcher =>
  watcherOf(request, call, from, request.startRevision || replica.store.revision + 1)

export const rangeIsEmpty = (context: Context, request: WatchRequest, told: Delivery): boolean =>
  isEmpty(watcherFor(context, request, told))
export const startsInThePast = ({ replica }: Context, { startRevision = 0 }: WatchRequest): boolean =>
  startRevision > 0 && startRevision <= replica.store.revision

const watched = ({ replica }: Context, rest: Partial<EtcdWatched> = {}): EtcdWatched => ({
  type: 'etcd.watched',
  revision: replica.store.revision,
  events: [],
  ...rest,
})

export const cancelAtOnce = (context: Context, _: WatchRequest, { call }: Delivery): readonly Effect[] => [
  push(call, watched(context, { created: true, canceled: 'mvcc: watcher range is empty' })),
  end(call),
]
/** A learner serves no watches. */
export const endAtOnce = (_: Context, __: unknown, { call }: Delivery): Effect => end(call)

export const openInStep = (context: Context, request: WatchRequest, told: Delivery) => {
  const watcher = watcherFor(context, request, told)
  const timer = watcher.progressNotify ? [progressTimer(context)] : []
  const change: Change = { watchers: inStep(context.watchers, watcher) }
  return [change, [push(told.call, watched(context, { created: true })), ...timer]] as const
}
export const openBehind = (context: Context, request: WatchRequest, told: Delivery) => {
  const watcher = watcherFor(context, request, told)
  const timer = watcher.progressNotify ? [progressTimer(context)] : []
  const change: Change = { watchers: behind(context.watchers, watcher) }
  return [change, [push(told.call, watched(context, { created: true })), ...timer]] as const
}
export const close = ({ watchers }: Context, { stream }: { readonly stream: number }): Change => ({
  watchers: without(watchers, stream),
})

export const someAreBehind = ({ watchers }: Context): boolean => watchers.behind.size > 0

/** In one piece, or in several for who asked for that. */
export const tell = ({ stream, fragment }: Watcher, all: EtcdWatched): readonly Effect[] =>
  (fragment ? fragments(all) : [all]).map((part) => push(stream, part))

/** Tells those that are behind what they have missed, or that it is no longer there to tell. */
export function tellThePast(context: Context): readonly [Change, readonly Effect[]] {
  const { store } = context.replica
  const effects: Effect[] = []
  let { watchers } = context
  for (const watcher of context.watchers.behind.values().slice(0, WATCHERS_AT_ONCE)) {
    watchers = without(watchers, watcher.stream)
    if (watcher.from < store.compactRevision) {
      const compactRevision = store.compactRevision
      effects.push(push(watcher.stream, watched(context, { canceled: '', compactRevision })), end(watcher.stream))
      continue
    }
    const { events, next } = past(store, watcher, context.bug === COMPACTED_DELETION)
    if (events.length > 0) effects.push(...tell(watcher, watched(context, { events, revision: next - 1 })))
    const moved = { ...watcher, from: next }
    watchers = next > store.revision ? inStep(watchers, moved) : behind(watchers, moved)
  }
  return [{ watchers }, effects]
}

function past({ changes, compactRevision, revision }: Store, watcher: Watcher, losesDeletion: boolean) {
  const events: KeyEvent[] = []
  let next = Math.max(revision + 1, watcher.from)
  let left = REVISIONS_AT_ONCE
  changes.range(watcher.from, (one) => {
    if (left-- === 0) {
      next = one.revision
      return false
    }
    for (const change of one.changes) {
      if (losesDeletion && change.kv.modRevision === compactRevision && !isAlive(change.kv)) continue
      const event = isIn(watcher.bounds, change.kv.key) ? eventFor(watcher, change, compactRevision) : undefined
      if (event !== undefined) events.push(event)
    }
    return true
  })
  return { events, next }
}

/** All watchers must be told once more what lies between: a snapshot took the place of the store. */
export function allBehind({ watchers, replica }: Context): Context['watchers'] {
  const next = replica.store.revision + 1
  return watchers.all.values().reduce((all, watcher) => {
    const from = watchers.behind.has(numberKey(watcher.stream)) ? watcher.from : Math.max(watcher.from, next)
    return behind(without(all, watcher.stream), { ...watcher, from })
  }, watchers)
}

export const tellProgress = (context: Context, { key }: WatchProgressRequest, { from }: Delivery): readonly Effect[] =>
  [...opened(context.watchers, from, key), ...early(context, from, key)].map(({ stream }) =>
    push(stream, watched(context)),
  )
const early = ({ watchers, bug }: Context, owner: Address, key: string): readonly Watcher[] =>
  bug === PROGRESS_AHEAD
    ? watchers.behind.values().filter((watcher) => watcher.owner === owner && watcher.key === key)
    : []

const progressTimer = ({ progressNotifyIntervalMs }: Context) =>
  wake('progress', progressNotifyIntervalMs, { type: 'progress.due' })

/** Those that want it and are in step learn that they have missed nothing. */
export function tellAllProgress(context: Context): readonly Effect[] {
  const { all, behind: late } = context.watchers
  const wanting = all.values().filter(({ progressNotify }) => progressNotify)
  if (wanting.length === 0) return []
  const current = wanting.filter(({ stream }) => !late.has(numberKey(stream)))
  return [...current.map(({ stream }) => push(stream, watched(context))), progressTimer(context)]
}
