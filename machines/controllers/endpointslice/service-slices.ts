/** The slices of one Service (pkg/controller/endpointslice syncService): created, then updated, then deleted. */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, send, verbs } from '../../../runtime/contract.ts'
import { selected } from '../../lib/endpoints/selected.ts'
import { noTriggerTimes, type TriggerTimes, triggered, withTriggerTime } from '../../lib/endpoints/trigger-time.ts'
import {
  create,
  placeAt,
  placeOf,
  REQUEST_TIMEOUT_MS,
  reasonOf,
  remove,
  update as replace,
  succeeded,
} from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { ObjectInput, SyncRequested, View } from '../../protocol/cache.ts'
import type { EndpointSlice, Service } from '../../protocol/objects.ts'
import { finished, happened } from '../kit/sync.ts'
import { type Plan, planned } from './plan.ts'
import { MANAGED_BY, MANAGER, type NewSlice, SERVICE_NAME, written } from './slice.ts'
import { isOutdated, nothingWritten, removed, type WrittenSlices, wrote } from './written-slices.ts'

interface Context extends ObjectInput {
  /** The labels of the slices that are this controller's. */
  readonly label: Readonly<Record<string, string>>
  readonly service: Service | undefined
  readonly outdated: boolean
  readonly plan: Plan
  /** What the slices that are written are annotated with. */
  readonly trigger: string | undefined
  readonly times: TriggerTimes
  readonly written: WrittenSlices
}
type Events = SyncRequested | ApiAnswered | CallLost

const SLICES = 'endpointslices.discovery.k8s.io'
const NO_PLAN: Plan = { create: [], update: [], remove: [] }
const { update, ask, when } = verbs<Context, Events>()

export const serviceSlices = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ObjectInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'the Service is gone': when(({ service }) => service === undefined),
    'it selects no pods': when(({ service }) => service?.spec.selector === undefined || isExternal(service)),
    'the cache is behind what was written': when(({ outdated }) => outdated),
    'a slice is to be created': when(({ plan }) => plan.create.length > 0),
    'a slice is to be updated': when(({ plan }) => plan.update.length > 0),
    'a slice is to be deleted': when(({ plan }) => plan.remove.length > 0),
    'a pod is on an unknown node': when(({ plan }) => plan.complaint !== undefined),
    'it is written': when('api.answered', (_, reply) => succeeded(reply)),
    'it is deleted': when('api.answered', (_, reply) => succeeded(reply) || reasonOf(reply) === 'NotFound'),
    'the namespace is being deleted': when('api.answered', (_, { status }) =>
      (status?.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating'),
    ),
  },
  actions: {
    'take in the view': update('sync.requested', (context, { view }) => takenIn(context, view)),
    'plan the slices': update('sync.requested', (context, { view }) => plannedFrom(context, view)),
    'create a slice': ask(({ apiserver, user, key, plan, trigger }) =>
      call(apiserver, create(user, { ...placeAt(SLICES, key), name: '' }, body(plan.create[0], trigger))),
    ),
    'update a slice': ask(({ apiserver, user, key, plan, trigger }) => {
      const name = plan.update[0]?.metadata.name ?? ''
      return call(apiserver, replace(user, { ...placeAt(SLICES, key), name }, body(plan.update[0], trigger)))
    }),
    'delete a slice': ask(({ apiserver, user, plan }) =>
      call(apiserver, remove(user, placeOf(SLICES, plan.remove[0] as unknown as EndpointSlice))),
    ),
    'go on after the creation': update('api.answered', ({ plan, written }, { object }) => ({
      plan: { ...plan, create: plan.create.slice(1) },
      ...(object === undefined ? {} : { written: wrote(written, object) }),
    })),
    'go on after the update': update('api.answered', ({ plan, written }, { object }) => ({
      plan: { ...plan, update: plan.update.slice(1) },
      ...(object === undefined ? {} : { written: wrote(written, object) }),
    })),
    'go on after the deletion': update(({ plan, written }) => ({
      plan: { ...plan, remove: plan.remove.slice(1) },
      written: removed(written, plan.remove[0]?.metadata.uid),
    })),
    'stop waiting': ask(() => hangUp('')),
    'tell that the pod is skipped': ask(({ recorder, service, key, plan }) =>
      service === undefined ? [] : send(recorder, failure(service, key, plan.complaint ?? '')),
    ),
    'tell why it failed': ask('api.answered', ({ recorder, service, key, plan }, { status }) => {
      const what = plan.create.length > 0 ? 'create' : plan.update.length > 0 ? 'update' : 'delete'
      const name = what === 'create' ? '' : `${(plan.update[0] ?? plan.remove[0])?.metadata.name} `
      const message = `failed to ${what} ${name}EndpointSlice for Service ${key}: ${status?.message}`
      return service === undefined ? [] : send(recorder, failure(service, key, message))
    }),
    'say that it is done': ask((context) => finished(context, 'done')),
    'say that it failed': ask((context) => finished(context, 'failed')),
    'say that it is gone': ask((context) => finished(context, 'gone')),
    'forget what it saw': update(() => ({ service: undefined, plan: NO_PLAN })),
  },
}).createMachine({
  id: 'service-slices',
  context: born((input: ObjectInput) => ({
    ...input,
    label: { [SERVICE_NAME]: placeAt('', input.key).name, [MANAGED_BY]: MANAGER },
    service: undefined,
    outdated: false,
    plan: NO_PLAN,
    trigger: undefined,
    times: noTriggerTimes,
    written: nothingWritten,
  })),
  initial: 'idle',
  states: {
    idle: {
      entry: 'forget what it saw',
      on: { 'sync.requested': { target: 'deciding', actions: ['take in the view', 'plan the slices'] } },
    },
    deciding: {
      always: [
        { guard: 'the Service is gone', target: 'gone' },
        {
          guard: 'it selects no pods',
          target: 'idle',
          actions: 'say that it is done',
          description: 'Its Endpoints are made by hand, and mirrored; or it is but another name.',
        },
        {
          guard: 'the cache is behind what was written',
          target: 'idle',
          actions: 'say that it failed',
          description: 'To pack by an old view would write what is there already.',
        },
        { target: 'writing' },
      ],
    },
    writing: {
      description: 'One request after another; the first that fails ends the sync.',
      initial: 'choosing',
      states: {
        choosing: {
          always: [
            { guard: 'a slice is to be created', target: 'creating' },
            { guard: 'a slice is to be updated', target: 'updating' },
            { guard: 'a slice is to be deleted', target: 'deleting' },
            {
              guard: 'a pod is on an unknown node',
              target: '#service-slices.idle',
              actions: ['tell that the pod is skipped', 'say that it failed'],
            },
            { target: '#service-slices.idle', actions: 'say that it is done' },
          ],
        },
        creating: {
          entry: 'create a slice',
          on: {
            'api.answered': [
              { guard: 'it is written', target: 'choosing', actions: 'go on after the creation' },
              {
                guard: 'the namespace is being deleted',
                target: '#service-slices.idle',
                actions: 'say that it is done',
              },
              { target: '#service-slices.idle', actions: ['tell why it failed', 'say that it failed'] },
            ],
          },
        },
        updating: {
          entry: 'update a slice',
          on: {
            'api.answered': [
              { guard: 'it is written', target: 'choosing', actions: 'go on after the update' },
              { target: '#service-slices.idle', actions: ['tell why it failed', 'say that it failed'] },
            ],
          },
        },
        deleting: {
          entry: 'delete a slice',
          on: {
            'api.answered': [
              { guard: 'it is deleted', target: 'choosing', actions: 'go on after the deletion' },
              { target: '#service-slices.idle', actions: ['tell why it failed', 'say that it failed'] },
            ],
          },
        },
      },
      on: { 'call.lost': { target: 'idle', actions: 'say that it failed' } },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'say that it failed'] } },
    },
    gone: {
      entry: 'say that it is gone',
      type: 'final',
      description: 'Its slices are left to the garbage collector.',
    },
  },
})

