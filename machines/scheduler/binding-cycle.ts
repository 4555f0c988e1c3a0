/**
 * The binding cycle of one pod (bindingCycle in schedule_one.go): the node is chosen and counted, now the API server is
 * asked. It runs beside the scheduling of other pods; when it fails, the pod gives its place up and is queued again.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, send, verbs } from '../../runtime/contract.ts'
import { create, placeOf, REQUEST_TIMEOUT_MS, succeeded } from '../lib/requests.ts'
import type { ApiAnswered, User } from '../protocol/api.ts'
import type { Pod } from '../protocol/objects.ts'
import { conditionPatch, type Failure, failedEvent, scheduledEvent } from './report.ts'

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
}
/** What came of it; told to the scheduler. */
export interface BindingFinished {
  readonly type: 'binding.finished'
  readonly key: string
  readonly uid: string | undefined
  readonly bound: boolean
}
interface Context extends BindingCycleInput {
  readonly failure: Failure
}
type Events = ApiAnswered | CallLost

const { update, ask, when, lasting } = verbs<Context, Events>()

export const bindingCycle = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as BindingCycleInput },
  delays: {
    'client rate limit': lasting(({ waitMs }) => waitMs),
    'request timeout': REQUEST_TIMEOUT_MS,
  },
  guards: {
    'the API server agreed': when('api.answered', (_, reply) => succeeded(reply)),
  },
  actions: {
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
      call(context.apiserver, conditionPatch(context.user, context.pod, context.failure, at), 'condition'),
    ),
  },
}).createMachine({
  id: 'binding-cycle',
  context: born((input: BindingCycleInput) => ({ ...input, failure: { reason: 'SchedulerError', message: '' } })),
  initial: 'waitingOnPermit',
  states: {
    waitingOnPermit: {
      description: 'Permit plugins may hold a pod back here; the default profile has none.',
      always: 'preBinding',
    },
    preBinding: {
      description: 'Volumes are bound here. Then the request waits its turn: 50 a second, 100 at once.',
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

/** DefaultBinder: POST pods/<name>/binding. The uid keeps it from binding another pod of the same name. */
function binding({ pod, node, user }: Context) {
  const { name, namespace, uid } = pod.metadata
  const metadata = { name, namespace, ...(uid === undefined ? {} : { uid }) }
  const body = { apiVersion: 'v1', kind: 'Binding', metadata, target: { apiVersion: 'v1', kind: 'Node', name: node } }
  return create(user, placeOf('pods', pod, 'binding'), body)
}

const failedWith = (why: string) => ({
  failure: { reason: 'SchedulerError' as const, message: `running Bind plugin "DefaultBinder": ${why}` },
})

const finished = ({ key, pod }: Context, bound: boolean): BindingFinished => ({
  type: 'binding.finished',
  key,
  uid: pod.metadata.uid,
  bound,
})
