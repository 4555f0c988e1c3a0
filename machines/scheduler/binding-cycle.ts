/**
 * The binding cycle of one pod (bindingCycle in schedule_one.go): the node is chosen and counted, now the API server is
 * asked. It runs beside the scheduling of other pods; when it fails, the pod gives its place up and is queued again.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, send, verbs } from '../../runtime/contract.ts'
import { create, placeOf, REQUEST_TIMEOUT_MS, update as replace, succeeded } from '../lib/requests.ts'
import type { ApiAnswered, User } from '../protocol/api.ts'
import { type ExtenderAnswered, extenderAt, type PermitAllowed, type PermitRejected } from '../protocol/extender.ts'
import { keyOf, type Pod } from '../protocol/objects.ts'
import { bindError, bindQuestion, EXTENDER, type Extender } from './extender.ts'
import { type Permit, refusal, tooLate } from './permits.ts'
import { type Failure, failedEvent, failurePatch, scheduledEvent } from './report.ts'
import type { Claim, Volume } from './storage.ts'
import {
  NO_WRITES,
  type Progress,
  progressOf,
  type VolumesTold,
  type VolumesWanted,
  type VolumeWrites,
} from './volume-binding-progress.ts'

export interface BindingCycleInput {
  readonly pod: Pod
  readonly key: string
  readonly node: string
  readonly scheduler: Address
  readonly apiserver: Address
  readonly user: User
  readonly recorder: Address
  /** How long the client's rate limit holds the request back. */
  readonly waitMs: number
  /** What has to be written, and become true, before the pod can be bound; nothing unless told. */
  readonly writes?: VolumeWrites
  /** bindTimeoutSeconds; 600 unless told. */
  readonly bindTimeoutMs?: number
  /** Permits that are still to come; none unless told. */
  readonly permits?: readonly Permit[]
  /** Who binds the pod in place of the scheduler; nobody unless told. */
  readonly binder?: Extender | undefined
}
/** What came of it; told to the scheduler. */
export interface BindingFinished {
  readonly type: 'binding.finished'
  readonly key: string
  readonly uid: string | undefined
  readonly bound: boolean
  /** Who would not have it, so that only news may help it. */
  readonly refusedBy?: readonly string[]
}
interface Context extends Required<Omit<BindingCycleInput, 'binder'>> {
  readonly binder: Extender | undefined
  /** When the client lets the Binding go. */
  readonly turn: number
  /** As the API server has them. */
  readonly written: VolumeWrites
  readonly giveUpAt: number
  readonly failure: Failure
  readonly refusedBy: readonly string[]
}
type Events = ApiAnswered | CallLost | VolumesTold | ExtenderAnswered | PermitAllowed | PermitRejected

const VOLUME_POLL_MS = 1_000
const BIND_TIMEOUT_MS = 600_000

const { update, ask, when, lasting } = verbs<Context, Events>()

