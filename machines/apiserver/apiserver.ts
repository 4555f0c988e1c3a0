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
  cancel,
  end,
  hangUp,
  hostOf,
  type StreamClosed,
  type StreamEnded,
  spawn,
  stream,
  verbs,
} from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import type { ApiHealth, ApiRequest } from '../protocol/api.ts'
import type { EtcdAnswered, EtcdFailed, EtcdWatched, RangeReply } from '../protocol/etcd.ts'
import { type BookmarksDue, bookmarksAsked, reached, type Waiting, waitingKey } from './awaiting.ts'
import type { BootstrapInput } from './bootstrap.ts'
import type { CompactorInput } from './compactor.ts'
import { answerFromCache, answersFromCache, isRefused, refusalOf, turnedAway } from './dispatch.ts'
import { ALL_KEYS, HEALTH } from './etcd-calls.ts'
import {
  deleter,
  healthCheck,
  LEASE_OBJECTS,
  LEASE_REUSE_MS,
  logReader,
  reader,
  type Server,
  writer,
} from './handing-on.ts'
import { type OwnKinds, served } from './served.ts'
import { initializing, notReady } from './statuses.ts'
import { advanced, cacheOf, filled, NO_CACHE } from './watch-cache.ts'
import { openedWatch } from './watch-opening.ts'
import { bookmarked, NOBODY, told, type Watchers, without } from './watchers.ts'
import type { CacheAwaited, CacheForgotten, LeaseGranted } from './words.ts'

