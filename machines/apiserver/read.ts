/**
 * The life of a get or list that the watch cache cannot answer at once: it must be as new as etcd, or newer than the
 * cache is, or show one old revision page by page. apiserver/pkg/storage/cacher, ConsistentListFromCache.
 */
import { setup } from 'xstate'
import { type Address, answer, born, busy, type CallLost, call, send, verbs } from '../../runtime/contract.ts'
import type { ApiAnswered, ApiRequest, Status } from '../protocol/api.ts'
import type { EtcdAnswered, EtcdFailed, RangeReply } from '../protocol/etcd.ts'
import { READ_MS } from './costs.ts'
import { ALL_KEYS, compacted, failedAs, lostAs, objectIn, read } from './etcd-calls.ts'
import { etcdKey } from './etcd-keys.ts'
import { isPaged, pageOf, pageRange } from './pages.ts'
import { got, listed, pathOf, revisionAsked } from './reads.ts'
import { reply } from './replies.ts'
import { isSelection, type Selection, selectionOf } from './selection.ts'
import { factsOf, type OwnKinds } from './served.ts'
import { listExpired, missing, readTimedOut, refusal, tooLargeVersion } from './statuses.ts'
import type { CacheReached } from './words.ts'

export interface ReadInput {
  readonly request: ApiRequest
  readonly client: Address
  readonly call: number
  readonly server: Address
  readonly etcd: readonly Address[]
  readonly ownKinds: OwnKinds
  /** The revision of the server's cache when the request came. */
  readonly revision: number
}
interface Context extends ReadInput {
  /** What the cache must reach; 0 until it is known. */
  readonly wanted: number
  readonly members: number
}
type Events = EtcdAnswered | EtcdFailed | CallLost | CacheReached
const { update, ask, when } = verbs<Context, Events>()

const facts = ({ ownKinds, request }: Context) => {
  const known = factsOf(ownKinds, request.resource)
  if (known === undefined) throw new Error(`the server serves ${request.resource}`)
  return known
}
const selection = (context: Context): Selection => {
  const known = selectionOf(context.request, facts(context))
  if (!isSelection(known)) throw new Error('a selector was understood before a reader was started')
  return known
}
const etcd = ({ etcd: all, members }: Context): Address => all[members % all.length] as Address
const say = ({ client, call: number }: Context, answered: ApiAnswered) => answer(client, number, answered)
const refuse = (context: Context, status: Status) => say(context, refusal(status))

export const apiRead = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ReadInput },
  delays: { 'request timeout': 60_000, 'freshness timeout': 3_000 },
  guards: {
    'it goes page by page': when(({ request }) => isPaged(request)),
    'a revision is asked for': when(({ request }) => typeof revisionAsked(request) === 'number'),
    'it wants one object': when(({ request }) => request.verb === 'get'),
    'another member can be asked': when('call.lost', ({ members, etcd: all }) => members + 1 < all.length),
  },
  actions: {
    'take some time': ask(() => busy(READ_MS)),
    'ask etcd for the object': ask((context) => {
      const key = etcdKey(facts(context), pathOf(context.request))
      return call(etcd(context), read(key), 'etcd')
    }),
    'ask etcd for its revision': ask((context) =>
      call(etcd(context), { type: 'etcd.Range', ...ALL_KEYS, countOnly: true, limit: 1 }, 'etcd'),
    ),
    'ask etcd for the page': ask((context) => call(etcd(context), pageRange(context.request, facts(context)), 'etcd')),
    'want the revision asked for': update(({ request }) => ({ wanted: revisionAsked(request) as number })),
    'want the revision of etcd': update('etcd.answered', (_, { revision }) => ({ wanted: revision })),
    'wait for the cache': ask(({ server, wanted }) =>
      call(server, { type: 'cache.awaited', revision: wanted }, 'cache'),
    ),
    'wait no longer': ask(({ server, wanted }) => send(server, { type: 'cache.forgotten', revision: wanted })),
    'turn to the next member': update(({ members }) => ({ members: members + 1 })),
    'answer with the object': ask('etcd.answered', (context, event) => {
      const { request } = context
      const object = objectIn(event)
      return object === undefined ? refuse(context, missing(request)) : say(context, reply(request, object, false))
    }),
    'answer with the page': ask('etcd.answered', (context, { reply: range, revision }) =>
      say(context, pageOf(context.request, facts(context), selection(context), range as RangeReply, revision)),
    ),
    'answer from the cache': ask('cache.reached', (context, { cache }) => {
      const { request } = context
      return say(
        context,
        request.verb === 'get' ? got(cache, request) : listed(cache, request.resource, selection(context)),
      )
    }),
    'answer that the version is too large': ask((context) =>
      refuse(context, tooLargeVersion(context.wanted, context.revision)),
    ),
    'answer Timeout': ask((context) => refuse(context, readTimedOut())),
    'answer with the error of etcd': ask('etcd.failed', (context, event) =>
      refuse(context, compacted(event) ? listExpired() : failedAs(event)),
    ),
    'answer that etcd is lost': ask('call.lost', (context, { reason }) => refuse(context, lostAs(reason))),
  },
}).createMachine({
  id: 'api-read',
  context: born((input: ReadInput): Context => ({ wanted: 0, members: 0, ...input })),
  entry: 'take some time',
  initial: 'reading',
  states: {
    reading: {
      initial: 'deciding',
      after: { 'request timeout': { target: 'done', actions: 'answer Timeout' } },
      on: {
        'etcd.failed': { target: 'done', actions: 'answer with the error of etcd' },
        'call.lost': [
          { guard: 'another member can be asked', target: '.again', actions: 'turn to the next member' },
          { target: 'done', actions: 'answer that etcd is lost' },
        ],
      },
      states: {
        again: { type: 'history' },
        deciding: {
          always: [
            { guard: 'it goes page by page', target: 'paging' },
            {
              guard: 'a revision is asked for',
              target: 'waitingForCache',
              actions: 'want the revision asked for',
              description: 'The client has seen more than this server: it talked to another one.',
            },
            { guard: 'it wants one object', target: 'gettingFromEtcd' },
            { target: 'askingForRevision' },
          ],
        },
        gettingFromEtcd: {
          description: 'A get without a version is read from a quorum.',
          entry: 'ask etcd for the object',
          on: { 'etcd.answered': { target: '#api-read.done', actions: 'answer with the object' } },
        },
        askingForRevision: {
          description: 'A list without a version may come from the cache, once that is as new as etcd is now.',
          entry: 'ask etcd for its revision',
          on: { 'etcd.answered': { target: 'waitingForCache', actions: 'want the revision of etcd' } },
        },
        waitingForCache: {
          entry: 'wait for the cache',
          on: { 'cache.reached': { target: '#api-read.done', actions: 'answer from the cache' } },
          after: {
            'freshness timeout': {
              target: '#api-read.done',
              actions: ['wait no longer', 'answer that the version is too large'],
            },
          },
        },
        paging: {
          description: 'Pages, and exact revisions, come from etcd as it was then.',
          entry: 'ask etcd for the page',
          on: { 'etcd.answered': { target: '#api-read.done', actions: 'answer with the page' } },
        },
      },
    },
    done: { type: 'final' },
  },
})
