/**
 * Keeps one resource's cache for one process and tells what changed (k8s.io/client-go/tools/cache/reflector.go).
 *
 * It lists once and then follows a watch; a watch that ends is opened again from the last version seen. Only when that
 * version is no longer to be had, or a watch broke at once, does it list again: what was missed then shows as the
 * difference, deletions that nobody saw among it.
 */
import { setup } from 'xstate'
import {
  answer,
  born,
  type CallLost,
  call,
  draw,
  type Effect,
  hangUp,
  type StreamEnded,
  send,
  stream,
  verbs,
} from '../../../runtime/contract.ts'
import { list, REQUEST_TIMEOUT_MS, reasonOf, succeeded, watch } from '../../lib/requests.ts'
import type { ApiAnswered, RequestOptions, WatchEvents, WatchFailed } from '../../protocol/api.ts'
import type { Cache, CacheChanged, CacheTold, CacheWanted, Delta, ReflectorInput } from '../../protocol/cache.ts'
import { type BackOff, backOffMs, nextBackOff, noBackOff } from './back-off.ts'
import { changed, emptyCache, replaced } from './store.ts'
import { wantedBy } from './subscriptions.ts'

interface Context extends ReflectorInput {
  readonly cache: Cache
  /** Changes that subscribers are yet to be told of. */
  readonly deltas: readonly Delta[]
  readonly filled: boolean
  /** The last version could not be listed (410): the next list asks for the newest. */
  readonly lastVersionIsGone: boolean
  readonly openedAt: number
  readonly heardOnWatch: boolean
  readonly backOff: BackOff
}
type Events = ApiAnswered | WatchEvents | WatchFailed | CallLost | StreamEnded | CacheWanted

/** Reflector.minWatchTimeout: a watch lasts once to twice as long. */
const MIN_WATCH_TIMEOUT_SECONDS = 300
/** A watch that ended sooner and without a word is an error ("very short watch"). */
const VERY_SHORT_WATCH_MS = 1_000

const { update, ask, when, lasting } = verbs<Context, Events>()

