/** The commands that only look: `kubectl get`, `kubectl rollout history`. */
import { setup } from 'xstate'
import { born, type CallLost, call, verbs } from '../../runtime/contract.ts'
import { get, list, REQUEST_TIMEOUT_MS, succeeded } from '../lib/requests.ts'
import type { ApiAnswered, ApiRequest } from '../protocol/api.ts'
import type { KubectlInput } from '../protocol/kubectl.ts'
import { ended, noConnection, type Printed, printed, refusal, TIMED_OUT } from './ending.ts'
import { tableOf } from './printing.ts'

type Events = ApiAnswered | CallLost
const { update, ask, when } = verbs<Printed, Events>()

export const kubectlGet = setup({
  types: { context: {} as Printed, events: {} as Events, input: {} as KubectlInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: { 'it succeeded': when('api.answered', (_, reply) => succeeded(reply)) },
  actions: {
    'ask for it': ask((context) => call(context.apiserver, asked(context))),
    'print what there is': update('api.answered', (context, reply, { at }) => ({
      lines: [...context.lines, ...tableOf(context.command, reply, at)],
    })),
    'print why not': update('api.answered', (context, reply) => printed(context, refusal(reply))),
    'print that the connection broke': update('call.lost', (context, lost) => printed(context, noConnection(lost))),
    'print that it took too long': update((context) => printed(context, TIMED_OUT)),
    'end well': ask((context) => ended(context, 0)),
    'end badly': ask((context) => ended(context, 1)),
  },
}).createMachine({
  id: 'kubectl-get',
  description: 'kubectl get, kubectl rollout history: one question, one table.',
  context: born((input: KubectlInput) => ({ ...input, lines: [] })),
  initial: 'asking',
  states: {
    asking: {
      entry: 'ask for it',
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'succeeded', actions: 'print what there is' },
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

function asked({ command, user }: Printed): ApiRequest {
  if (command.command === 'rollout history')
    return list(user, { resource: 'replicasets.apps', namespace: command.namespace })
  if (command.command !== 'get') throw new Error(`kubectl-get does not do "${command.command}"`)
  const { resource, namespace, name } = command
  return name === undefined ? list(user, { resource, namespace }) : get(user, { resource, namespace, name })
}
