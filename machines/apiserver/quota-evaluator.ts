/**
 * Who may still use what in one namespace: claims that come while a quota is being written are judged together after it.
 * What is used is written into the quota before the object, so that two servers cannot give it away twice.
 * k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go.
 */
import { setup } from 'xstate'
import { type Address, answer, born, type CallLost, call, hangUp, verbs } from '../../runtime/contract.ts'
import type { ResourceQuota } from '../lib/quota/usage.ts'
import { list, placeOf, REQUEST_TIMEOUT_MS, update as replacing, succeeded } from '../lib/requests.ts'
import type { ApiAnswered, Status, User } from '../protocol/api.ts'
import { type Claim, judged, newest, type QuotaClaimed, type QuotaJudged, quotasIn } from './quota-claims.ts'
import { requestTimedOut } from './statuses.ts'
import type { CacheReached } from './words.ts'

export interface QuotaEvaluatorInput {
  readonly server: Address
  readonly namespace: string
}
interface Context extends QuotaEvaluatorInput {
  readonly waiting: readonly Claim[]
  /** Those that are being judged. */
  readonly claims: readonly Claim[]
  /** Quotas that are to be written, the first of them next. */
  readonly unwritten: readonly ResourceQuota[]
  /** As this server last wrote them. */
  readonly written: readonly ResourceQuota[]
  /** Those whose writing failed, and why the last did. */
  readonly failed: readonly string[]
  readonly why: Status | undefined
  readonly retries: number
}
type Events = QuotaClaimed | CacheReached | ApiAnswered | CallLost

/** The server speaks to itself. */
const SELF: User = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }
const RETRIES = 3

const { update, ask, when } = verbs<Context, Events>()

export const quotaEvaluator = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as QuotaEvaluatorInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'somebody waits': when(({ waiting }) => waiting.length > 0),
    'a quota is to be written': when(({ unwritten }) => unwritten.length > 0),
    'every quota was written': when(({ failed }) => failed.length === 0),
    'it may be tried again': when(({ retries }) => retries > 0),
    'it is written': when('api.answered', (_, reply) => succeeded(reply)),
    'the list came': when('api.answered', (_, reply) => reply.list !== undefined),
  },
  actions: {
    'let it wait': update('quota.claimed', ({ waiting }, claimed, { from, call: number }) => ({
      waiting: [...waiting, { from, call: number, claimed }],
    })),
    'take all that wait': update(({ waiting }) => ({ claims: waiting, waiting: [], retries: RETRIES })),
    'look into the cache': ask(({ server }) => call(server, { type: 'cache.awaited', revision: 0 }, 'cache')),
    'judge by the cache': update('cache.reached', (context, { cache }, { at }) =>
      verdict(context, newest(quotasIn(cache, context.namespace), context.written), at),
    ),
    'read the quotas again': ask(({ server, namespace }) =>
      call(server, list(SELF, { resource: 'resourcequotas', namespace })),
    ),
    'judge by what failed': update('api.answered', (context, { list: all }, { at }) => {
      const fresh = (all?.objects.values() ?? []) as readonly ResourceQuota[]
      const again = fresh.filter(({ metadata }) => context.failed.includes(metadata.name))
      return { ...verdict(context, again, at), retries: context.retries - 1 }
    }),
    'write the quota': ask(({ server, unwritten }) => {
      const quota = unwritten[0] as ResourceQuota
      return call(server, replacing(SELF, placeOf('resourcequotas', quota, 'status'), quota))
    }),
    'remember how it was written': update('api.answered', ({ written, unwritten }, { object }) => ({
      written: [...written.filter(({ metadata }) => metadata.name !== object?.metadata.name), object as ResourceQuota],
      unwritten: unwritten.slice(1),
    })),
    'note why it was not': update('api.answered', (context, { status }) => unwrittenFor(context, status)),
    'note that nobody answered': update((context) => unwrittenFor(context, undefined)),
    'stop waiting': ask(() => hangUp()),
    'refuse those that fitted': update(({ claims, why }) => ({
      claims: claims.map((claim): Claim => ({ refusal: why ?? requestTimedOut(), ...claim })),
    })),
    'tell the verdicts': ask(({ claims }) => claims.map(verdictOf)),
    'forget the claims': update(() => ({ claims: [], unwritten: [], failed: [], why: undefined })),
  },
}).createMachine({
  id: 'quota-evaluator',
  context: born((input: QuotaEvaluatorInput) => ({
    ...input,
    waiting: [],
    claims: [],
    unwritten: [],
    written: [],
    failed: [],
    why: undefined,
    retries: 0,
  })),
  initial: 'idle',
  on: { 'quota.claimed': { actions: 'let it wait' } },
  states: {
    idle: {
      entry: ['tell the verdicts', 'forget the claims'],
      always: { guard: 'somebody waits', target: 'judging', actions: 'take all that wait' },
    },
    judging: {
      description: 'All claims that wait, on the quotas as the cache or the own last writing has them.',
      entry: 'look into the cache',
      on: {
        'cache.reached': { target: 'writing', actions: 'judge by the cache' },
        'call.lost': { target: 'idle', actions: 'refuse those that fitted' },
      },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'refuse those that fitted'] } },
    },
    writing: {
      initial: 'choosing',
      states: {
        choosing: {
          always: [
            { guard: 'a quota is to be written', target: 'waitingForAnswer' },
            { guard: 'every quota was written', target: '#quota-evaluator.idle' },
            {
              guard: 'it may be tried again',
              target: '#quota-evaluator.readingAgain',
              description: 'Another server, or the controller, was first.',
            },
            { target: '#quota-evaluator.idle', actions: 'refuse those that fitted' },
          ],
        },
        waitingForAnswer: {
          entry: 'write the quota',
          on: {
            'api.answered': [
              { guard: 'it is written', target: 'choosing', actions: 'remember how it was written' },
              { target: 'choosing', actions: 'note why it was not' },
            ],
            'call.lost': { target: 'choosing', actions: 'note that nobody answered' },
          },
          after: {
            'request timeout': { target: 'choosing', actions: ['stop waiting', 'note that nobody answered'] },
          },
        },
      },
    },
    readingAgain: {
      entry: 'read the quotas again',
      on: {
        'api.answered': [
          { guard: 'the list came', target: 'writing', actions: 'judge by what failed' },
          { target: 'idle', actions: ['note why it was not', 'refuse those that fitted'] },
        ],
        'call.lost': { target: 'idle', actions: 'refuse those that fitted' },
      },
      after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'refuse those that fitted'] } },
    },
  },
})

function verdict({ claims }: Context, quotas: readonly ResourceQuota[], at: number): Partial<Context> {
  const { claims: known, changed } = judged(quotas, claims, at)
  return { claims: known, unwritten: changed, failed: [], why: undefined }
}
const unwrittenFor = ({ unwritten, failed }: Context, why: Status | undefined): Partial<Context> => ({
  unwritten: unwritten.slice(1),
  failed: [...failed, ...unwritten.slice(0, 1).map(({ metadata }) => metadata.name)],
  why,
})
const verdictOf = ({ from, call: number, refusal }: Claim) =>
  answer(from, number, { type: 'quota.judged', ...(refusal === undefined ? {} : { refusal }) } satisfies QuotaJudged)
