/**
 * One PodDisruptionBudget: its pods are counted, and its status says how many of them may go (pkg/controller/disruption,
 * sync and failSafe). Whoever evicts takes from that number; what was taken is held for two minutes.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, send, verbs } from '../../../runtime/contract.ts'
import { BUDGETS, sayingThatItFailed, statusOf, withStatus } from '../../lib/disruption-budget.ts'
import { get, placeOf, REQUEST_TIMEOUT_MS, reasonOf, update as replacing, succeeded } from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { ObjectInput, SyncRequested, View } from '../../protocol/cache.ts'
import type { OwnerReference, PodDisruptionBudget } from '../../protocol/objects.ts'
import { finished } from '../kit/sync.ts'
import { budgetAt, type Count, counted, namespaceOf, uncounted } from './count.ts'
import { type Asked, scalePlace, scaleTold } from './scales.ts'

interface Context extends ObjectInput {
  readonly view: View | undefined
  readonly budget: PodDisruptionBudget | undefined
  readonly count: Count
  readonly asked: Asked
  /** Why nothing can be said of it. */
  readonly why: string
}
type Events = SyncRequested | ApiAnswered | CallLost

const NOTHING: Count = { events: [] }
const { update, ask, when } = verbs<Context, Events>()

export const disruptionBudget = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ObjectInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'the budget is gone': when(({ budget }) => budget === undefined),
    'a scale is not known': when(({ count }) => count.ask !== undefined),
    'it cannot be counted': when(({ count }) => count.why !== undefined),
    'its status is wrong': when(({ count }) => count.right !== undefined),
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'there is no such scale': when('api.answered', (_, reply) => reasonOf(reply) === 'NotFound'),
    'somebody else wrote it': when('api.answered', (_, reply) => reasonOf(reply) === 'Conflict'),
  },
  actions: {
    'see it': update('sync.requested', ({ key }, { view }) => ({ view, budget: budgetAt(view, key) })),
    'count its pods': update(({ budget, view, asked }, _, { at }) =>
      budget === undefined || view === undefined ? {} : { count: counted(budget, view, asked, at) },
    ),
    'ask for the scale': ask(({ apiserver, user, key, count }) =>
      call(apiserver, get(user, scalePlace(count.ask as OwnerReference, namespaceOf(key)))),
    ),
    'note the scale': update('api.answered', ({ asked, count }, { object }) => {
      const owner = count.ask as OwnerReference
      return { asked: { ...asked, [owner.uid]: scaleTold(owner, object) } }
    }),
    'tell what it noticed': ask(({ recorder, count }) => count.events.map((event) => send(recorder, event))),
    'note why it cannot be counted': update(({ count }) => ({ why: count.why ?? '' })),
    'note why it was refused': update('api.answered', (_, { status }) => ({ why: status?.message ?? '' })),
    'tell why it was refused': ask('api.answered', ({ recorder, budget }, { status }) =>
      send(recorder, uncounted(budget as PodDisruptionBudget, status?.message ?? '')),
    ),
    'write its status': ask(({ apiserver, user, count }) => {
      const right = count.right as PodDisruptionBudget
      return call(apiserver, replacing(user, placeOf(BUDGETS, right, 'status'), right))
    }),
    'allow nobody to go': ask(({ apiserver, user, budget, why }, _, { at }) => {
      const known = budget as PodDisruptionBudget
      const body = withStatus(known, sayingThatItFailed(statusOf(known), why, at))
      return call(apiserver, replacing(user, placeOf(BUDGETS, known, 'status'), body))
    }),
    'stop waiting': ask(() => hangUp()),
    'say that it is done': ask((context) => finished(context, 'done', context.count.recheckMs)),
    'say that it failed': ask((context) => finished(context, 'failed')),
    'say that it is gone': ask((context) => finished(context, 'gone')),
    'forget what it saw': update(() => ({ view: undefined, budget: undefined, count: NOTHING, asked: {}, why: '' })),
  },
}).createMachine({
  id: 'disruption-budget',
  context: born((input: ObjectInput) => ({
    ...input,
    view: undefined,
    budget: undefined,
    count: NOTHING,
    asked: {},
    why: '',
  })),
  initial: 'idle',
  states: {
    idle: {
      entry: 'forget what it saw',
      on: { 'sync.requested': { target: 'counting', actions: 'see it' } },
    },
    counting: {
      entry: 'count its pods',
      always: [
        { guard: 'the budget is gone', target: 'gone' },
        {
          guard: 'a scale is not known',
          target: 'askingForScale',
          description: 'A share is one of as many pods as their owners are to have.',
        },
        {
          guard: 'it cannot be counted',
          target: 'failingSafe',
          actions: ['tell what it noticed', 'note why it cannot be counted'],
        },
        { guard: 'its status is wrong', target: 'writing', actions: 'tell what it noticed' },
        { target: 'idle', actions: ['tell what it noticed', 'say that it is done'] },
      ],
    },
    askingForScale: {
      description: 'An owner that the caches do not have, or a ReplicaSet whose Deployment they do not have.',
      entry: 'ask for the scale',
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'counting', actions: 'note the scale' },
          { guard: 'there is no such scale', target: 'counting', actions: 'note the scale' },
          { target: 'failingSafe', actions: ['note why it was refused', 'tell why it was refused'] },
        ],
        'call.lost': { target: 'idle', actions: 'say that it failed' },
      },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'say that it failed'] } },
    },
    writing: {
      entry: 'write its status',
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'idle', actions: 'say that it is done' },
          {
            guard: 'somebody else wrote it',
            target: 'idle',
            actions: 'say that it failed',
            description: 'An eviction has taken from it: counted anew.',
          },
          { target: 'failingSafe', actions: 'note why it was refused' },
        ],
        'call.lost': { target: 'idle', actions: 'say that it failed' },
      },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'say that it failed'] } },
    },
    failingSafe: {
      description: 'While nobody knows how many may go, nobody may: SyncFailed.',
      entry: 'allow nobody to go',
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'idle', actions: 'say that it is done' },
          { target: 'idle', actions: 'say that it failed' },
        ],
        'call.lost': { target: 'idle', actions: 'say that it failed' },
      },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'say that it failed'] } },
    },
    gone: { entry: 'say that it is gone', type: 'final' },
  },
})
