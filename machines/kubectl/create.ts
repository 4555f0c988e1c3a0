/** `kubectl create -f`: one object after another is made, none is looked at before (kubectl/pkg/cmd/create, RunCreate). */
import { setup } from 'xstate'
import { born, type CallLost, call, verbs } from '../../runtime/contract.ts'
import { create, placeOf, REQUEST_TIMEOUT_MS, succeeded } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { Applied, KubectlInput } from '../protocol/kubectl.ts'
import { ended, noConnection, type Printed, printed, refusal, TIMED_OUT } from './ending.ts'
import { spoken } from './naming.ts'

interface Context extends Printed {
  readonly objects: readonly Applied[]
  /** How many were answered. */
  readonly done: number
  readonly failed: boolean
}
type Events = ApiAnswered | CallLost
const { update, ask, when } = verbs<Context, Events>()

export const kubectlCreate = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KubectlInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'more are to be made': when(({ objects, done }) => done < objects.length),
    'one was refused': when(({ failed }) => failed),
    'it was made': when('api.answered', (_, reply) => succeeded(reply)),
  },
  actions: {
    'create it': ask((context) => {
      const { resource, object } = current(context)
      return call(context.apiserver, create(context.user, placeOf(resource, object), object))
    }),
    'print created': update((context) => {
      const { resource, object } = current(context)
      return answered(context, `${spoken(resource, object.metadata.name)} created`)
    }),
    'print why not': update('api.answered', (context, reply) => ({
      ...answered(context, refusal(reply)),
      failed: true,
    })),
    'print that the connection broke': update('call.lost', (context, lost) => printed(context, noConnection(lost))),
    'print that it took too long': update((context) => printed(context, TIMED_OUT)),
    'end well': ask((context) => ended(context, 0)),
    'end badly': ask((context) => ended(context, 1)),
  },
}).createMachine({
  id: 'kubectl-create',
  description: 'kubectl create -f: makes objects that are not there yet.',
  context: born((input: KubectlInput) => ({
    ...input,
    objects: input.command.command === 'create' ? input.command.objects : [],
    lines: [],
    done: 0,
    failed: false,
  })),
  initial: 'choosing',
  states: {
    choosing: {
      description: 'The next object of the manifests, in their order. One that is refused does not stop the others.',
      always: [
        { guard: 'more are to be made', target: 'creating' },
        { guard: 'one was refused', target: 'failed' },
        { target: 'succeeded' },
      ],
    },
    creating: {
      entry: 'create it',
      on: {
        'api.answered': [
          { guard: 'it was made', target: 'choosing', actions: 'print created' },
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
  if (applied === undefined) throw new Error('an object is being created')
  return applied
}

const answered = (context: Context, line: string): Partial<Context> => ({
  ...printed(context, line),
  done: context.done + 1,
})