export const reflector = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ReflectorInput },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    'back-off': lasting(({ backOff }, _, { dice }) => backOffMs(backOff, draw(dice, 'back-off', backOff.steps))),
  },
  guards: {
    'the list came': when('api.answered', (_, reply) => succeeded(reply) && reply.list !== undefined),
    'the version is not to be had': when('api.answered', (_, reply) => versionIsGone(reply)),
    'the server asks to slow down': when('watch.failed', (_, { status }) => status.code === 429),
    'nobody answered': when('stream.ended', (_, { reason }) => reason === 'refused'),
    'it was a very short watch': when(
      ({ heardOnWatch, openedAt }, _, { at }) => !heardOnWatch && at - openedAt < VERY_SHORT_WATCH_MS,
    ),
  },
  actions: {
    'ask for the list': ask((context) =>
      call(context.apiserver, list(context.user, context, selected(context, { resourceVersion: relistFrom(context) }))),
    ),
    'stop waiting for the list': ask(() => hangUp('')),
    'list the newest next time': update(() => ({ lastVersionIsGone: true })),
    'replace the cache': update('api.answered', ({ cache }, reply) => ({
      lastVersionIsGone: false,
      ...(reply.list === undefined ? {} : replaced(cache, reply.list)),
    })),
    'open the watch': ask((context, _, { dice }) => {
      const { apiserver, user, cache } = context
      const timeoutSeconds = watchSeconds(draw(dice, 'watch timeout', cache.resourceVersion))
      const options = { resourceVersion: cache.resourceVersion, timeoutSeconds, allowWatchBookmarks: true }
      return stream(apiserver, watch(user, context, selected(context, options)), 'watch')
    }),
    'note when it opened': update((_, __, { at }) => ({ openedAt: at, heardOnWatch: false })),
    'close the watch': ask(() => hangUp('watch')),
    'apply the changes': update('watch.events', ({ cache }, { changes, resourceVersion }) => ({
      heardOnWatch: true,
      ...changed(cache, changes, resourceVersion),
    })),
    'tell subscribers': ask((context) => told(context)),
    'forget the deltas': update(() => ({ deltas: [], filled: true })),
    'back off further': update(({ backOff }, _, { at }) => ({ backOff: nextBackOff(backOff, at) })),
    'show the cache': ask('cache.wanted', ({ resource, cache }, _, { from, call }) =>
      answer(from, call, { type: 'cache.told', resource, cache } satisfies CacheTold),
    ),
  },
}).createMachine({
  id: 'reflector',
  context: born((input: ReflectorInput) => ({
    cache: emptyCache(input.resource, input.indexes),
    deltas: [],
    filled: false,
    lastVersionIsGone: false,
    openedAt: 0,
    heardOnWatch: false,
    backOff: noBackOff,
    ...input,
  })),
  initial: 'listing',
  on: { 'cache.wanted': { actions: 'show the cache' } },
  states: {
    listing: {
      description: 'Waits for the whole: first from any cache (version 0), later nothing older than what it knows.',
      entry: 'ask for the list',
      exit: 'stop waiting for the list',
      on: {
        'api.answered': [
          {
            guard: 'the list came',
            target: 'watching',
            actions: ['replace the cache', 'tell subscribers', 'forget the deltas'],
          },
          {
            guard: 'the version is not to be had',
            target: 'listing',
            reenter: true,
            actions: 'list the newest next time',
            description: '410, or a server that lags behind what is known here: asked at once for the newest.',
          },
          { target: 'backingOff' },
        ],
        'call.lost': 'backingOff',
      },
      after: { 'request timeout': 'backingOff' },
    },
    watching: {
      entry: ['note when it opened', 'open the watch'],
      exit: 'close the watch',
      on: {
        'watch.events': { actions: ['apply the changes', 'tell subscribers', 'forget the deltas'] },
        'watch.failed': [
          { guard: 'the server asks to slow down', target: 'waitingToWatch' },
          { target: 'backingOff', description: 'Also 410: its version has been compacted away. Lists again.' },
        ],
        'stream.ended': [
          { guard: 'nobody answered', target: 'waitingToWatch' },
          { guard: 'it was a very short watch', target: 'backingOff' },
          {
            target: 'watching',
            reenter: true,
            description: 'The usual end after 5 to 10 min, or a broken connection.',
          },
        ],
      },
    },
    waitingToWatch: {
      description: 'The server cannot be reached or is overloaded: what is known stays, and the watch goes on from it.',
      entry: 'back off further',
      after: { 'back-off': 'watching' },
    },
    backingOff: {
      entry: 'back off further',
      after: { 'back-off': 'listing' },
    },
  },
})

/** Reflector.relistResourceVersion. */
function relistFrom({ cache, lastVersionIsGone }: Context): string {
  if (lastVersionIsGone) return ''
  return cache.resourceVersion === '' ? '0' : cache.resourceVersion
}

const versionIsGone = (reply: ApiAnswered): boolean => {
  const reason = reasonOf(reply)
  if (reason === 'Expired' || reason === 'Gone') return true
  return (
    reason === 'Timeout' &&
    (reply.status?.details?.causes ?? []).some(({ reason }) => reason === 'ResourceVersionTooLarge')
  )
}

const watchSeconds = (drawn: number): number => Math.floor(MIN_WATCH_TIMEOUT_SECONDS * (1 + drawn / 2 ** 32))

const selected = ({ fieldSelector, labelSelector }: Context, options: RequestOptions): RequestOptions => ({
  ...options,
  ...(fieldSelector === undefined ? {} : { fieldSelector }),
  ...(labelSelector === undefined ? {} : { labelSelector }),
})

/** The first filling is told to all; after that a bookmark is told to nobody, and some changes only to some. */
function told({ subscribers, resource, cache, deltas, filled }: Context): readonly Effect[] {
  if (filled && deltas.length === 0) return []
  const all: CacheChanged = { type: 'cache.changed', resource, cache, deltas, filled: !filled }
  const effects: Effect[] = []
  for (const { to, only } of subscribers) {
    const wanted = filled ? wantedBy(only, deltas) : deltas
    if (!filled || wanted.length > 0) effects.push(send(to, wanted === deltas ? all : { ...all, deltas: wanted }))
  }
  return effects
}
