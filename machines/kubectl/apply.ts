/** `kubectl apply`: one object after another is looked up, then made or patched. */
import { setup } from 'xstate'
import { born, type CallLost, call, verbs } from '../../runtime/contract.ts'
import { create, get, patch, placeOf, REQUEST_TIMEOUT_MS, reasonOf, succeeded } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { Applied, KubectlInput } from '../protocol/kubectl.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { annotated, patchFor } from './applying.ts'
import { ended, noConnection, type Printed, printed, refusal, TIMED_OUT } from './ending.ts'
import { spoken } from './naming.ts'

interface Context extends Printed {
  readonly objects: readonly Applied[]
  /** How many are done. */
  readonly done: number
  readonly live: ApiObject | undefined
  readonly failed: boolean
}
type Events = ApiAnswered | CallLost
const { update, ask, when } = verbs<Context, Events>()

export const kubectlApply = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KubectlInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'all are done': when(({ objects, done }) => done === objects.length),
    'one was refused': when(({ failed }) => failed),
    'it is there': when('api.answered', (_, reply) => succeeded(reply)),
    'it is not there': when('api.answered', (_, reply) => reasonOf(reply) === 'NotFound'),
    'it is as it should be': when((context) => patchFor(current(context), live(context)) === undefined),
  },
  actions: {
    'look it up': ask((context) => call(context.apiserver, get(context.user, placeOf(...placed(context))))),
    'keep what is there': update('api.answered', (_, { object }) => ({ live: object })),
    'create it': ask((context) => {
      const [resource] = placed(context)
      const object = annotated(current(context))
      return call(context.apiserver, create(context.user, placeOf(resource, object), object))
    }),
    'patch it': ask((context) => {
      const { type = 'strategic', body = {} } = patchFor(current(context), live(context)) ?? {}
      return call(context.apiserver, patch(context.user, placeOf(...placed(context)), type, body))
    }),
    'print created': update((context) => outcome(context, 'created')),
    'print configured': update((context) => outcome(context, 'configured')),
    'print unchanged': update((context) => outcome(context, 'unchanged')),
    'print why not': update('api.answered', (context, reply) => ({
      ...printed(context, refusal(reply)),
      done: context.done + 1,
      failed: true,
    })),
    'print that the connection broke': update('call.lost', (context, lost) => printed(context, noConnection(lost))),
    'print that it took too long': update((context) => printed(context, TIMED_OUT)),
    'end well': ask((context) => ended(context, 0)),
    'end badly': ask((context) => ended(context, 1)),
  },
}).createMachine({
  id: 'kubectl-apply',
  description: 'kubectl apply: makes what is missing, patches what differs from what was applied before.',
  context: born((input: KubectlInput) => ({
    ...input,
    objects: input.command.command === 'apply' ? input.command.objects : [],
    lines: [],
    done: 0,
    live: undefined,
    failed: false,
  })),
  initial: 'choosing',
  states: {
    choosing: {
      description: 'The next object of the manifests, in their order. One that is refused does not stop the others.',
      always: [
        { guard: 'one was refused', target: 'goingOn' },
        { guard: 'all are done', target: 'succeeded' },
        { target: 'lookingUp' },
      ],
    },
    goingOn: { always: [{ guard: 'all are done', target: 'failed' }, { target: 'lookingUp' }] },
    lookingUp: {
      entry: 'look it up',
      on: {
        'api.answered': [
          { guard: 'it is there', target: 'comparing', actions: 'keep what is there' },
          { guard: 'it is not there', target: 'creating' },
          { target: 'choosing', actions: 'print why not' },
        ],
        'call.lost': { target: 'failed', actions: 'print that the connection broke' },
      },
      after: { 'request timeout': { target: 'failed', actions: 'print that it took too long' } },
    },
    comparing: {
      description: 'Three ways: what was applied last, what is applied now, what is there.',
      always: [
        { guard: 'it is as it should be', target: 'choosing', actions: 'print unchanged' },
        { target: 'patching' },
      ],
    },
    creating: {
      entry: 'create it',
      on: {
        'api.answered': [
          { guard: 'it is there', target: 'choosing', actions: 'print created' },
          { target: 'choosing', actions: 'print why not' },
        ],
        'call.lost': { target: 'failed', actions: 'print that the connection broke' },
      },
      after: { 'request timeout': { target: 'failed', actions: 'print that it took too long' } },
    },
    patching: {
      entry: 'patch it',
      on: {
        'api.answered': [
          { guard: 'it is there', target: 'choosing', actions: 'print configured' },
          { target: 'choosing', actions: 'print why not' },
        ],
        'call.lost': { target: 'failed', actions: 'print that the connection broke' },
      },
      after: { 'request timeout': { target: 'failed', actions: 'print that it took too long' } },
    },
    succeeded: { entry: 'end well', type: 'final' },
    failed: { entry: 'end badly', type: 'final' },
  },
})

function current({ objects, done }: Context): Applied {
  const applied = objects[done]
  if (applied === undefined) throw new Error('an object is being applied')
  return applied
}
function live({ live: object }: Context): ApiObject {
  if (object === undefined) throw new Error('the object was looked up')
  return object
}
function placed(context: Context): readonly [Applied['resource'], ApiObject] {
  const { resource, object } = current(context)
  return [resource, object]
}

const outcome = (context: Context, what: string): Partial<Context> => {
  const { resource, object } = current(context)
  return { ...printed(context, `${spoken(resource, object.metadata.name)} ${what}`), done: context.done + 1 }
}
