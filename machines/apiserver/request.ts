/**
 * The life of one request that writes: from the handler chain through admission and validation to etcd and back.
 * apiserver/pkg/endpoints/handlers, pkg/registry/generic/registry/store.go, pkg/storage/etcd3 GuaranteedUpdate.
 */
import { setup } from 'xstate'
import { born } from '../../runtime/contract.ts'
import { actions } from './request/actions.ts'
import type { Context, Events } from './request/events.ts'
import { guards } from './request/guards.ts'
import { cached, type RequestInput } from './request-context.ts'

export const apiRequest = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as RequestInput },
  delays: { 'request timeout': 34_000, 'look-up interval': 150, 'quota timeout': 10_000 },
  guards,
  actions,
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
