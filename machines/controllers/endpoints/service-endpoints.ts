/** The Endpoints object of one Service (pkg/controller/endpoint/endpoints_controller.go). */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, verbs } from '../../../runtime/contract.ts'
import { selected } from '../../lib/endpoints/selected.ts'
import { noTriggerTimes, type TriggerTimes, triggered } from '../../lib/endpoints/trigger-time.ts'
import {
  create,
  placeAt,
  REQUEST_TIMEOUT_MS,
  reasonOf,
  remove,
  update as replace,
  succeeded,
} from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { ObjectInput, SyncRequested, View } from '../../protocol/cache.ts'
import type { Endpoints, Service } from '../../protocol/objects.ts'
import { finished, tell } from '../kit/sync.ts'
import { wanted } from './wanted.ts'

interface Context extends ObjectInput {
  readonly service: Service | undefined
  /** As the cache shows them. */
  readonly current: Endpoints | undefined
  /** As they should be; undefined when they are. */
  readonly wanted: Endpoints | undefined
  readonly times: TriggerTimes
  /** The version that the last update replaced: a cache that still shows it is behind. */
  readonly replaced: string | undefined
}
type Events = SyncRequested | ApiAnswered | CallLost

const { update, ask, when } = verbs<Context, Events>()

export const serviceEndpoints = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ObjectInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'the Service is gone': when(({ service }) => service === undefined),
    'it selects no pods': when(({ service }) => service?.spec.selector === undefined || isExternal(service)),
    'the cache is behind what was written': when(
      ({ replaced, current }) => replaced !== undefined && current?.metadata.resourceVersion === replaced,
    ),
    'all is as it should be': when(({ wanted }) => wanted === undefined),
    'there are none yet': when(({ current }) => current === undefined),
    'it is written': when('api.answered', (_, reply) => succeeded(reply)),
    'they are gone': when('api.answered', (_, reply) => succeeded(reply) || reasonOf(reply) === 'NotFound'),
    'the namespace is being deleted': when('api.answered', (_, { status }) =>
      (status?.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating'),
    ),
  },
  actions: {
    'take in the view': update('sync.requested', ({ key }, { view }) => ({
      service: view.services?.objects.get(key),
      current: view.endpoints?.objects.get(key),
    })),
    'work out the addresses': update('sync.requested', (context, { view }) => workedOut(context, view)),
    'create the Endpoints': ask(({ apiserver, user, key, wanted }) =>
      call(apiserver, create(user, placeAt('endpoints', key), wanted)),
    ),
    'update the Endpoints': ask(({ apiserver, user, key, wanted }) =>
      call(apiserver, replace(user, placeAt('endpoints', key), wanted)),
    ),
    'delete the Endpoints': ask(({ apiserver, user, key }) => call(apiserver, remove(user, placeAt('endpoints', key)))),
    'note which version was replaced': update('api.answered', ({ current }, { object }) => {
      const version = current?.metadata.resourceVersion
      return { replaced: object?.metadata.resourceVersion === version ? undefined : version }
    }),
    'stop waiting': ask(() => hangUp('')),
    'tell that they could not be created': ask('api.answered', (context, { status }) =>
      context.wanted === undefined
        ? []
        : tell(
            context,
            context.wanted,
            'Warning',
            'FailedToCreateEndpoint',
            `Failed to create endpoint for service ${context.key}: ${status?.message}`,
          ),
    ),
    'tell that they could not be updated': ask('api.answered', (context, { status }) =>
      context.wanted === undefined
        ? []
        : tell(
            context,
            context.wanted,
            'Warning',
            'FailedToUpdateEndpoint',
            `Failed to update endpoint ${context.key}: ${status?.message}`,
          ),
    ),
    'say that it is done': ask((context) => finished(context, 'done')),
    'say that it failed': ask((context) => finished(context, 'failed')),
    'say that it is gone': ask((context) => finished(context, 'gone')),
    'forget what it saw': update(() => ({ service: undefined, current: undefined, wanted: undefined })),
  },
}).createMachine({
  id: 'service-endpoints',
  context: born((input: ObjectInput) => ({
    ...input,
    service: undefined,
    current: undefined,
    wanted: undefined,
    times: noTriggerTimes,
    replaced: undefined,
  })),
  initial: 'idle',
  states: {
    idle: {
      entry: 'forget what it saw',
      on: { 'sync.requested': { target: 'deciding', actions: ['take in the view', 'work out the addresses'] } },
    },
    deciding: {
      always: [
        { guard: 'the Service is gone', target: 'deleting' },
        { guard: 'it selects no pods', target: 'idle', actions: 'say that it is done' },
        { guard: 'the cache is behind what was written', target: 'idle', actions: 'say that it failed' },
        { guard: 'all is as it should be', target: 'idle', actions: 'say that it is done' },
        { guard: 'there are none yet', target: 'creating' },
        { target: 'updating' },
      ],
    },
    creating: {
      entry: 'create the Endpoints',
      on: {
        'api.answered': [
          { guard: 'it is written', target: 'idle', actions: 'say that it is done' },
          {
            guard: 'the namespace is being deleted',
            target: 'idle',
            actions: 'say that it is done',
            description: 'Creations would go on failing: dropped.',
          },
          { target: 'idle', actions: ['tell that they could not be created', 'say that it failed'] },
        ],
        'call.lost': { target: 'idle', actions: 'say that it failed' },
      },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'say that it failed'] } },
    },
    updating: {
      entry: 'update the Endpoints',
      on: {
        'api.answered': [
          {
            guard: 'it is written',
            target: 'idle',
            actions: ['note which version was replaced', 'say that it is done'],
          },
          { target: 'idle', actions: ['tell that they could not be updated', 'say that it failed'] },
        ],
        'call.lost': { target: 'idle', actions: 'say that it failed' },
      },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'say that it failed'] } },
    },
    deleting: {
      description: 'Asked for even where nothing is known of: the API server mostly did it with the Service.',
      entry: 'delete the Endpoints',
      on: {
        'api.answered': [
          { guard: 'they are gone', target: 'gone' },
          { target: 'idle', actions: 'say that it failed' },
        ],
        'call.lost': { target: 'idle', actions: 'say that it failed' },
      },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'say that it failed'] } },
    },
    gone: { entry: 'say that it is gone', type: 'final' },
  },
})

const isExternal = ({ spec }: Service): boolean => spec.type === 'ExternalName'

function workedOut({ key, service, current, times: known }: Context, view: View): Partial<Context> {
  if (service?.spec.selector === undefined || isExternal(service)) return {}
  const pods = selected(view.pods?.by.namespace?.get(placeAt('', key).namespace ?? ''), service.spec.selector)
  const [times, trigger] = triggered(known, service, pods)
  return { times, wanted: wanted(service, pods, current, trigger) }
}
