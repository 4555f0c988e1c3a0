/**
 * The lease of one fake node: who holds it manages the node (pkg/kwok/controllers/node_lease_controller.go). It lasts
 * 40 s and is renewed every 10 s; what another kwok holds is looked at again as often, until it has run out.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, draw, hangUp, send, verbs } from '../../runtime/contract.ts'
import { create, type Place, REQUEST_TIMEOUT_MS, reasonOf, update as replace, succeeded } from '../lib/requests.ts'
import { parseTime, rfc3339Micro } from '../lib/time.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { CacheTold, CacheWanted } from '../protocol/cache.ts'
import type { FakeLeaseGone, FakeLeaseTaken, KwokClient } from '../protocol/kwok.ts'
import type { Lease } from '../protocol/objects.ts'

export interface KwokLeaseInput extends KwokClient {
  /** The reflector of leases. */
  readonly leases: Address
  /** Of this kwok: `<host>_<uuid>`. */
  readonly identity: string
  readonly node: string
  /** Of the Node object, which owns the lease. */
  readonly uid: string
  /** The node's actor. */
  readonly tell: Address
}
interface Context extends KwokLeaseInput {
  readonly lease: Lease | undefined
  /** The node's actor believes that the lease is ours. */
  readonly told: boolean
  readonly renewals: number
}
type Events = ApiAnswered | CallLost | CacheTold

const LEASE_SECONDS = 40
const RENEW_MS = 10_000
const JITTER = 0.04
const NAMESPACE = 'kube-node-lease'

const { update, ask, when, lasting } = verbs<Context, Events>()
const placeOf = (name: string): Place => ({ resource: 'leases.coordination.k8s.io', namespace: NAMESPACE, name })

export const kwokLease = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KwokLeaseInput },
  delays: {
    'renew interval': lasting(
      ({ renewals }, _, { dice }) => RENEW_MS * (1 + (JITTER * draw(dice, 'renew interval', renewals)) / 2 ** 32),
    ),
    'until there may be a namespace': 1_000,
    'request timeout': REQUEST_TIMEOUT_MS,
  },
  guards: {
    'somebody else holds it': when((context, _, { at }) => isForeign(context, at)),
    'it exists': when(({ lease }) => lease !== undefined),
    'it is ours for the first time': when(({ told }) => !told),
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'its namespace is missing': when('api.answered', (_, reply) => reasonOf(reply) === 'NotFound'),
  },
  actions: {
    'look into the cache': ask(({ leases }) => call(leases, { type: 'cache.wanted' } satisfies CacheWanted, 'cache')),
    'take what the cache has': update('cache.told', ({ node }, { cache }) => ({
      lease: cache.objects.get(`${NAMESPACE}/${node}`) as Lease | undefined,
    })),
    'create it': ask((context, _, { at }) =>
      call(context.apiserver, create(context.user, placeOf(context.node), leaseOf(context, at)), 'lease'),
    ),
    'renew it': ask((context, _, { at }) =>
      call(context.apiserver, replace(context.user, placeOf(context.node), leaseOf(context, at)), 'lease'),
    ),
    'keep it': update('api.answered', (_, { object }) => ({ lease: object as Lease })),
    'count the renewal': update(({ renewals }) => ({ renewals: renewals + 1 })),
    'stop waiting': ask(() => hangUp('lease')),
    'say that it is taken': ask(({ tell }) => send(tell, { type: 'fakeLease.taken' } satisfies FakeLeaseTaken)),
    'remember that': update(() => ({ told: true })),
    'say that it is gone': ask(({ tell, told }) =>
      told ? send(tell, { type: 'fakeLease.gone' } satisfies FakeLeaseGone) : [],
    ),
    'forget that': update(() => ({ told: false })),
  },
}).createMachine({
  id: 'kwok-lease',
  description: 'The lease of one fake node: only who holds it writes to the node and its pods.',
  context: born((input: KwokLeaseInput) => ({ lease: undefined, told: false, renewals: 0, ...input })),
  initial: 'lookingUp',
  states: {
    lookingUp: {
      description: 'What the informer of leases knows: right after the start perhaps nothing yet.',
      entry: 'look into the cache',
      on: {
        'cache.told': { target: 'deciding', actions: 'take what the cache has' },
        'call.lost': 'failed',
      },
    },
    deciding: {
      always: [
        { guard: 'somebody else holds it', target: 'foreign' },
        { guard: 'it exists', target: 'renewing' },
        { target: 'creating' },
      ],
    },
    creating: {
      entry: 'create it',
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'ours', actions: 'keep it' },
          { guard: 'its namespace is missing', target: 'waitingForNamespace' },
          { target: 'failed', description: 'Also when it exists: by the next time the cache will have it.' },
        ],
        'call.lost': 'failed',
      },
      after: { 'request timeout': 'failed' },
    },
    waitingForNamespace: {
      description: 'An API server that has just started makes kube-node-lease soon.',
      after: { 'until there may be a namespace': 'creating' },
    },
    renewing: {
      description: 'With the holder changed, when it had been another one whose time is over.',
      entry: 'renew it',
      on: {
        'api.answered': [{ guard: 'it succeeded', target: 'ours', actions: 'keep it' }, { target: 'failed' }],
        'call.lost': 'failed',
      },
      after: { 'request timeout': 'failed' },
    },
    ours: {
      entry: 'count the renewal',
      always: {
        guard: 'it is ours for the first time',
        actions: ['say that it is taken', 'remember that'],
        description: 'onNodeManaged',
      },
      after: { 'renew interval': 'renewing' },
    },
    foreign: {
      entry: ['say that it is gone', 'forget that', 'count the renewal'],
      after: { 'renew interval': 'lookingUp' },
    },
    failed: {
      description: 'Nothing is retried at once. While the cache shows no other holder the node stays ours.',
      entry: ['stop waiting', 'count the renewal'],
      after: { 'renew interval': 'lookingUp' },
    },
  },
})

/** tryAcquireOrRenew */
function isForeign({ lease, identity }: Context, at: number): boolean {
  const { holderIdentity, renewTime, leaseDurationSeconds } = lease?.spec ?? {}
  if (holderIdentity === undefined || holderIdentity === '' || holderIdentity === identity) return false
  if (renewTime === undefined || leaseDurationSeconds === undefined) return false
  return parseTime(renewTime) + leaseDurationSeconds * 1_000 >= at
}

function leaseOf({ lease, identity, node, uid }: Context, at: number): Lease {
  const owner = { apiVersion: 'v1', kind: 'Node', name: node, uid }
  const changes = lease !== undefined && lease.spec?.holderIdentity !== identity
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: lease?.metadata ?? { name: node, namespace: NAMESPACE, ownerReferences: [owner] },
    spec: {
      ...lease?.spec,
      holderIdentity: identity,
      leaseDurationSeconds: lease?.spec?.leaseDurationSeconds ?? LEASE_SECONDS,
      ...(changes
        ? { leaseDurationSeconds: LEASE_SECONDS, leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + 1 }
        : {}),
      renewTime: rfc3339Micro(at),
    },
  }
}