export const bindingCycle = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as BindingCycleInput },
  delays: {
    'client rate limit': lasting(({ turn }, _, { at }) => Math.max(0, turn - at)),
    'request timeout': REQUEST_TIMEOUT_MS,
    'volume poll': VOLUME_POLL_MS,
    'permit timeout': lasting(({ permits }, _, { at }) =>
      Math.max(0, permits.reduce((first, { until }) => Math.min(first, until), Number.POSITIVE_INFINITY) - at),
    ),
    'extender timeout': lasting(({ binder }) => binder?.httpTimeoutMs ?? REQUEST_TIMEOUT_MS),
  },
  guards: {
    'every permit is given': when(({ permits }) => permits.length === 0),
    'an extender binds it': when(({ binder }) => binder !== undefined),
    'the extender agreed': when(
      'extender.answered',
      ({ binder }, reply) => bindError(binder as Extender, reply) === undefined,
    ),
    'its volumes are bound': when(({ writes }) => writes.volumes.length + writes.claims.length === 0),
    'something is left to write': when(({ writes, written }) => nextWrite(writes, written) !== undefined),
    'the API server agreed': when('api.answered', (_, reply) => succeeded(reply)),
    'all volumes are bound': when('volumes.told', (context, told) => progress(context, told) === 'bound'),
    'volumes may still be bound': when(
      'volumes.told',
      (context, told, { at }) => progress(context, told) === 'waiting' && at < context.giveUpAt,
    ),
  },
  actions: {
    'note the permit': update('permit.allowed', ({ permits }, { plugin }) => ({
      permits: permits.filter((permit) => permit.plugin !== plugin),
    })),
    'note who refused': update('permit.rejected', (_, { message }) => refused(message)),
    'note that a permit came too late': update(({ permits }, _, { at }) =>
      refused(tooLate(permits.find(({ until }) => until <= at) as Permit)),
    ),
    'have the extender bind it': ask(({ binder, pod, node }) =>
      call(extenderAt((binder as Extender).urlPrefix), bindQuestion(binder as Extender, pod, node), 'extender'),
    ),
    'note why the extender did not': update('extender.answered', ({ binder }, reply) => ({
      failure: { reason: 'SchedulerError', message: bindError(binder as Extender, reply) ?? '' },
    })),
    'write the next volume or claim': ask((context) => {
      const next = nextWrite(context.writes, context.written) as Volume | Claim
      const resource = next.kind === 'PersistentVolume' ? 'persistentvolumes' : 'persistentvolumeclaims'
      return call(context.apiserver, replace(context.user, placeOf(resource, next), next), 'volume')
    }),
    'note that it is written': update('api.answered', ({ writes, written }, { object }) => ({
      written: withWritten(writes, written, object as Volume | Claim),
    })),
    'start the clock': update(({ bindTimeoutMs }, _, { at }) => ({ giveUpAt: at + bindTimeoutMs })),
    'ask what became of the volumes': ask(({ scheduler, key, node, writes }) => {
      const claimed = writes.volumes.map(({ spec }) => `${spec.claimRef?.namespace}/${spec.claimRef?.name}`)
      const wanted: VolumesWanted = {
        type: 'volumes.wanted',
        key,
        node,
        volumes: writes.volumes.map(({ metadata }) => metadata.name),
        claims: [...claimed, ...writes.claims.map(keyOf)],
      }
      return call(scheduler, wanted, 'volumes')
    }),
    'note that a volume is not written': update('api.answered', (_, { status, code }) =>
      volumesFailed(status?.message ?? `code ${code}`),
    ),
    'note that the volumes are lost': update('call.lost', (_, { reason }) => volumesFailed(`connection ${reason}`)),
    'note that no volume was written in time': update(() => volumesFailed('context deadline exceeded')),
    'note why volumes are not bound': update('volumes.told', (context, told) => {
      const now = progress(context, told)
      return volumesFailed(`binding volumes: ${typeof now === 'string' ? 'context deadline exceeded' : now.error}`)
    }),
    'bind the pod': ask((context) => call(context.apiserver, binding(context), 'binding')),
    'note why not': update('api.answered', (_, { status, code }) => failedWith(status?.message ?? `code ${code}`)),
    'note that the connection broke': update('call.lost', (_, { reason }) => failedWith(`connection ${reason}`)),
    'note that nobody answered': update(() => failedWith('context deadline exceeded')),
    'say that it is bound': ask((context) => [
      send(context.scheduler, finished(context, true)),
      send(context.recorder, scheduledEvent(context.pod, context.node)),
    ]),
    'say that it is not bound': ask((context) => [
      send(context.scheduler, finished(context, false)),
      send(context.recorder, failedEvent(context.pod, context.failure.message)),
    ]),
    'write the condition': ask((context, _, { at }) =>
      call(context.apiserver, failurePatch(context.user, context.pod, context.failure, '', at), 'condition'),
    ),
  },
}).createMachine({
  id: 'binding-cycle',
  context: born((input: BindingCycleInput, { at }) => ({
    writes: NO_WRITES,
    bindTimeoutMs: BIND_TIMEOUT_MS,
    permits: [],
    binder: undefined,
    turn: at + input.waitMs,
    written: NO_WRITES,
    giveUpAt: Number.POSITIVE_INFINITY,
    failure: { reason: 'SchedulerError', message: '' },
    refusedBy: [],
    ...input,
  })),
  initial: 'waitingOnPermit',
  states: {
    waitingOnPermit: {
      description: 'A Permit plugin may hold the pod back here, until it says yes or no, or too long.',
      always: { guard: 'every permit is given', target: 'preBinding' },
      on: {
        'permit.allowed': { target: 'waitingOnPermit', reenter: true, actions: 'note the permit' },
        'permit.rejected': { target: 'reportingFailure', actions: 'note who refused' },
      },
      after: { 'permit timeout': { target: 'reportingFailure', actions: 'note that a permit came too late' } },
    },
    preBinding: {
      description: 'Its volumes are bound first.',
      initial: 'deciding',
      states: {
        deciding: {
          always: [
            { guard: 'its volumes are bound', target: '#binding-cycle.waitingForClient' },
            { target: 'writing' },
          ],
        },
        writing: {
          description:
            'A volume is told its claim, a claim its node: the volume controller and the driver do the rest.',
          entry: 'write the next volume or claim',
          on: {
            'api.answered': [
              { guard: 'the API server agreed', target: 'written', actions: 'note that it is written' },
              { target: '#binding-cycle.reportingFailure', actions: 'note that a volume is not written' },
            ],
            'call.lost': {
              target: '#binding-cycle.reportingFailure',
              actions: 'note that the volumes are lost',
            },
          },
          after: {
            'request timeout': {
              target: '#binding-cycle.reportingFailure',
              actions: 'note that no volume was written in time',
            },
          },
        },
        written: {
          always: [
            { guard: 'something is left to write', target: 'writing' },
            { target: 'waitingForVolumes', actions: 'start the clock' },
          ],
        },
        waitingForVolumes: {
          description: 'Looked at once a second, for ten minutes.',
          after: { 'volume poll': 'asking' },
        },
        asking: {
          entry: 'ask what became of the volumes',
          on: {
            'volumes.told': [
              { guard: 'all volumes are bound', target: '#binding-cycle.waitingForClient' },
              { guard: 'volumes may still be bound', target: 'waitingForVolumes' },
              { target: '#binding-cycle.reportingFailure', actions: 'note why volumes are not bound' },
            ],
            'call.lost': {
              target: '#binding-cycle.reportingFailure',
              actions: 'note that the volumes are lost',
            },
          },
        },
      },
    },
    waitingForClient: {
      description: 'The request waits its turn: 50 a second, 100 at once.',
      always: { guard: 'an extender binds it', target: 'bindingOutside' },
      after: { 'client rate limit': 'binding' },
    },
    binding: {
      entry: 'bind the pod',
      on: {
        'api.answered': [
          { guard: 'the API server agreed', target: 'bound' },
          { target: 'reportingFailure', actions: 'note why not' },
        ],
        'call.lost': {
          target: 'reportingFailure',
          actions: 'note that the connection broke',
          description: 'It may be bound all the same: then the watch will tell, and the pod is not tried again.',
        },
      },
      after: { 'request timeout': { target: 'reportingFailure', actions: 'note that nobody answered' } },
    },
    bindingOutside: {
      entry: 'have the extender bind it',
      on: {
        'extender.answered': [
          { guard: 'the extender agreed', target: 'bound' },
          { target: 'reportingFailure', actions: 'note why the extender did not' },
        ],
        'call.lost': { target: 'reportingFailure', actions: 'note that the connection broke' },
      },
      after: { 'extender timeout': { target: 'reportingFailure', actions: 'note that nobody answered' } },
    },
    reportingFailure: {
      description: 'The pod gives its place up and backs off; why is written into its status.',
      entry: ['say that it is not bound', 'write the condition'],
      on: { 'api.answered': 'failed', 'call.lost': 'failed' },
      after: { 'request timeout': 'failed' },
    },
    bound: { entry: 'say that it is bound', type: 'final' },
    failed: { type: 'final' },
  },
})

