/** The pods of a node that kwok has just taken over: what happened to them before was none of its business. */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, send, verbs } from '../../runtime/contract.ts'
import { list, REQUEST_TIMEOUT_MS, succeeded } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { FakePodsListed, KwokClient } from '../protocol/kwok.ts'
import type { Pod } from '../protocol/objects.ts'

export interface KwokPodListInput extends KwokClient {
  readonly node: string
  readonly tell: Address
}
type Events = ApiAnswered | CallLost
const { ask, when } = verbs<KwokPodListInput, Events>()

export const kwokPodList = setup({
  types: { context: {} as KwokPodListInput, events: {} as Events, input: {} as KwokPodListInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: { 'the list came': when('api.answered', (_, reply) => succeeded(reply) && reply.list !== undefined) },
  actions: {
    'ask for its pods': ask(({ apiserver, user, node }) =>
      call(apiserver, list(user, { resource: 'pods' }, { fieldSelector: `spec.nodeName=${node}` })),
    ),
    'hand the pods on': ask('api.answered', ({ tell }, { list }) =>
      send(tell, { type: 'fakePods.listed', pods: (list?.objects.values() ?? []) as Pod[] } satisfies FakePodsListed),
    ),
  },
}).createMachine({
  id: 'kwok-pod-list',
  description: 'Looks once for the pods of a node that was taken over.',
  context: born((input: KwokPodListInput) => input),
  initial: 'listing',
  states: {
    listing: {
      entry: 'ask for its pods',
      on: {
        'api.answered': [
          { guard: 'the list came', target: 'listed', actions: 'hand the pods on' },
          { target: 'failed' },
        ],
        'call.lost': 'failed',
      },
      after: { 'request timeout': 'failed' },
    },
    listed: { type: 'final' },
    failed: { type: 'final', description: 'Nobody lists again: the pods are played when they change.' },
  },
})
