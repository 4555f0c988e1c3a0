/**
 * One quota: what its namespace uses is counted anew and written down (pkg/controller/resourcequota). New objects are
 * counted by the API server before they exist; here is found what was given back.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, verbs } from '../../../runtime/contract.ts'
import type { ResourceQuota } from '../../lib/quota/usage.ts'
import { placeOf, REQUEST_TIMEOUT_MS, update as replacing, succeeded } from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { Cache, CacheTold, CacheWanted, ObjectInput, SyncRequested } from '../../protocol/cache.ts'
import type { ResourceName } from '../../protocol/objects.ts'
import { finished } from '../kit/sync.ts'
import { kindsLimitedBy, recounted } from './status.ts'

interface Context extends ObjectInput {
  readonly quota: ResourceQuota | undefined
  /** Kinds that are still to be looked at. */
  readonly unread: readonly ResourceName[]
  readonly read: Readonly<Record<ResourceName, Cache>>
  /** The quota as it is to be; undefined when nothing is wrong with it. */
  readonly right: ResourceQuota | undefined
}
type Events = SyncRequested | CacheTold | ApiAnswered | CallLost

/** `--resource-quota-sync-period` */
const RESYNC_MS = 300_000

const { update, ask, when } = verbs<Context, Events>()

export const resourceQuota = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ObjectInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'the quota is gone': when(({ quota }) => quota === undefined),
    'a kind is still to be looked at': when(({ unread }) => unread.length > 0),
    'its status is wrong': when(({ right }) => right !== undefined),
    'it is written': when('api.answered', (_, reply) => succeeded(reply)),
  },
  actions: {
    'see what it limits': update('sync.requested', ({ key }, { view }) => {
      const quota = view['resourcequotas']?.objects.get(key) as ResourceQuota | undefined
      return { quota, unread: quota === undefined ? [] : kindsLimitedBy(quota) }
    }),
    'ask for the newest cache': ask(({ reflectors, unread }) =>
      call(`${reflectors}/${unread[0]}`, { type: 'cache.wanted' } satisfies CacheWanted, 'cache'),
    ),
    'keep the cache': update('cache.told', ({ read, unread }, { resource, cache }) => ({
      read: { ...read, [resource]: cache },
      unread: unread.slice(1),
    })),
    count: update(({ quota, read }, _, { at }) => ({
      right: quota === undefined ? undefined : recounted(quota, (resource) => read[resource]?.objects, at),
    })),
    'write its status': ask(({ apiserver, user, right }) => {
      const quota = right as ResourceQuota
      return call(apiserver, replacing(user, placeOf('resourcequotas', quota, 'status'), quota))
    }),
    'stop waiting': ask(() => hangUp()),
    'say that it is done': ask((context) => finished(context, 'done', RESYNC_MS)),
    'say that it failed': ask((context) => finished(context, 'failed')),
    'say that it is gone': ask((context) => finished(context, 'gone')),
    'forget what it saw': update(() => ({ quota: undefined, unread: [], read: {}, right: undefined })),
  },
}).createMachine({
  id: 'resource-quota',
  context: born((input: ObjectInput) => ({ ...input, quota: undefined, unread: [], read: {}, right: undefined })),
  initial: 'idle',
  states: {
    idle: {
      entry: 'forget what it saw',
      on: { 'sync.requested': { target: 'looking', actions: 'see what it limits' } },
    },
    looking: {
      description: 'The supervisor is told of endings only: what there is now is asked of the caches themselves.',
      initial: 'choosing',
      states: {
        choosing: {
          always: [
            { guard: 'the quota is gone', target: '#resource-quota.gone' },
            { guard: 'a kind is still to be looked at', target: 'waitingForCache' },
            { target: '#resource-quota.counting' },
          ],
        },
        waitingForCache: {
          entry: 'ask for the newest cache',
          on: {
            'cache.told': { target: 'choosing', actions: 'keep the cache' },
            'call.lost': { target: '#resource-quota.idle', actions: 'say that it failed' },
          },
          after: {
            'request timeout': { target: '#resource-quota.idle', actions: ['stop waiting', 'say that it failed'] },
          },
        },
      },
    },
    counting: {
      entry: 'count',
      always: [
        { guard: 'its status is wrong', target: 'writing' },
        { target: 'idle', actions: 'say that it is done' },
      ],
    },
    writing: {
      entry: 'write its status',
      on: {
        'api.answered': [
          { guard: 'it is written', target: 'idle', actions: 'say that it is done' },
          { target: 'idle', actions: 'say that it failed', description: 'The API server has counted in between.' },
        ],
        'call.lost': { target: 'idle', actions: 'say that it failed' },
      },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'say that it failed'] } },
    },
    gone: { entry: 'say that it is gone', type: 'final' },
  },
})