export interface ApiserverInput {
  /** All members of etcd, that of the own host first. */
  readonly etcd: readonly Address[]
  /** The user's own kinds. */
  readonly ownKinds: OwnKinds
  /** The address under which the Service `kubernetes` reaches this server. */
  readonly ip: string
}
interface Context extends ApiserverInput, Server {
  /** How many members were tried since one last answered. */
  readonly tried: number
  readonly watchers: Watchers
  /** Readers by the revision that they wait for. */
  readonly waiting: Tree<Waiting>
  /** The resources whose bookmarks are due within the minute. */
  readonly bookmarksDue: Tree<true>
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
  | LeaseGranted
  | BookmarksDue
  | WatchExpired
  | EtcdAnswered
  | EtcdFailed
  | EtcdWatched
  | CallLost
  | StreamEnded
  | StreamClosed
const { update, ask, decide, when } = verbs<Context, Events>()

const member = ({ etcd, member: index }: Context): Address => etcd[index] as Address

export const kubeApiserver = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ApiserverInput },
  delays: { 'dial timeout': 20_000, 'list timeout': 60_000, 'reconnect pause': 1_000 },
  guards: {
    'another member is left': when(({ tried, etcd }) => tried + 1 < etcd.length),
    'not every member was tried': when(({ tried, etcd }) => tried < etcd.length),
    'its start is compacted away': when('etcd.watched', (_, { compactRevision }) => compactRevision !== undefined),
    'the watch is over': when('etcd.watched', (_, { canceled }) => canceled !== undefined),
    'it is a watch': when('api.request', (_, { verb }) => verb === 'watch'),
    'it cannot be served': when('api.request', ({ ownKinds }, request) => isRefused(ownKinds, request)),
    'it asks for a log': when('api.request', (_, { subresource }) => subresource === 'log'),
    'the cache has the answer': when('api.request', ({ cache }, request) => answersFromCache(cache, request)),
    'it only reads': when('api.request', (_, { verb }) => verb === 'get' || verb === 'list'),
    'it deletes a collection': when('api.request', (_, { verb }) => verb === 'deletecollection'),
    'the cache is that far': when('cache.awaited', ({ cache }, { revision }) => cache.revision >= revision),
  },
  actions: {
    'dial a member': ask((context) => call(member(context), HEALTH, 'etcd')),
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
      bookmarksDue: Tree.of<true>(),
    })),
    'start the work of its own': ask(({ ip, etcd }, _, { self }) => [
      spawn(`apiserver-bootstrap/${hostOf(self)}`, 'apiserver-bootstrap', {
        server: self,
        ip,
      } satisfies BootstrapInput),
      spawn(`etcd-compactor/${hostOf(self)}`, 'etcd-compactor', { etcd } satisfies CompactorInput),
    ]),
    'advance the cache and tell': decide('etcd.watched', (context, { events, revision, created }, { at }) => {
      const { cache, watchers, ownKinds } = context
      // The first word of a watch says how far etcd is, not how far the watch has told.
      if (created === true || (events.length === 0 && revision <= cache.revision)) return [{}, []]
      const [next, moved] = advanced(cache, events, Math.max(revision, cache.revision), at, served(ownKinds).prefixes)
      const [waiting, answers] = reached(context.waiting, next)
      const [bookmarksDue, timers] = bookmarksAsked(context.bookmarksDue, watchers, Object.keys(moved))
      return [
        { cache: next, waiting, bookmarksDue, tried: 0 },
        [...told(watchers, moved, next.revision), ...answers, ...timers],
      ]
    }),
    'answer when it is': update('cache.awaited', ({ waiting }, { revision }, { from, call: number }) => ({
      waiting: waiting.set(waitingKey(revision, from), { client: from, call: number }),
    })),
    'answer with the cache': ask('cache.awaited', ({ cache }, _, { from, call: number }) =>
      answer(from, number, { type: 'cache.reached', cache }),
    ),
    'forget who waits': update('cache.forgotten', ({ waiting }, { revision }, { from }) => ({
      waiting: waiting.delete(waitingKey(revision, from)),
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
    'hand it to a log reader': ask('api.request', (context, request, delivery) =>
      logReader(context, request, delivery),
    ),
    'hand it to a reader': ask('api.request', (context, request, delivery) => reader(context, request, delivery)),
    'hand it to a deleter': ask('api.request', (context, request, delivery) => deleter(context, request, delivery)),
    'hand it to an actor of its own': decide('api.request', (context, request, delivery) =>
      writer(context, request, delivery, delivery.dice, delivery.at),
    ),
    'share the lease': update('lease.granted', (_, { id }, { at }) => ({
      eventLease: { id, until: at + LEASE_REUSE_MS, left: LEASE_OBJECTS },
    })),
    'say that it is not ready': ask('api.request', (_, request, { from, call: number }) =>
      turnedAway(request, from, number, notReady()),
    ),
    'say that the cache is being filled': ask('api.request', (_, request, { from, call: number }) =>
      turnedAway(request, from, number, initializing()),
    ),
    'look whether etcd is well': ask('api.health', (context, _, delivery) => healthCheck(member(context), delivery)),
    'say that it is not well': ask('api.health', (_, __, { from, call: number }) =>
      answer(from, number, { type: 'api.healthAnswered', ok: false }),
    ),
    'end the watch': decide('watch.expired', ({ watchers }, { stream: number }) => [
      { watchers: without(watchers, number) },
      end(number),
    ]),
    'forget the watcher': decide('stream.closed', ({ watchers }, { stream: number }) => [
      { watchers: without(watchers, number) },
      cancel(`watch ${number}`),
    ]),
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
      eventLease: undefined,
      evaluators: Tree.of(),
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
            'etcd.answered': {
              target: '#kube-apiserver.ready',
              actions: ['fill the cache', 'start the work of its own'],
            },
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
          { guard: 'it asks for a log', actions: 'hand it to a log reader' },
          { guard: 'the cache has the answer', actions: 'answer from the cache' },
          { guard: 'it only reads', actions: 'hand it to a reader' },
          { guard: 'it deletes a collection', actions: 'hand it to a deleter' },
          { actions: 'hand it to an actor of its own' },
        ],
        'api.health': { actions: 'look whether etcd is well' },
        'cache.awaited': [
          { guard: 'the cache is that far', actions: 'answer with the cache' },
          { actions: 'answer when it is' },
        ],
        'cache.forgotten': { actions: 'forget who waits' },
        'lease.granted': { actions: 'share the lease' },
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
          always: { guard: 'not every member was tried', target: 'watching' },
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
