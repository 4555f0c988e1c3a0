/** The commands that look at one object and patch it: scale, set image, rollout undo, restart, pause, resume, cordon, uncordon. */
import { setup } from 'xstate'
import { born, type CallLost, call, verbs } from '../../runtime/contract.ts'
import { get, list, patch, REQUEST_TIMEOUT_MS, succeeded } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { KubectlInput } from '../protocol/kubectl.ts'
import type { ApiObject, ReplicaSet } from '../protocol/objects.ts'
import { type Change, type Changing, changeOf, placeOfCommand } from './changes.ts'
import { ended, noConnection, type Printed, printed, refusal, TIMED_OUT } from './ending.ts'

interface Context extends Printed {
  readonly object: ApiObject | undefined
  readonly sets: readonly ReplicaSet[]
  readonly change: Change | undefined
}
type Events = ApiAnswered | CallLost
const { update, ask, when } = verbs<Context, Events>()

export const kubectlChange = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KubectlInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'its history is needed': when(({ command }) => command.command === 'rollout undo'),
    'there is something to change': when(({ change }) => change?.do === 'patch'),
    'there is nothing to change': when(({ change }) => change?.do === 'nothing'),
  },
  actions: {
    'look it up': ask((context) => call(context.apiserver, get(context.user, placeOfCommand(changing(context))))),
    'keep the object': update('api.answered', (_, { object }) => ({ object })),
    'list its replica sets': ask(({ apiserver, user, object }) => {
      const namespace = object?.metadata.namespace
      return call(apiserver, list(user, { resource: 'replicasets.apps', namespace }))
    }),
    'keep its replica sets': update('api.answered', ({ object }, { list: sets }) => ({
      sets: ((sets?.objects.values() ?? []) as ReplicaSet[]).filter(({ metadata }) => isOwnedBy(metadata, object)),
    })),
    'see what is to change': update((context, _, { at }) => ({
      change: changeOf(changing(context), context.object as ApiObject, context.sets, at),
    })),
    'send the patch': ask(({ apiserver, user, change }) => {
      if (change?.do !== 'patch') throw new Error('there is something to change')
      return call(apiserver, patch(user, change.place, change.type, change.body))
    }),
    'print what was done': update((context) => (context.change?.line ? printed(context, context.change.line) : {})),
    'print why not': update('api.answered', (context, reply) => printed(context, refusal(reply))),
    'print that the connection broke': update('call.lost', (context, lost) => printed(context, noConnection(lost))),
    'print that it took too long': update((context) => printed(context, TIMED_OUT)),
    'end well': ask((context) => ended(context, 0)),
    'end badly': ask((context) => ended(context, 1)),
  },
}).createMachine({
  id: 'kubectl-change',
  description: 'kubectl scale, set image, rollout undo/restart/pause/resume, cordon, uncordon: look, then patch.',
  context: born((input: KubectlInput) => ({ ...input, lines: [], object: undefined, sets: [], change: undefined })),
  initial: 'lookingUp',
  states: {
    lookingUp: {
      entry: 'look it up',
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'looked', actions: 'keep the object' },
          { target: 'failed', actions: 'print why not' },
        ],
        'call.lost': { target: 'failed', actions: 'print that the connection broke' },
      },
      after: { 'request timeout': { target: 'failed', actions: 'print that it took too long' } },
    },
    looked: { always: [{ guard: 'its history is needed', target: 'readingHistory' }, { target: 'deciding' }] },
    readingHistory: {
      description: 'Earlier templates are in the ReplicaSets that the Deployment owns.',
      entry: 'list its replica sets',
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'deciding', actions: 'keep its replica sets' },
          { target: 'failed', actions: 'print why not' },
        ],
        'call.lost': { target: 'failed', actions: 'print that the connection broke' },
      },
      after: { 'request timeout': { target: 'failed', actions: 'print that it took too long' } },
    },
    deciding: {
      entry: 'see what is to change',
      always: [
        { guard: 'there is something to change', target: 'patching' },
        { guard: 'there is nothing to change', target: 'succeeded', actions: 'print what was done' },
        { target: 'failed', actions: 'print what was done' },
      ],
    },
    patching: {
      entry: 'send the patch',
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'succeeded', actions: 'print what was done' },
          { target: 'failed', actions: 'print why not' },
        ],
        'call.lost': { target: 'failed', actions: 'print that the connection broke' },
      },
      after: { 'request timeout': { target: 'failed', actions: 'print that it took too long' } },
    },
    succeeded: { entry: 'end well', type: 'final' },
    failed: { entry: 'end badly', type: 'final' },
  },
})

const changing = ({ command }: Context): Changing => command as Changing
const isOwnedBy = ({ ownerReferences }: ApiObject['metadata'], owner: ApiObject | undefined): boolean =>
  ownerReferences?.some(({ controller, uid }) => controller === true && uid === owner?.metadata.uid) === true