const isExternal = ({ spec }: Service): boolean => spec.type === 'ExternalName'
const namespaceOf = (key: string): string => placeAt('', key).namespace ?? ''

const slicesIn = (view: View, { key, label }: Context): readonly EndpointSlice[] =>
  selected(view[SLICES]?.by.namespace?.get(namespaceOf(key)), label)

function takenIn(context: Context, view: View): Partial<Context> {
  const service = view.services?.objects.get(context.key)
  const outdated = isOutdated(context.written, slicesIn(view, context), view[SLICES]?.resourceVersion ?? '')
  return { service, outdated, written: outdated ? context.written : nothingWritten }
}

function plannedFrom(context: Context, view: View): Partial<Context> {
  const { service, outdated, key } = context
  if (service?.spec.selector === undefined || isExternal(service) || outdated) return {}
  const pods = selected(view.pods?.by.namespace?.get(namespaceOf(key)), service.spec.selector)
  const [times, trigger] = triggered(context.times, service, pods)
  const plan = planned(service, pods, slicesIn(view, context), (name) => view.nodes?.objects.get(name))
  return { plan, times, trigger }
}

function body(slice: NewSlice | undefined, trigger: string | undefined): unknown {
  if (slice === undefined) throw new Error('a slice is to be written')
  const { annotations, ...metadata } = slice.metadata
  const next = withTriggerTime(annotations, trigger)
  return written({ ...slice, metadata: next === undefined ? metadata : { ...metadata, annotations: { ...next } } })
}

const failure = (service: Service, key: string, why: string) =>
  happened(
    service,
    'Warning',
    'FailedToUpdateEndpointSlices',
    `Error updating Endpoint Slices for Service ${key}: ${why}`,
  )
