/**
 * One kube-apiserver: fills a cache from etcd and keeps it current by one watch, answers what it can from there, hands
 * each request that writes or must wait to an actor of its own, and tells watchers what changed.
 */
import { setup } from 'xstate'
import {
  type Address,
  answer,
  born,
  type CallLost,
  call,
  type Effect,
  end,
  hangUp,
  hostOf,
  type StreamClosed,
  type StreamEnded,
  spawn,
  stream,
  verbs,
  wake,
} from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import type { ApiHealth, ApiRequest } from '../protocol/api.ts'
import type { EtcdAnswered, EtcdFailed, EtcdWatched, RangeReply } from '../protocol/etcd.ts'
import type { ResourceName } from '../protocol/objects.ts'
import type { BootstrapInput } from './bootstrap.ts'
import type { CollectionInput } from './collection-deletion.ts'
import { answerFromCache, answersFromCache, isRefused, refusalOf, turnedAway } from './dispatch.ts'
import { ALL_KEYS } from './etcd-calls.ts'
import type { ReadInput } from './read.ts'
import type { RequestInput } from './request.ts'
import { type OwnKinds, served } from './served.ts'
import { initializing, notReady } from './statuses.ts'
import { advanced, cacheOf, filled, NO_CACHE, ordinal, type WatchCache } from './watch-cache.ts'
import { openedWatch } from './watch-opening.ts'
import { bookmarked, NOBODY, told, type Watchers, wantsBookmarks, without } from './watchers.ts'
import type { CacheAwaited, CacheForgotten } from './words.ts'

export interface ApiserverInput {
  /** All members of etcd, that of the own host first. */
  readonly etcd: readonly Address[]
  /** The user's own kinds. */
  readonly ownKinds: OwnKinds
  /** The address under which the Service `kubernetes` reaches this server. */
  readonly ip: string
}
interface Waiting {
  readonly client: Address
  readonly call: number
}
interface Context extends ApiserverInput {
  /** Which member is spoken to, and how many were tried since one last answered. */
  readonly member: number
  readonly tried: number
  readonly cache: WatchCache
  readonly watchers: Watchers
  /** Readers by the revision that they wait for. */
  readonly waiting: Tree<Waiting>
  /** How many objects were named after each prefix: what the next suffix is drawn by. */
  readonly named: Tree<number>
  /** The resources whose bookmarks are due within the minute. */
  readonly bookmarksDue: Tree<true>
}
interface BookmarksDue {
  readonly type: 'bookmarks.due'
  readonly resource: ResourceName
}
interface WatchExpired {
  readonly type: 'watch.expired'
  readonly stream: number
}
type Events =
  | ApiRequest
  | ApiHealth
  | CacheAwaited
  | CacheForgotten
  | BookmarksDue
  | WatchExpired
  | EtcdAnswered
  | EtcdFailed
  | EtcdWatched
  | CallLost
  | StreamEnded
  | StreamClosed
const { update, ask, decide, when } = verbs<Context, Events>()

const BOOKMARK_MS = 60_000

const member = ({ etcd, member: index }: Context): Address => etcd[index] as Address
const generatedPrefix = ({ verb, resource, namespace, body }: ApiRequest): string | undefined => {
  if (verb !== 'create') return undefined
  const { metadata } = (body ?? {}) as {
    readonly metadata?: { readonly name?: string; readonly generateName?: string }
  }
  return metadata?.generateName === undefined || (metadata.name ?? '') !== ''
    ? undefined
    : `${resource} ${namespace ?? ''} ${metadata.generateName}`
}

