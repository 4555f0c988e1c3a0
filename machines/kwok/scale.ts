/** `kwokctl scale node`: makes the fake nodes that are missing, one after another, once there is an API server to ask. */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, verbs } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import { create, list, REQUEST_TIMEOUT_MS, reasonOf, succeeded } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { KwokClient } from '../protocol/kwok.ts'
import { fakeNode, fakeNodeName, type Resources, SCALE_LABEL } from './fake-node.ts'

export interface KwokctlScaleInput extends KwokClient {
  /** Of the nodes: `kwok-node-0` … */
  readonly name: string
  readonly replicas: number
  readonly capacity: Resources
}
interface Context extends KwokctlScaleInput {
  /** What there was when it looked, by name. */
  readonly there: Tree<unknown>
  /** The number of the next node to be made; `replicas`: none is missing. */
  readonly next: number
}
type Events = ApiAnswered | CallLost
const { update, ask, when } = verbs<Context, Events>()

export const kwokctlScale = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KwokctlScaleInput },
  delays: { 'retry period': 1_000, 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'none is missing': when(({ next, replicas }) => next >= replicas),
    'the list came': when('api.answered', (_, reply) => succeeded(reply) && reply.list !== undefined),
    'it is there': when('api.answered', (_, reply) => succeeded(reply) || reasonOf(reply) === 'AlreadyExists'),
  },
  actions: {
    'ask which there are': ask(({ apiserver, user, name }) =>
      call(apiserver, list(user, { resource: 'nodes' }, { labelSelector: `${SCALE_LABEL}=${name}` })),
    ),
    'find the first that is missing': update('api.answered', ({ name, replicas }, { list }) => {
      const there = list?.objects ?? Tree.of()
      return { there, next: missingFrom(0, { name, replicas, there }) }
    }),
    'create the next': ask((context) => {
      const { apiserver, user, name, next, capacity } = context
      const node = fakeNode(name, next, capacity)
      return call(apiserver, create(user, { resource: 'nodes', name: node.metadata.name }, node))
    }),
    'go on to the next': update((context) => ({ next: missingFrom(context.next + 1, context) })),
    'stop waiting': ask(() => hangUp('')),
  },
}).createMachine({
  id: 'kwokctl-scale',
  description: 'kwokctl scale node: a job of the machine that kwok runs on.',
  context: born((input: KwokctlScaleInput) => ({ there: Tree.of(), next: 0, ...input })),
  initial: 'looking',
  states: {
    looking: {
      entry: 'ask which there are',
      on: {
        'api.answered': [
          { guard: 'the list came', target: 'choosing', actions: 'find the first that is missing' },
          { target: 'waiting' },
        ],
        'call.lost': 'waiting',
      },
      after: { 'request timeout': 'waiting' },
    },
    choosing: { always: [{ guard: 'none is missing', target: 'done' }, { target: 'creating' }] },
    creating: {
      entry: 'create the next',
      on: {
        'api.answered': [
          { guard: 'it is there', target: 'choosing', actions: 'go on to the next' },
          { target: 'waiting' },
        ],
        'call.lost': 'waiting',
      },
      after: { 'request timeout': 'waiting' },
    },
    waiting: {
      description: 'No API server yet, or none any more: begins anew.',
      entry: 'stop waiting',
      after: { 'retry period': 'looking' },
    },
    done: { tags: 'at rest', description: 'Over; its unit stays, as systemd keeps one with RemainAfterExit.' },
  },
})

function missingFrom(index: number, { name, replicas, there }: Pick<Context, 'name' | 'replicas' | 'there'>): number {
  let next = index
  while (next < replicas && there.has(fakeNodeName(name, next))) next++
  return next
}
