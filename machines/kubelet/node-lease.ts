/**
 * The node's heartbeat: a Lease of 40 s in kube-node-lease, renewed every 10 s
 * (k8s.io/component-helpers/apimachinery/lease/controller.go).
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, draw, hangUp, verbs } from '../../runtime/contract.ts'
import { create, get, type Place, reasonOf, update as replace, succeeded } from '../lib/requests.ts'
import { rfc3339Micro } from '../lib/time.ts'
import type { ApiAnswered, User } from '../protocol/api.ts'
import type { Lease } from '../protocol/objects.ts'
import { HEARTBEAT_TIMEOUT_MS } from './node/heartbeat.ts'

export interface NodeLeaseInput {
  readonly apiserver: Address
  readonly user: User
  readonly node: string
  /** Of the Node object, which owns the lease. */
  readonly uid: string
}
interface Context extends NodeLeaseInput {
  readonly lease: Lease | undefined
  readonly renewals: number
  readonly tries: number
  /** In this renewal it was looked for anew. */
  readonly ensured: boolean
  /** How often in a row the lease could not be ensured. */
  readonly failures: number
}
type Events = ApiAnswered | CallLost

const LEASE_SECONDS = 40
const RENEW_MS = 10_000
const JITTER = 0.04
const FIRST_BACK_OFF_MS = 100
const LONGEST_BACK_OFF_MS = 7_000
const MAX_TRIES = 5

const { update, ask, when, lasting } = verbs<Context, Events>()
const placeOf = (name: string): Place => ({
  resource: 'leases.coordination.k8s.io',
  namespace: 'kube-node-lease',
  name,
})

function leaseOf({ lease, node, uid }: Context, at: number): Lease {
  const owner = { apiVersion: 'v1', kind: 'Node', name: node, uid }
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: lease?.metadata ?? { name: node, namespace: 'kube-node-lease', ownerReferences: [owner] },
    spec: { ...lease?.spec, holderIdentity: node, leaseDurationSeconds: LEASE_SECONDS, renewTime: rfc3339Micro(at) },
  }
}

export const nodeLease = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as NodeLeaseInput },
  delays: {
    // wait.JitterUntil counts from the end of the renewal: each period is up to 4 % longer.
    'renew interval': lasting(
      ({ renewals }, _, { dice }) => RENEW_MS * (1 + (JITTER * draw(dice, 'renew interval', renewals)) / 2 ** 32),
    ),
    'back-off': lasting(({ failures }) =>
      Math.min(FIRST_BACK_OFF_MS * 2 ** Math.min(failures, 7), LONGEST_BACK_OFF_MS),
    ),
    'request timeout': HEARTBEAT_TIMEOUT_MS,
  },
  guards: {
    'the lease is known': when(({ lease }) => lease !== undefined),
    'it succeeded': when('api.answered', (_, answer) => succeeded(answer)),
    'it does not exist': when('api.answered', (_, answer) => reasonOf(answer) === 'NotFound'),
    'someone else wrote it': when('api.answered', (_, answer) => reasonOf(answer) === 'Conflict'),
    'it was tried often enough': when(({ tries }) => tries >= MAX_TRIES),
    'it was looked for already': when(({ ensured }) => ensured),
  },
  actions: {
    'get the lease': ask(({ apiserver, user, node }) => call(apiserver, get(user, placeOf(node)), 'lease')),
    'create the lease': ask((context, _, { at }) => {
      const { apiserver, user, node } = context
      return call(apiserver, create(user, placeOf(node), leaseOf(context, at)), 'lease')
    }),
    'renew the lease': ask((context, _, { at }) => {
      const { apiserver, user, node } = context
      return call(apiserver, replace(user, placeOf(node), leaseOf(context, at)), 'lease')
    }),
    'begin a renewal': update(({ renewals }) => ({ renewals: renewals + 1, tries: 0, ensured: false })),
    'count the try': update(({ tries }) => ({ tries: tries + 1 })),
    'keep the lease': update('api.answered', (_, { object }) => ({ lease: object as Lease, failures: 0 })),
    'note that it is looked for': update(() => ({ ensured: true, tries: 0 })),
    'forget the lease': update(() => ({ lease: undefined })),
    'count the failure': update(({ failures }) => ({ failures: failures + 1 })),
    'hang up': ask(() => hangUp('lease')),
  },
}).createMachine({
  id: 'node-lease',
  context: born((input) => ({ lease: undefined, renewals: 0, tries: 0, ensured: false, failures: 0, ...input })),
  initial: 'beginning',
  states: {
    beginning: {
      entry: 'begin a renewal',
      always: [{ guard: 'the lease is known', target: 'renewing' }, { target: 'ensuring' }],
    },
    ensuring: {
      description: 'The lease is looked for, and made when there is none.',
      entry: 'note that it is looked for',
      initial: 'getting',
      states: {
        getting: {
          entry: 'get the lease',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: '#node-lease.renewing', actions: 'keep the lease' },
              { guard: 'it does not exist', target: 'creating' },
              { target: 'backingOff' },
            ],
          },
        },
        creating: {
          entry: 'create the lease',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: '#node-lease.fresh', actions: 'keep the lease' },
              { target: 'backingOff' },
            ],
          },
        },
        backingOff: {
          entry: ['hang up', 'count the failure'],
          after: { 'back-off': 'getting' },
        },
      },
      on: { 'call.lost': '.backingOff' },
      after: { 'request timeout': '.backingOff' },
    },
    renewing: {
      description: 'With what is known of it; when someone else wrote it, it is read again.',
      entry: ['count the try', 'renew the lease'],
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'fresh', actions: 'keep the lease' },
          { guard: 'someone else wrote it', target: 'ensuring' },
          { guard: 'it was tried often enough', target: 'lost' },
          { target: 'renewing', reenter: true },
        ],
        'call.lost': [
          { guard: 'it was tried often enough', target: 'lost' },
          { target: 'renewing', reenter: true },
        ],
      },
      after: {
        'request timeout': [
          { guard: 'it was tried often enough', target: 'lost' },
          { target: 'renewing', reenter: true },
        ],
      },
    },
    lost: {
      description: 'With what was known of it, it cannot be renewed: it is looked for anew, once.',
      entry: ['hang up', 'forget the lease'],
      always: [{ guard: 'it was looked for already', target: 'fresh' }, { target: 'ensuring' }],
    },
    fresh: { after: { 'renew interval': 'beginning' } },
  },
})