export const kubeApiserver = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ApiserverInput },
  delays: { 'dial timeout': 20_000, 'list timeout': 60_000, 'reconnect pause': 1_000 },
  guards: {
    'another member is left': when(({ tried, etcd }) => tried + 1 < etcd.length),
    'its start is compacted away': when('etcd.watched', (_, { compactRevision }) => compactRevision !== undefined),
    'the watch is over': when('etcd.watched', (_, { canceled }) => canceled !== undefined),
    'it is a watch': when('api.request', (_, { verb }) => verb === 'watch'),
    'it cannot be served': when('api.request', ({ ownKinds }, request) => isRefused(ownKinds, request)),
    'the cache has the answer': when('api.request', ({ cache }, request) => answersFromCache(cache, request)),
    'it only reads': when('api.request', (_, { verb }) => verb === 'get' || verb === 'list'),
    'it deletes a collection': when('api.request', (_, { verb }) => verb === 'deletecollection'),
    'the cache is that far': when('cache.awaited', ({ cache }, { revision }) => cache.revision >= revision),
  },
  actions: {
    'dial a member': ask((context) => call(member(context), { type: 'etcd.Range', key: '/registry/health' }, 'etcd')),
    'list everything': ask((context) => call(member(context), { type: 'etcd.Range', ...ALL_KEYS }, 'etcd')),
    'watch everything': ask((context) =>
      stream(member(context), { type: 'etcd.Watch', ...ALL_KEYS, startRevision: context.cache.revision + 1 }, 'watch'),
    ),
    'hang up': ask(() => [hangUp('etcd'), hangUp('watch')]),
    'turn to the next member': update(({ tried, member: index, etcd }) => ({
      tried: tried + 1,
      member: (index + 1) % etcd.length,
    })),
    'begin with the first member': update(() => ({ tried: 0, member: 0 })),
    'fill the cache': update('etcd.answered', ({ ownKinds }, { reply, revision }) => ({
      cache: filled((reply as RangeReply).kvs, revision, served(ownKinds).prefixes),
    })),
    'start the bootstrap': ask(({ ip, etcd, ownKinds }, _, { self }) =>
      spawn(`apiserver-bootstrap/${hostOf(self)}`, 'apiserver-bootstrap', {
        server: self,
        etcd,
        ip,
        ownKinds,
      } satisfies BootstrapInput),
    ),
    'advance the cache and tell': decide('etcd.watched', (context, { events, revision }, { at }) => {
      const { cache, watchers, ownKinds } = context
      if (events.length === 0 && revision <= cache.revision) return [{}, []]
      const [next, moved] = advanced(cache, events, Math.max(revision, cache.revision), at, served(ownKinds).prefixes)
      const [waiting, answers] = reached(context.waiting, next)
      const [bookmarksDue, timers] = bookmarksAsked(context, Object.keys(moved))
      return [
        { cache: next, waiting, bookmarksDue, tried: 0 },
        [...told(watchers, moved, next.revision), ...answers, ...timers],
      ]
    }),
    'answer when it is': update('cache.awaited', ({ waiting }, { revision }, { from, call: number }) => ({
      waiting: waiting.set(`${ordinal(revision)} ${from}`, { client: from, call: number }),
    })),
    'answer with the cache': ask('cache.awaited', ({ cache }, _, { from, call: number }) =>
      answer(from, number, { type: 'cache.reached', cache }),
    ),
    'forget who waits': update('cache.forgotten', ({ waiting }, { revision }, { from }) => ({
      waiting: waiting.delete(`${ordinal(revision)} ${from}`),
    })),
    'refuse it': ask('api.request', ({ ownKinds }, request, { from, call: number }) =>
      refusalOf(ownKinds, request, from, number),
    ),
    'open the watch': decide('api.request', ({ cache, watchers, ownKinds }, request, { call: number, dice }) => {
      const [next, effects] = openedWatch(cache, watchers, ownKinds, request, number, dice)
      return [{ watchers: next }, effects]
    }),
    'answer from the cache': ask('api.request', ({ cache, ownKinds }, request, { from, call: number }) =>
      answer(from, number, answerFromCache(cache, ownKinds, request)),
    ),
    'hand it to a reader': ask('api.request', (context, request, { from, self, call: number }) => {
      const { ownKinds, cache } = context
      const input = { request, client: from, call: number, server: self, etcd: membersOf(context), ownKinds }
      return spawn(pathOf(self, number), 'api-read', { ...input, revision: cache.revision } satisfies ReadInput)
    }),
    'hand it to a deleter': ask('api.request', ({ cache, ownKinds }, request, { from, self, call: number }) => {
      const input = { request, client: from, call: number, server: self, ownKinds, cache }
      return spawn(pathOf(self, number), 'api-collection-deletion', input satisfies CollectionInput)
    }),
    'hand it to an actor of its own': decide('api.request', (context, request, { from, self, call: number, dice }) => {
      const { ownKinds, cache, named } = context
      const prefix = generatedPrefix(request)
      const count = prefix === undefined ? 0 : (named.get(prefix) ?? 0)
      const input = { request, client: from, call: number, etcd: membersOf(context), ownKinds, cache, dice }
      return [
        prefix === undefined ? {} : { named: named.set(prefix, count + 1) },
        spawn(pathOf(self, number), 'api-request', { ...input, ordinal: count } satisfies RequestInput),
      ]
    }),
    'say that it is not ready': ask('api.request', (_, request, { from, call: number }) =>
      turnedAway(request, from, number, notReady()),
    ),
    'say that the cache is being filled': ask('api.request', (_, request, { from, call: number }) =>
      turnedAway(request, from, number, initializing()),
    ),
    'say that it is well': ask('api.health', (_, __, { from, call: number }) =>
      answer(from, number, { type: 'api.healthAnswered', ok: true }),
    ),
    'say that it is not well': ask('api.health', (_, __, { from, call: number }) =>
      answer(from, number, { type: 'api.healthAnswered', ok: false }),
    ),
    'end the watch': decide('watch.expired', ({ watchers }, { stream: number }) => [
      { watchers: without(watchers, number) },
      end(number),
    ]),
    'forget the watcher': update('stream.closed', ({ watchers }, { stream: number }) => ({
      watchers: without(watchers, number),
    })),
    'end all watches': decide(({ watchers }) => [
      { watchers: NOBODY },
      watchers.places.keys().map((number) => end(Number(number))),
    ]),
    'send bookmarks': decide('bookmarks.due', ({ watchers, cache, bookmarksDue }, { resource }) => [
      { bookmarksDue: bookmarksDue.delete(resource) },
      bookmarked(watchers, resource, cacheOf(cache, resource).changedAt),
    ]),
  },
}).createMachine({
  id: 'kube-apiserver',
  context: born(
    (input: ApiserverInput): Context => ({
      ...input,
      member: 0,
      tried: 0,
      cache: NO_CACHE,
      watchers: NOBODY,
      waiting: Tree.of(),
      named: Tree.of(),
      bookmarksDue: Tree.of(),
    }),
  ),
  initial: 'starting',
  states: {
    starting: {
      description: 'Nothing is served before the caches are full: /readyz fails and requests are turned away.',
      initial: 'dialling',
      on: {
        'api.request': { actions: 'say that it is not ready' },
        'api.health': { actions: 'say that it is not well' },
      },
      states: {
        dialling: {
          entry: 'dial a member',
          on: {
            'etcd.answered': 'fillingCaches',
            'etcd.failed': 'refused',
            'call.lost': 'refused',
          },
          after: { 'dial timeout': 'refused' },
        },
        refused: {
          entry: 'hang up',
          always: [
            { guard: 'another member is left', target: 'dialling', actions: 'turn to the next member' },
            { target: 'pausing', actions: 'begin with the first member' },
          ],
        },
        pausing: { after: { 'reconnect pause': 'dialling' } },
        fillingCaches: {
          entry: 'list everything',
          on: {
            'etcd.answered': { target: '#kube-apiserver.ready', actions: ['fill the cache', 'start the bootstrap'] },
            'etcd.failed': 'refused',
            'call.lost': 'refused',
          },
          after: { 'list timeout': 'refused' },
        },
      },
    },
    ready: {
      description: 'Serves. A lost watch makes what is read from the cache older, not wrong.',
      initial: 'watching',
      on: {
        'api.request': [
          { guard: 'it cannot be served', actions: 'refuse it' },
          { guard: 'it is a watch', actions: 'open the watch' },
          { guard: 'the cache has the answer', actions: 'answer from the cache' },
          { guard: 'it only reads', actions: 'hand it to a reader' },
          { guard: 'it deletes a collection', actions: 'hand it to a deleter' },
          { actions: 'hand it to an actor of its own' },
        ],
        'api.health': { actions: 'say that it is well' },
        'cache.awaited': [
          { guard: 'the cache is that far', actions: 'answer with the cache' },
          { actions: 'answer when it is' },
        ],
        'cache.forgotten': { actions: 'forget who waits' },
        'stream.closed': { actions: 'forget the watcher' },
        'watch.expired': { actions: 'end the watch' },
        'bookmarks.due': { actions: 'send bookmarks' },
      },
      states: {
        watching: {
          entry: 'watch everything',
          on: {
            'etcd.watched': [
              { guard: 'its start is compacted away', target: '#kube-apiserver.refilling' },
              { guard: 'the watch is over', target: 'reconnecting' },
              { actions: 'advance the cache and tell' },
            ],
            'stream.ended': 'reconnecting',
          },
        },
        reconnecting: {
          description: 'Goes on from the last revision, with the next member.',
          entry: ['hang up', 'turn to the next member'],
          always: { guard: 'another member is left', target: 'watching' },
          after: { 'reconnect pause': 'watching' },
        },
      },
    },
    refilling: {
      description:
        'History was compacted under the watch: everything is listed anew, and all watchers must list again.',
      entry: ['hang up', 'end all watches', 'list everything'],
      on: {
        'api.request': { actions: 'say that the cache is being filled' },
        'api.health': { actions: 'say that it is not well' },
        'etcd.answered': { target: 'ready', actions: 'fill the cache' },
        'etcd.failed': 'relisting',
        'call.lost': 'relisting',
      },
      after: { 'list timeout': 'relisting' },
    },
    relisting: {
      description: 'The listing failed: a pause, then the next member.',
      entry: ['hang up', 'turn to the next member'],
      on: {
        'api.request': { actions: 'say that the cache is being filled' },
        'api.health': { actions: 'say that it is not well' },
      },
      after: { 'reconnect pause': 'refilling' },
    },
  },
})

