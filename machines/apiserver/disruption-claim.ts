/**
 * One eviction asks the budget of its pod: what it takes is written into the budget's status before the pod is touched, so
 * that two evictions cannot both take the last of it (pkg/registry/core/pod/storage/eviction.go, checkAndDecrement).
 */
import { setup } from 'xstate'
import { type Address, answer, born, type CallLost, call, draw, hangUp, verbs } from '../../runtime/contract.ts'
import { BUDGETS, protects } from '../lib/disruption-budget.ts'
import { get, list, placeOf, REQUEST_TIMEOUT_MS, reasonOf, update as replacing, succeeded } from '../lib/requests.ts'
import type { ApiAnswered, Status, User } from '../protocol/api.ts'
import type { Pod, PodDisruptionBudget } from '../protocol/objects.ts'
import { mayGoWhileUnhealthy, refusalBy, tooManyBudgets, withOneLess } from './registry/eviction.ts'
import { requestTimedOut } from './statuses.ts'

export interface DisruptionClaimInput {
  readonly server: Address
}
/** A request asks whether its pod may go: a call, answered by `disruption.judged`. */
export interface DisruptionClaimed {
  readonly type: 'disruption.claimed'
  readonly pod: Pod
  readonly dryRun: boolean
}
export interface DisruptionJudged {
  readonly type: 'disruption.judged'
  /** Absent when it may go. */
  readonly refusal?: Status
  /** The budget that let it go only because it is not well: as soon as it changes that holds no longer. */
  readonly sparedBy?: string
}
export interface Context extends DisruptionClaimInput {
  readonly client: Address
  readonly call: number
  readonly pod: Pod | undefined
  readonly dryRun: boolean
  /** Those that protect the pod. */
  readonly budgets: readonly PodDisruptionBudget[]
  /** How often it was tried to write the budget. */
  readonly tries: number
}
type Events = DisruptionClaimed | ApiAnswered | CallLost

/** The server speaks to itself. */
const SELF: User = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }
/** EvictionsRetry */
const TRIES = 20
const PAUSE_MS = 500
const JITTER_MS = 50

const { update, ask, when, lasting } = verbs<Context, Events>()

