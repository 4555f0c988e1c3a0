/**
 * One victim of a preemption makes room (PreemptPod in framework/preemption): first its status says why, then it is
 * deleted, gracefully as any pod. The scheduling loop waits until all victims of the pod in hand are dealt with.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, send, verbs } from '../../runtime/contract.ts'
import { placeOf, REQUEST_TIMEOUT_MS, reasonOf, remove, succeeded } from '../lib/requests.ts'
import type { ApiAnswered, User } from '../protocol/api.ts'
import type { Pod } from '../protocol/objects.ts'
import { disruptionPatch, isMarked, preemptedEvent } from './report.ts'

export interface EvictionInput {
  readonly victim: Pod
  readonly key: string
  /** For whom it has to go, and from where. */
  readonly preemptor: Pod
  readonly node: string
  readonly scheduler: Address
  readonly apiserver: Address
  readonly user: User
  readonly recorder: Address
  /** When the client's rate limit lets the first request go, and the second. */
  readonly turns: readonly [number, number]
}
/** What came of it; told to the scheduler. */
export interface EvictionFinished {
  readonly type: 'eviction.finished'
  readonly key: string
  /** Why the victim is still there. */
  readonly error: string | undefined
}
interface Context extends EvictionInput {
  readonly error: string | undefined
}
type Events = ApiAnswered | CallLost

const { update, ask, when, lasting } = verbs<Context, Events>()

export const eviction = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as EvictionInput },
  delays: {
    'client rate limit': lasting(({ turns }, _, { at }) => Math.max(0, turns[0] - at)),
    'client rate limit again': lasting(({ turns }, _, { at }) => Math.max(0, turns[1] - at)),
    'request timeout': REQUEST_TIMEOUT_MS,
  },
  guards: {
    'its status says so already': when(({ victim, preemptor }) => isMarked(victim, preemptor)),
    'the API server agreed': when('api.answered', (_, reply) => succeeded(reply)),
    'the victim is gone': when('api.answered', (_, reply) => reasonOf(reply) === 'NotFound'),
  },
  actions: {
    'write the condition DisruptionTarget': ask(({ apiserver, user, victim, preemptor }, _, { at }) =>
      call(apiserver, disruptionPatch(user, victim, preemptor, at), 'condition'),
    ),
    'delete the victim': ask(({ apiserver, user, victim }) =>
      call(apiserver, remove(user, placeOf('pods', victim)), 'deletion'),
    ),
    'note why not': update('api.answered', (_, { status, code }) => ({ error: status?.message ?? `code ${code}` })),
    'note that the connection broke': update('call.lost', (_, { reason }) => ({ error: `connection ${reason}` })),
    'note that nobody answered': update(() => ({ error: 'context deadline exceeded' })),
    'say who preempted it': ask(({ recorder, victim, preemptor, node }) =>
      send(recorder, preemptedEvent(victim, preemptor, node)),
    ),
    'tell the scheduler': ask(({ scheduler, key, error }) =>
      send(scheduler, { type: 'eviction.finished', key, error } satisfies EvictionFinished),
    ),
  },
}).createMachine({
  id: 'eviction',
  context: born((input: EvictionInput) => ({ error: undefined, ...input })),
  initial: 'waitingForClient',
  states: {
    waitingForClient: {
      description: 'The client of the scheduler sends 50 requests a second, 100 at once.',
      always: { guard: 'its status says so already', target: 'waitingForClientAgain' },
      after: { 'client rate limit': 'marking' },
    },
    marking: {
      description: 'Whoever looks at the pod later can see that it did not fail: it was disrupted.',
      entry: 'write the condition DisruptionTarget',
      on: {
        'api.answered': [
          { guard: 'the API server agreed', target: 'waitingForClientAgain' },
          { guard: 'the victim is gone', target: 'over' },
          { target: 'failed', actions: 'note why not' },
        ],
        'call.lost': { target: 'failed', actions: 'note that the connection broke' },
      },
      after: { 'request timeout': { target: 'failed', actions: 'note that nobody answered' } },
    },
    waitingForClientAgain: { after: { 'client rate limit again': 'deleting' } },
    deleting: {
      entry: 'delete the victim',
      on: {
        'api.answered': [
          { guard: 'the API server agreed', target: 'over', actions: 'say who preempted it' },
          { guard: 'the victim is gone', target: 'over' },
          { target: 'failed', actions: 'note why not' },
        ],
        'call.lost': { target: 'failed', actions: 'note that the connection broke' },
      },
      after: { 'request timeout': { target: 'failed', actions: 'note that nobody answered' } },
    },
    over: {
      description: 'It is on its way out, with its grace period, or was gone already.',
      entry: 'tell the scheduler',
      type: 'final',
    },
    failed: { entry: 'tell the scheduler', type: 'final' },
  },
})
