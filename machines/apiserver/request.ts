/**
 * The life of one request that writes: from the handler chain through admission and validation to etcd and back.
 * apiserver/pkg/endpoints/handlers, pkg/registry/generic/registry/store.go, pkg/storage/etcd3 GuaranteedUpdate.
 */
import { setup } from 'xstate'
import { type Address, answer, born, busy, type CallLost, call, send, verbs } from '../../runtime/contract.ts'
import type { ApiAnswered, Status } from '../protocol/api.ts'
import type { EtcdAnswered, EtcdFailed, LeaseReply } from '../protocol/etcd.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { admitted } from './admission/index.ts'
import { isAuthenticated, may, refusedTo } from './authorization.ts'
import { MUTATION_MS } from './costs.ts'
import type { DisruptionClaimed, DisruptionJudged } from './disruption-claim.ts'
import { failedAs, lostAs, objectIn, read, removing, storing, tookIt } from './etcd-calls.ts'
import { versioned } from './frozen.ts'
import { claimed, evaluatorOf } from './handing-on.ts'
import type { QuotaClaimed, QuotaJudged } from './quota-claims.ts'
import type { LookUp, Outcome } from './registry/attempt.ts'
import { following, isDryRun, isEviction, stillProcessed } from './registry/eviction.ts'
import { isCreation, proposed, settled } from './registry/index.ts'
import { reply, replyOfRemoval } from './replies.ts'
import {
  attemptOf,
  cached,
  claimOf,
  disruptionClaimOf,
  draftOf,
  dryReply,
  facts,
  isGenerated,
  isNew,
  isSparedNoLonger,
  isWrite,
  keyOfCurrent,
  keyOfLookUp,
  keyOfOutcome,
  nameOf,
  type RequestContext,
  type RequestInput,
  removed,
  revisionOf,
  takenStatus,
} from './request-context.ts'
import { internal, notFound, refusal, requestTimedOut, unauthorized } from './statuses.ts'

type Context = RequestContext
type Events = EtcdAnswered | EtcdFailed | QuotaJudged | DisruptionJudged | CallLost
const { update, ask, when } = verbs<Context, Events>()

/** `--event-ttl`, and the minute for which a lease is shared. */
const EVENT_TTL_S = 3_600 + 60
const NAMES_TRIED = 8
/** A controller makes the ServiceAccount `default` of each namespace: it is looked for ten times, anything else once. */
const lookUpsOf = ({ what, key }: LookUp): number => (what === 'serviceAccount' && key.endsWith('/default') ? 10 : 1)