const pathOf = (self: Address, number: number): Address => `request/${hostOf(self)}/${number}`
/** The members for a request: first the one that answers. */
const membersOf = ({ etcd, member: first }: Context): readonly Address[] =>
  first === 0 ? etcd : [...etcd.slice(first), ...etcd.slice(0, first)]

/** Answers those who waited for a revision that is reached now. */
function reached(waiting: Tree<Waiting>, cache: WatchCache): readonly [Tree<Waiting>, readonly Effect[]] {
  if (waiting.size === 0) return [waiting, []]
  let rest = waiting
  const effects: Effect[] = []
  waiting.range('', ordinal(cache.revision + 1), ({ client, call: number }, key) => {
    rest = rest.delete(key)
    effects.push(answer(client, number, { type: 'cache.reached', cache }))
    return true
  })
  return [rest, effects]
}

/** Bookmarks are due a minute after the first change that somebody who wants them may not have seen. */
function bookmarksAsked(
  { bookmarksDue, watchers }: Context,
  resources: readonly ResourceName[],
): readonly [Tree<true>, readonly Effect[]] {
  let due = bookmarksDue
  const effects: Effect[] = []
  for (const resource of resources) {
    if (due.has(resource) || !wantsBookmarks(watchers, resource)) continue
    due = due.set(resource, true)
    effects.push(wake(`bookmarks ${resource}`, BOOKMARK_MS, { type: 'bookmarks.due', resource }))
  }
  return [due, effects]
}
