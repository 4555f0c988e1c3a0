/** One fake node: plays its stages while the lease is ours (pkg/kwok/controllers/node_controller.go). */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, hangUp, send, spawn, verbs } from '../../runtime/contract.ts'
import { patch, placeOf, REQUEST_TIMEOUT_MS, succeeded } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type {
  FakeLeaseGone,
  FakeLeaseTaken,
  FakeNodeChanged,
  FakeNodeHeld,
  FakeNodeReleased,
  KwokClient,
  KwokInput,
} from '../protocol/kwok.ts'
import type { Node } from '../protocol/objects.ts'
import { backOffMs, isPassing } from './failures.ts'
import type { KwokLeaseInput } from './lease.ts'
import { heartbeatDelayMs, nodeStage, nodeStatus } from './stages.ts'

export interface KwokNodeInput extends KwokClient {
  readonly kwok: KwokInput
  readonly node: Node
  readonly identity: string
  readonly leases: Address
  /** Who plays the stages of pods. */
  readonly pods: Address
}
interface Context extends KwokNodeInput {
  readonly retries: number
}
type Events = FakeNodeChanged | FakeLeaseTaken | FakeLeaseGone | ApiAnswered | CallLost

const { update, ask, when, lasting } = verbs<Context, Events>()

export const kwokNode = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KwokNodeInput },
  delays: {
    'heartbeat delay': lasting(({ node }, _, { dice }) => heartbeatDelayMs(dice, node.metadata.resourceVersion ?? '')),
    'back-off': lasting(({ retries, node }, _, { dice }) => backOffMs(retries - 1, dice, node.metadata.name)),
    'request timeout': REQUEST_TIMEOUT_MS,
  },
  guards: {
    'it is not ready': when(({ node }) => nodeStage(node) === 'node-initialize'),
    'it runs and is ready': when(({ node }) => nodeStage(node) === 'node-heartbeat-with-lease'),
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'the failure passes': when('api.answered', (_, reply) => isPassing(reply)),
    'nobody answered': when('call.lost', (_, { reason }) => reason === 'refused'),
  },
  actions: {
    'look after its lease': ask((context, _, { self }) =>
      spawn(leaseAt(self), 'kwok-lease', leaseInput(context, self)),
    ),
    'take in the change': update('fakeNode.changed', (_, { node }) => ({ node, retries: 0 })),
    'say where it is now': ask('fakeNode.changed', (context, { node }) =>
      sameAddresses(context.node, node) ? [] : [send(context.pods, held(node, context.kwok))],
    ),
    'say that it is managed': ask(({ pods, node, kwok }) => send(pods, held(node, kwok))),
    'say that it is managed no longer': ask(({ pods, node }) =>
      send(pods, { type: 'fakeNode.released', node: node.metadata.name } satisfies FakeNodeReleased),
    ),
    'write its status': ask(({ apiserver, user, node, kwok }, _, { at }) => {
      const stage = nodeStage(node) ?? 'node-heartbeat-with-lease'
      const body = { status: nodeStatus(stage, node, kwok, at) }
      return call(apiserver, patch(user, placeOf('nodes', node, 'status'), 'strategic', body))
    }),
    'stop waiting': ask(() => hangUp('')),
    'count the retry': update(({ retries }) => ({ retries: retries + 1 })),
  },
}).createMachine({
  id: 'kwok-node',
  description: 'A Node that nobody runs: made Ready once, then a heartbeat every ten minutes; its lease says the rest.',
  context: born((input: KwokNodeInput) => ({ retries: 0, ...input })),
  entry: 'look after its lease',
  initial: 'waitingForLease',
  states: {
    waitingForLease: {
      description: 'Read only: the lease is not ours, or not yet.',
      on: {
        'fakeLease.taken': { target: 'managed', actions: 'say that it is managed' },
        'fakeNode.changed': { actions: 'take in the change' },
      },
    },
    managed: {
      initial: 'matching',
      on: {
        'fakeLease.gone': { target: 'waitingForLease', actions: 'say that it is managed no longer' },
        'fakeNode.changed': {
          target: '.matching',
          actions: ['say where it is now', 'take in the change'],
          description: 'Every change is matched anew and replaces the stage that waits.',
        },
      },
      states: {
        matching: {
          always: [
            { guard: 'it is not ready', target: 'initializing' },
            { guard: 'it runs and is ready', target: 'ready' },
            { target: 'leftAlone' },
          ],
        },
        initializing: {
          description: 'Stage node-initialize.',
          entry: 'write its status',
          exit: 'stop waiting',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'leftAlone' },
              { guard: 'the failure passes', target: 'backingOff' },
              { target: 'leftAlone' },
            ],
            'call.lost': [{ guard: 'nobody answered', target: 'backingOff' }, { target: 'leftAlone' }],
          },
          after: { 'request timeout': 'backingOff' },
        },
        ready: {
          after: { 'heartbeat delay': 'beating' },
        },
        beating: {
          description: 'Stage node-heartbeat-with-lease.',
          entry: 'write its status',
          exit: 'stop waiting',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'leftAlone' },
              { guard: 'the failure passes', target: 'backingOff' },
              { target: 'leftAlone' },
            ],
            'call.lost': [{ guard: 'nobody answered', target: 'backingOff' }, { target: 'leftAlone' }],
          },
          after: { 'request timeout': 'backingOff' },
        },
        leftAlone: { description: 'No stage matches, or one was played: the next change tells more.' },
        backingOff: {
          entry: 'count the retry',
          after: { 'back-off': 'matching' },
        },
      },
    },
  },
})

const leaseAt = (self: Address): Address => self.replace('kwok-node/', 'kwok-lease/')

function leaseInput({ apiserver, user, leases, identity, node }: Context, self: Address): KwokLeaseInput {
  const { name, uid = '' } = node.metadata
  return { apiserver, user, leases, identity, node: name, uid, tell: self }
}

/** getNodeHostIPs: an internal address before an external one. */
function hostIPOf({ status }: Node, { nodeIP }: KwokInput): string {
  const addresses = status?.addresses ?? []
  const own = addresses.find(({ type }) => type === 'InternalIP') ?? addresses.find(({ type }) => type === 'ExternalIP')
  return own?.address ?? nodeIP
}

const held = (node: Node, kwok: KwokInput): FakeNodeHeld => ({
  type: 'fakeNode.held',
  node: node.metadata.name,
  hostIP: hostIPOf(node, kwok),
  podCIDR: node.spec?.podCIDR || undefined,
})

const sameAddresses = (a: Node, b: Node): boolean =>
  a.spec?.podCIDR === b.spec?.podCIDR &&
  (a.status?.addresses === b.status?.addresses ||
    JSON.stringify(a.status?.addresses) === JSON.stringify(b.status?.addresses))