/** bindAPIUpdate: the volumes first, then the claims, one after the other. */
function nextWrite(writes: VolumeWrites, written: VolumeWrites): Volume | Claim | undefined {
  return writes.volumes[written.volumes.length] ?? writes.claims[written.claims.length]
}
const withWritten = (writes: VolumeWrites, { volumes, claims }: VolumeWrites, now: Volume | Claim): VolumeWrites =>
  volumes.length < writes.volumes.length
    ? { volumes: [...volumes, now as Volume], claims }
    : { volumes, claims: [...claims, now as Claim] }

const progress = ({ written, key, node }: Context, told: VolumesTold): Progress => progressOf(written, key, node, told)

const volumesFailed = (why: string) => ({
  failure: { reason: 'SchedulerError' as const, message: `running PreBind plugin "VolumeBinding": ${why}` },
})

/** DefaultBinder: POST pods/<name>/binding. The uid keeps it from binding another pod of the same name. */
function binding({ pod, node, user }: Context) {
  const { name, namespace, uid } = pod.metadata
  const metadata = { name, namespace, ...(uid === undefined ? {} : { uid }) }
  const body = { apiVersion: 'v1', kind: 'Binding', metadata, target: { apiVersion: 'v1', kind: 'Node', name: node } }
  return create(user, placeOf('pods', pod, 'binding'), body)
}

/** Rejected, not failed: whoever waits on permit is no part of the scheduler. */
const refused = (message: string) => ({
  failure: { reason: 'Unschedulable' as const, message: refusal(message) },
  refusedBy: [EXTENDER],
})

const failedWith = (why: string) => ({
  failure: { reason: 'SchedulerError' as const, message: `running Bind plugin "DefaultBinder": ${why}` },
})

const finished = ({ key, pod, refusedBy }: Context, bound: boolean): BindingFinished => ({
  type: 'binding.finished',
  key,
  uid: pod.metadata.uid,
  bound,
  ...(refusedBy.length === 0 ? {} : { refusedBy }),
})
