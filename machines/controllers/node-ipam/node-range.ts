/** Writes one node's range of pod addresses (range_allocator.go updateCIDRsAllocation): tried three times. */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, send, verbs } from '../../../runtime/contract.ts'
import { patch, REQUEST_TIMEOUT_MS, succeeded } from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { NodeRangeInput, RangeAssigned, RangeRefused } from './words.ts'

interface Context extends NodeRangeInput {
  readonly tries: number
}
type Events = ApiAnswered | CallLost
const MOST_TRIES = 3

const { update, ask, when } = verbs<Context, Events>()

export const nodeRange = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as NodeRangeInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'it is written': when('api.answered', (_, reply) => succeeded(reply)),
    'it has been tried often enough': when(({ tries }) => tries >= MOST_TRIES),
  },
  actions: {
    'write the range': ask(({ apiserver, user, node, cidr }) =>
      call(
        apiserver,
        patch(user, { resource: 'nodes', name: node }, 'strategic', { spec: { podCIDR: cidr, podCIDRs: [cidr] } }),
      ),
    ),
    'count the try': update(({ tries }) => ({ tries: tries + 1 })),
    'stop waiting': ask(() => hangUp('')),
    'say that it is assigned': ask(({ allocator, node }) =>
      send(allocator, { type: 'range.assigned', node } satisfies RangeAssigned),
    ),
    'give the range back': ask(({ allocator, node, cidr }) =>
      send(allocator, { type: 'range.refused', node, cidr, mayStand: false } satisfies RangeRefused),
    ),
    'say that it may stand': ask(({ allocator, node, cidr }) =>
      send(allocator, { type: 'range.refused', node, cidr, mayStand: true } satisfies RangeRefused),
    ),
  },
}).createMachine({
  id: 'node-range',
  context: born((input: NodeRangeInput) => ({ ...input, tries: 0 })),
  initial: 'writing',
  states: {
    writing: {
      entry: ['count the try', 'write the range'],
      on: {
        'api.answered': [
          { guard: 'it is written', target: 'assigned' },
          { guard: 'it has been tried often enough', target: 'refused' },
          { target: 'writing', reenter: true },
        ],
        'call.lost': [
          { guard: 'it has been tried often enough', target: 'unknown' },
          { target: 'writing', reenter: true },
        ],
      },
      after: { 'request timeout': { target: 'unknown', actions: 'stop waiting' } },
    },
    assigned: { entry: 'say that it is assigned', type: 'final' },
    refused: { entry: 'give the range back', type: 'final' },
    unknown: {
      description: 'It may be written: the range is not given to anybody else until the node shows what it has.',
      entry: 'say that it may stand',
      type: 'final',
    },
  },
})