const say = ({ client, call: number }: Context, answered: ApiAnswered) => answer(client, number, answered)
const refuse = (context: Context, status: Status) => say(context, refusal(status))
const etcd = ({ etcd: members, members: tried }: Context): Address => members[tried % members.length] as Address
export const apiRequest = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as RequestInput },
  delays: { 'request timeout': 34_000, 'look-up interval': 150, 'quota timeout': 10_000 },
  guards: {
    'the client is known': when(({ request }) => isAuthenticated(request.user)),
    'the client may': when(({ request }) => may(request.user)),
    'nothing must be read': when(({ request }) => isCreation(request)),
    'an eviction looks for itself': when(({ request }) => isEviction(request)),
    'the watch cache has it': when(({ current }) => current !== undefined),
    'a cached object led to a refusal': when(
      ({ step, certain, request }) => step?.does === 'refuse' && !certain && !isCreation(request),
    ),
    'it is refused': when(({ step }) => step?.does === 'refuse'),
    'something must be looked up': when(({ step }) => step?.does === 'lookUp'),
    'it was found': when('etcd.answered', (_, event) => objectIn(event) !== undefined),
    'it may still come': when(({ step, lookUps }) => step?.does === 'lookUp' && lookUps < lookUpsOf(step)),
    'a cached object needs no change': when(({ step, certain }) => step?.does === 'keep' && !certain),
    'no change is needed': when(({ step }) => step?.does === 'keep'),
    'it may use up a quota': when((context) => claimOf(context) !== undefined),
    'it exceeds a quota': when('quota.judged', (_, { refusal: status }) => status !== undefined),
    'budgets have a say': when((context) => disruptionClaimOf(context) !== undefined),
    'a budget forbids it': when('disruption.judged', (_, { refusal: status }) => status !== undefined),
    'it is spared no longer': when((context) => isSparedNoLonger(context)),
    'it is a dry run of a creation': when((context) => isDryRun(context.request) && isNew(context)),
    'it is a dry run': when(({ request }) => isDryRun(request)),
    'an Event needs a lease': when(({ request, lease }) => request.resource === 'events' && lease === undefined),
    'it removes the object': when(({ step }) => step?.does === 'remove'),
    'etcd took it, a removal follows': when(
      'etcd.answered',
      ({ step }, event) => tookIt(event) && step?.does === 'store' && step.next === 'remove',
    ),
    'etcd took it, the deletion follows': when(
      'etcd.answered',
      ({ step }, event) => tookIt(event) && step?.does === 'store' && step.next === 'go on',
    ),
    'etcd took it': when('etcd.answered', (_, event) => tookIt(event)),
    'another name can be drawn': when(
      (context) => isNew(context) && isGenerated(context) && context.attempt + 1 < NAMES_TRIED,
    ),
    'it was to be new': when(isNew),
    'the object is gone': when('etcd.answered', (_, event) => objectIn(event) === undefined),
    'another member can be asked': when(
      'call.lost',
      ({ members, etcd: all, step }, { reason }) =>
        members + 1 < all.length && (reason === 'refused' || !isWrite(step)),
    ),
  },
  actions: {
    'take some time': ask(() => busy(MUTATION_MS)),
    'read the current object': ask((context) => call(etcd(context), read(keyOfCurrent(context)), 'etcd')),
    'remember what etcd has': update('etcd.answered', (_, event) => ({
      current: objectIn(event),
      certain: true,
      step: undefined,
    })),
    'apply the request': update((context, _, { at }) => ({ step: proposed(attemptOf(context, at), context.current) })),
    'run the admission plugins': update((context, _, { at }) => ({
      step: admitted(attemptOf(context, at), draftOf(context), context.current),
    })),
    'look it up': ask((context) => call(etcd(context), read(keyOfLookUp(context)), 'etcd')),
    'count the look-up': update(({ lookUps }) => ({ lookUps: lookUps + 1 })),
    'remember what was found': update('etcd.answered', ({ found, step }, event) => ({
      found: { ...found, [(step as LookUp).what]: objectIn(event) ?? null },
      lookUps: 0,
    })),
    'see what it comes to': update((context, _, { at }) => ({
      step: settled(attemptOf(context, at), draftOf(context), context.current),
    })),
    'claim what it uses': ask((context) =>
      call(evaluatorOf(context.server, context.request.namespace ?? ''), claimOf(context) as QuotaClaimed, 'quota'),
    ),
    'ask the budgets': ask((context, _, { self }) =>
      claimed(self, context.server, disruptionClaimOf(context) as DisruptionClaimed),
    ),
    'note what was granted': update('disruption.judged', (_, granted) => ({ granted })),
    'see whether the name is taken': ask((context) => call(etcd(context), read(keyOfOutcome(context)), 'etcd')),
    'ask for a lease': ask((context) =>
      call(etcd(context), { type: 'etcd.LeaseGrant', ttlSeconds: EVENT_TTL_S, id: 0 }, 'etcd'),
    ),
    'take the lease': update('etcd.answered', (_, { reply: granted }) => ({ lease: (granted as LeaseReply).id })),
    'let others share the lease': ask('etcd.answered', ({ server }, { reply: granted }) =>
      send(server, { type: 'lease.granted', id: (granted as LeaseReply).id }),
    ),
    'propose the object': ask((context) => {
      const { value } = context.step as Extract<Outcome, { does: 'store' }>
      const revision = isNew(context) ? 0 : revisionOf(context.current)
      return call(etcd(context), storing(keyOfOutcome(context), revision, value, context.lease), 'etcd')
    }),
    'propose the removal': ask((context) =>
      call(etcd(context), removing(keyOfCurrent(context), revisionOf(context.current)), 'etcd'),
    ),
    'take what was stored': update('etcd.answered', ({ step }, { revision }) => ({
      current: versioned((step as Extract<Outcome, { does: 'store' }>).value, revision),
      certain: true,
    })),
    'follow the own write': update('etcd.answered', ({ request }, { revision }) => ({
      request: following(request, revision),
      step: undefined,
    })),
    'draw another name': update(({ attempt }) => ({ attempt: attempt + 1, step: undefined })),
    'turn to the next member': update(({ members }) => ({ members: members + 1 })),
    'answer Unauthorized': ask((context) => refuse(context, unauthorized())),
    'answer Forbidden': ask((context) => refuse(context, refusedTo(context.request))),
    'answer what is wrong': ask((context) => refuse(context, (context.step as { status: Status }).status)),
    'answer that a quota is exceeded': ask('quota.judged', (context, { refusal: status }) =>
      refuse(context, status as Status),
    ),
    'answer why it must stay': ask('disruption.judged', (context, { refusal: status }) =>
      refuse(context, status as Status),
    ),
    'answer that its budget is looked at again': ask((context) =>
      refuse(context, stillProcessed(context.granted?.sparedBy ?? '')),
    ),
    'answer that nobody judged': ask((context) => refuse(context, internal('resource quota evaluation timed out'))),
    'answer with the object as it is': ask((context) =>
      say(context, reply(context.request, (context.step as { object: ApiObject }).object, false)),
    ),
    'answer as if it were done': ask((context) => say(context, dryReply(context))),
    'answer with what was stored': ask('etcd.answered', (context, { revision }) => {
      const { value } = context.step as Extract<Outcome, { does: 'store' }>
      return say(context, reply(context.request, versioned(value, revision), isNew(context)))
    }),
    'answer with what was removed': ask('etcd.answered', (context, { revision }) =>
      say(context, replyOfRemoval(context.request, facts(context), removed(context, revision))),
    ),
    'answer AlreadyExists': ask('etcd.answered', (context, event) => refuse(context, takenStatus(context, event))),
    'answer NotFound': ask((context) => refuse(context, notFound(context.request.resource, nameOf(context)))),
    'answer Timeout': ask((context) => refuse(context, requestTimedOut())),
    'answer with the error of etcd': ask('etcd.failed', (context, event) => refuse(context, failedAs(event))),
    'answer that etcd is lost': ask('call.lost', (context, { reason }) => refuse(context, lostAs(reason))),
  },
}).createMachine({
  id: 'api-request',
  context: born(
    (input: RequestInput): Context => ({
      current: cached(input),
      certain: false,
      found: {},
      lookUps: 0,
      attempt: 0,
      members: 0,
      granted: undefined,
      step: undefined,
      ...input,
    }),
  ),
  entry: 'take some time',
  initial: 'authenticating',
  states: {
    authenticating: {
      always: [
        { guard: 'the client is known', target: 'authorizing' },
        { target: 'done', actions: 'answer Unauthorized' },
      ],
    },
    authorizing: {
      always: [
        { guard: 'the client may', target: 'handling' },
        { target: 'done', actions: 'answer Forbidden' },
      ],
    },
    handling: {
      description: 'A request that writes has 34 s, whatever it waits for.',
      initial: 'recalling',
      after: { 'request timeout': { target: 'done', actions: 'answer Timeout' } },
      on: {
        'etcd.failed': { target: 'done', actions: 'answer with the error of etcd' },
        'call.lost': [
          {
            guard: 'another member can be asked',
            target: '.again',
            actions: 'turn to the next member',
            description: 'Nothing can have happened yet: it was refused, or it only read.',
          },
          { target: 'done', actions: 'answer that etcd is lost' },
        ],
      },
      states: {
        again: { type: 'history' },
        recalling: {
          description: 'GuaranteedUpdate begins with the object as the watch cache has it.',
          always: [
            { guard: 'nothing must be read', target: 'proposing' },
            {
              guard: 'an eviction looks for itself',
              target: 'readingCurrent',
              description: 'Whether the pod is well, and whether it may go, is judged by what etcd has.',
            },
            { guard: 'the watch cache has it', target: 'proposing' },
            { target: 'readingCurrent' },
          ],
        },
        readingCurrent: {
          entry: 'read the current object',
          on: { 'etcd.answered': { target: 'proposing', actions: 'remember what etcd has' } },
        },
        proposing: {
          description: 'Decoded, patched, defaulted: the object as the client wants it.',
          entry: 'apply the request',
          always: [
            { guard: 'a cached object led to a refusal', target: 'readingCurrent' },
            { guard: 'it is refused', target: '#api-request.done', actions: 'answer what is wrong' },
            { target: 'admitting' },
          ],
        },
        admitting: {
          entry: 'run the admission plugins',
          always: [
            { guard: 'something must be looked up', target: 'lookingUp' },
            { guard: 'a cached object led to a refusal', target: 'readingCurrent' },
            { guard: 'it is refused', target: '#api-request.done', actions: 'answer what is wrong' },
            { target: 'validating' },
          ],
        },
        lookingUp: {
          description: 'The namespace or the ServiceAccount is not in the cache: it may be too new.',
          entry: ['count the look-up', 'look it up'],
          on: {
            'etcd.answered': [
              { guard: 'it was found', target: 'proposing', actions: 'remember what was found' },
              { guard: 'it may still come', target: 'pausing' },
              { target: 'proposing', actions: 'remember what was found' },
            ],
          },
        },
        pausing: {
          description: 'The ServiceAccount default follows its namespace shortly.',
          after: { 'look-up interval': 'lookingUp' },
        },
        validating: {
          entry: 'see what it comes to',
          always: [
            { guard: 'a cached object led to a refusal', target: 'readingCurrent' },
            { guard: 'it is refused', target: '#api-request.done', actions: 'answer what is wrong' },
            { guard: 'a cached object needs no change', target: 'readingCurrent' },
            {
              guard: 'no change is needed',
              target: '#api-request.done',
              actions: 'answer with the object as it is',
              description: 'What changes nothing is not written, and nobody is told.',
            },
            { guard: 'it may use up a quota', target: 'claimingQuota' },
            { guard: 'budgets have a say', target: 'askingBudgets' },
            { target: 'committing' },
          ],
        },
        claimingQuota: {
          description: 'The last of admission: what it will use is written into the quotas before it exists.',
          entry: 'claim what it uses',
          on: {
            'quota.judged': [
              {
                guard: 'it exceeds a quota',
                target: '#api-request.done',
                actions: 'answer that a quota is exceeded',
              },
              { target: 'committing' },
            ],
            'call.lost': { target: '#api-request.done', actions: 'answer that nobody judged' },
          },
          after: { 'quota timeout': { target: '#api-request.done', actions: 'answer that nobody judged' } },
        },
        askingBudgets: {
          description: 'An eviction takes from the PodDisruptionBudget of its pod before it touches the pod.',
          entry: 'ask the budgets',
          on: {
            'disruption.judged': [
              { guard: 'a budget forbids it', target: '#api-request.done', actions: 'answer why it must stay' },
              { target: 'committing', actions: 'note what was granted' },
            ],
            'call.lost': { target: '#api-request.done', actions: 'answer Timeout' },
          },
        },
        committing: {
          always: [
            { guard: 'it is a dry run of a creation', target: 'checkingAbsence' },
            { guard: 'it is a dry run', target: '#api-request.done', actions: 'answer as if it were done' },
            { guard: 'it removes the object', target: 'removing' },
            { guard: 'an Event needs a lease', target: 'waitingForLease' },
            { target: 'storing' },
          ],
        },
        checkingAbsence: {
          entry: 'see whether the name is taken',
          on: {
            'etcd.answered': [
              { guard: 'the object is gone', target: '#api-request.done', actions: 'answer as if it were done' },
              { target: '#api-request.done', actions: 'answer AlreadyExists' },
            ],
          },
        },
        waitingForLease: {
          description: 'Events live for an hour.',
          entry: 'ask for a lease',
          on: { 'etcd.answered': { target: 'storing', actions: ['take the lease', 'let others share the lease'] } },
        },
        storing: {
          description: 'A transaction that holds only if the object is still as it was read.',
          entry: 'propose the object',
          on: {
            'etcd.answered': [
              { guard: 'etcd took it, a removal follows', target: 'removing', actions: 'take what was stored' },
              {
                guard: 'etcd took it, the deletion follows',
                target: 'proposing',
                actions: ['take what was stored', 'follow the own write'],
                description: 'An eviction tells the pod why, and deletes it then.',
              },
              { guard: 'etcd took it', target: '#api-request.done', actions: 'answer with what was stored' },
              { guard: 'another name can be drawn', target: 'proposing', actions: 'draw another name' },
              { guard: 'it was to be new', target: '#api-request.done', actions: 'answer AlreadyExists' },
              {
                guard: 'it is spared no longer',
                target: '#api-request.done',
                actions: 'answer that its budget is looked at again',
                description: 'The pod that could go because it was not well has changed meanwhile.',
              },
              { target: 'proposing', actions: 'remember what etcd has' },
            ],
          },
        },
        removing: {
          entry: 'propose the removal',
          on: {
            'etcd.answered': [
              { guard: 'etcd took it', target: '#api-request.done', actions: 'answer with what was removed' },
              { guard: 'the object is gone', target: '#api-request.done', actions: 'answer NotFound' },
              {
                guard: 'it is spared no longer',
                target: '#api-request.done',
                actions: 'answer that its budget is looked at again',
              },
              { target: 'proposing', actions: 'remember what etcd has' },
            ],
          },
        },
      },
    },
    done: { type: 'final' },
  },
})
