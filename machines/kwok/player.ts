/** Writes what a pod's stage says (playStageWorker): finalizers first, then the deletion, or the status. */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, hangUp, send, verbs } from '../../runtime/contract.ts'
import { patch, placeOf, REQUEST_TIMEOUT_MS, remove, succeeded } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { KwokClient, StageDue, StagePlayed } from '../protocol/kwok.ts'
import { isPassing } from './failures.ts'

export interface KwokPlayerInput extends KwokClient {
  readonly tell: Address
}
interface Context extends KwokPlayerInput {
  readonly due: StageDue | undefined
}
type Events = StageDue | ApiAnswered | CallLost

const NO_FINALIZERS = [{ op: 'remove', path: '/metadata/finalizers' }]

const { update, ask, when } = verbs<Context, Events>()

export const kwokPlayer = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KwokPlayerInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'the stage only writes': when(({ due }) => due?.status !== undefined),
    'finalizers hold it': when((context) => (dueOf(context).pod.metadata.finalizers ?? []).length > 0),
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'the failure passes': when('api.answered', (_, reply) => isPassing(reply)),
    'nobody answered': when('call.lost', (_, { reason }) => reason === 'refused'),
  },
  actions: {
    'take the stage': update('stage.due', (_, due) => ({ due })),
    'write the status': ask((context) => {
      const { pod, status } = dueOf(context)
      return call(context.apiserver, patch(context.user, placeOf('pods', pod, 'status'), 'strategic', { status }))
    }),
    'remove the finalizers': ask((context) =>
      call(context.apiserver, patch(context.user, placeOf('pods', dueOf(context).pod), 'json', NO_FINALIZERS)),
    ),
    'delete the pod': ask((context) =>
      call(context.apiserver, remove(context.user, placeOf('pods', dueOf(context).pod), { gracePeriodSeconds: 0 })),
    ),
    'stop waiting': ask(() => hangUp('')),
    'say that it is played': ask((context) => outcome(context, 'done')),
    'say that it failed': ask((context) => outcome(context, 'failed')),
    'say that it is to be played again': ask((context) => outcome(context, 'retry')),
    'forget the stage': update(() => ({ due: undefined })),
  },
}).createMachine({
  id: 'kwok-player',
  description: 'One of the workers that play the stages of pods.',
  context: born((input: KwokPlayerInput) => ({ due: undefined, ...input })),
  initial: 'idle',
  states: {
    idle: {
      entry: 'forget the stage',
      on: { 'stage.due': { target: 'playing', actions: 'take the stage' } },
    },
    playing: {
      initial: 'deciding',
      exit: 'stop waiting',
      on: {
        'call.lost': [
          { guard: 'nobody answered', target: 'idle', actions: 'say that it is to be played again' },
          { target: 'idle', actions: 'say that it failed' },
        ],
        'api.answered': [
          { guard: 'it succeeded', target: 'idle', actions: 'say that it is played' },
          { guard: 'the failure passes', target: 'idle', actions: 'say that it is to be played again' },
          {
            target: 'idle',
            actions: 'say that it failed',
            description: 'Whatever it was: the next change of the pod is the next try.',
          },
        ],
      },
      after: { 'request timeout': { target: 'idle', actions: 'say that it is to be played again' } },
      states: {
        deciding: {
          always: [
            { guard: 'the stage only writes', target: 'writing' },
            { guard: 'finalizers hold it', target: 'removingFinalizers' },
            { target: 'deleting' },
          ],
        },
        writing: { entry: 'write the status' },
        removingFinalizers: {
          entry: 'remove the finalizers',
          on: { 'api.answered': { guard: 'it succeeded', target: 'deleting' } },
        },
        deleting: { entry: 'delete the pod', description: 'At once: with a grace period of 0.' },
      },
    },
  },
})

function dueOf({ due }: Context): StageDue {
  if (due === undefined) throw new Error('a stage is being played')
  return due
}

const outcome = (context: Context, how: StagePlayed['outcome']) =>
  send(context.tell, { type: 'stage.played', key: dueOf(context).key, outcome: how } satisfies StagePlayed)