export const disruptionClaim = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as DisruptionClaimInput },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    'conflict pause': lasting(({ tries }, _, { dice }) => PAUSE_MS + (draw(dice, 'conflict pause', tries) % JITTER_MS)),
  },
  guards: {
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'it may be tried again': when(
      'api.answered',
      ({ tries }, reply) => reasonOf(reply) === 'Conflict' && tries < TRIES,
    ),
    'no budget protects it': when(({ budgets }) => budgets.length === 0),
    'more than one budget protects it': when(({ budgets }) => budgets.length > 1),
    'it is unhealthy, and its budget lets it go': when(
      ({ pod, budgets: [budget] }) => pod !== undefined && budget !== undefined && mayGoWhileUnhealthy(pod, budget),
    ),
    'the budget is used up': when(({ budgets: [budget] }) => budget !== undefined && refusalBy(budget) !== undefined),
    'it is only a trial': when(({ dryRun }) => dryRun),
  },
  actions: {
    'note who asks': update('disruption.claimed', (_, { pod, dryRun }, { from, call: number }) => ({
      client: from,
      call: number,
      pod,
      dryRun,
    })),
    'list the budgets': ask(({ server, pod }) =>
      call(server, list(SELF, { resource: BUDGETS, namespace: pod?.metadata.namespace })),
    ),
    'keep those that protect it': update('api.answered', ({ pod }, { list: all }) => ({
      budgets: ((all?.objects.values() ?? []) as readonly PodDisruptionBudget[]).filter(
        (budget) => pod !== undefined && protects(budget, pod),
      ),
    })),
    'write that one less may go': ask(({ server, pod, budgets: [budget] }, _, { at }) => {
      const known = budget as PodDisruptionBudget
      const next = withOneLess(known, pod?.metadata.name ?? '', at)
      return call(server, replacing(SELF, placeOf(BUDGETS, known, 'status'), next))
    }),
    'count the try': update(({ tries }) => ({ tries: tries + 1 })),
    'read the budget again': ask(({ server, budgets: [budget] }) =>
      call(server, get(SELF, placeOf(BUDGETS, budget as PodDisruptionBudget))),
    ),
    'keep it as it is now': update('api.answered', (_, { object }) => ({ budgets: [object as PodDisruptionBudget] })),
    'stop waiting': ask(() => hangUp()),
    'grant it': ask((context) => judged(context, {})),
    'grant it as long as nothing changes': ask((context) =>
      judged(context, { sparedBy: context.budgets[0]?.metadata.name ?? '' }),
    ),
    'refuse it, as there are too many': ask((context) => judged(context, { refusal: tooManyBudgets() })),
    'refuse it': ask((context) =>
      judged(context, { refusal: refusalBy(context.budgets[0] as PodDisruptionBudget) ?? requestTimedOut() }),
    ),
    'refuse it with what was answered': ask('api.answered', (context, { status }) =>
      judged(context, { refusal: status ?? requestTimedOut() }),
    ),
    'refuse it, as nobody answers': ask((context) => judged(context, { refusal: requestTimedOut() })),
  },
}).createMachine({
  id: 'disruption-claim',
  context: born((input: DisruptionClaimInput) => ({
    ...input,
    client: '',
    call: 0,
    pod: undefined,
    dryRun: false,
    budgets: [],
    tries: 0,
  })),
  initial: 'waitingForClaim',
  states: {
    waitingForClaim: {
      on: { 'disruption.claimed': { target: 'claiming.listing', actions: 'note who asks' } },
    },
    claiming: {
      initial: 'listing',
      on: { 'call.lost': { target: 'judged', actions: 'refuse it, as nobody answers' } },
      after: {
        'request timeout': { target: 'judged', actions: ['stop waiting', 'refuse it, as nobody answers'] },
      },
      states: {
        listing: {
          entry: 'list the budgets',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'choosing', actions: 'keep those that protect it' },
              { target: '#disruption-claim.judged', actions: 'refuse it with what was answered' },
            ],
          },
        },
        choosing: {
          always: [
            { guard: 'no budget protects it', target: '#disruption-claim.judged', actions: 'grant it' },
            {
              guard: 'more than one budget protects it',
              target: '#disruption-claim.judged',
              actions: 'refuse it, as there are too many',
            },
            {
              guard: 'it is unhealthy, and its budget lets it go',
              target: '#disruption-claim.judged',
              actions: 'grant it as long as nothing changes',
              description: 'It is not counted, so nothing is taken from the budget.',
            },
            { target: 'judging' },
          ],
        },
        judging: {
          always: [
            { guard: 'the budget is used up', target: '#disruption-claim.judged', actions: 'refuse it' },
            { guard: 'it is only a trial', target: '#disruption-claim.judged', actions: 'grant it' },
            { target: 'writing' },
          ],
        },
        writing: {
          entry: ['count the try', 'write that one less may go'],
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: '#disruption-claim.judged', actions: 'grant it' },
              {
                guard: 'it may be tried again',
                target: 'pausing',
                description: 'Another eviction took from it, or the controller counted anew.',
              },
              { target: '#disruption-claim.judged', actions: 'refuse it with what was answered' },
            ],
          },
        },
        pausing: { after: { 'conflict pause': 'readingAgain' } },
        readingAgain: {
          entry: 'read the budget again',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'judging', actions: 'keep it as it is now' },
              { target: '#disruption-claim.judged', actions: 'refuse it with what was answered' },
            ],
          },
        },
      },
    },
    judged: { type: 'final' },
  },
})

const judged = ({ client, call: number }: Context, verdict: Omit<DisruptionJudged, 'type'>) =>
  answer(client, number, { type: 'disruption.judged', ...verdict } satisfies DisruptionJudged)
