/**
 * Leader election on a Lease (k8s.io/client-go/tools/leaderelection): 15 s of lease, a try every 2 s, 10 s to renew.
 *
 * Remote clocks are never believed: a record is as old as the moment at which it was first seen here. Guarantee: while
 * a leader renews in time nobody takes over. Not guaranteed: that one who was frozen stops before another begins.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, draw, hangUp, send, verbs } from '../../../runtime/contract.ts'
import { create, get, placeAt, reasonOf, update as replace, succeeded } from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { EventHappened, LeaderElectorInput, LeadershipGained, LeadershipLost } from '../../protocol/cache.ts'
import { type Lease, referenceTo } from '../../protocol/objects.ts'
import {
  claimedBy,
  isHeldBy,
  isHeldByAnother,
  isValid,
  nothingObserved,
  type Observed,
  observed,
  written,
} from './election-record.ts'

interface Context extends LeaderElectorInput {
  readonly seen: Observed
  /** Tries to acquire so far: what the jitter of the next one is drawn by. */
  readonly tries: number
}
type Events = ApiAnswered | CallLost

const { update, ask, when, lasting } = verbs<Context, Events>()
const RETRY_PERIOD_MS = 2_000
/** leaderelection.JitterFactor */
const JITTER = 1.2

export const leaderElector = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as LeaderElectorInput },
  delays: {
    'retry period': RETRY_PERIOD_MS,
    'jittered retry period': lasting(
      ({ tries }, _, { dice }) => RETRY_PERIOD_MS * (1 + (JITTER * draw(dice, 'acquire', tries)) / 2 ** 32),
    ),
    'renew deadline': 10_000,
    // The lock's client is given half of the renew deadline.
    'request timeout': 5_000,
  },
  guards: {
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'there is no lease': when('api.answered', (_, reply) => reasonOf(reply) === 'NotFound'),
    'another one holds it': when(({ seen, identity }, _, { at }) => isHeldByAnother(seen, identity, at)),
    'its own record is still valid': when(
      ({ seen, identity }, _, { at }) => isHeldBy(seen, identity) && isValid(seen, at),
    ),
  },
  actions: {
    'get the lease': ask(({ apiserver, user, lease }) => call(apiserver, get(user, leasePlace(lease)))),
    'create the lease': ask(({ apiserver, user, lease, identity }, _, { at }) =>
      call(apiserver, create(user, leasePlace(lease), claimedBy(nothingObserved, identity, lease, at))),
    ),
    'claim the lease': ask(({ apiserver, user, lease, identity, seen }, _, { at }) =>
      call(apiserver, replace(user, leasePlace(lease), claimedBy(seen, identity, lease, at))),
    ),
    'note what it says': update('api.answered', ({ seen }, { object }, { at }) => ({
      seen: object === undefined ? seen : observed(seen, object as Lease, at),
    })),
    'note its own record': update('api.answered', ({ seen }, { object }, { at }) => ({
      seen: object === undefined ? seen : written(object as Lease, at),
    })),
    'count the try': update(({ tries }) => ({ tries: tries + 1 })),
    'stop waiting': ask(() => hangUp('')),
    'say that it leads': ask(({ tell, recorder, identity, seen }) => [
      send(tell, { type: 'leadership.gained' } satisfies LeadershipGained),
      ...(seen.lease === undefined ? [] : [send(recorder, becameLeader(seen.lease, identity))]),
    ]),
    'say that it no longer leads': ask(({ tell }) => send(tell, { type: 'leadership.lost' } satisfies LeadershipLost)),
  },
}).createMachine({
  id: 'leader-elector',
  context: born((input: LeaderElectorInput) => ({ seen: nothingObserved, tries: 0, ...input })),
  initial: 'acquiring',
  states: {
    acquiring: {
      initial: 'looking',
      states: {
        looking: {
          entry: ['count the try', 'get the lease'],
          exit: 'stop waiting',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'judging', actions: 'note what it says' },
              { guard: 'there is no lease', target: 'creating' },
              { target: 'waiting' },
            ],
            'call.lost': 'waiting',
          },
          after: { 'request timeout': 'waiting' },
        },
        judging: {
          always: [
            { guard: 'another one holds it', target: 'waiting' },
            { target: 'taking', description: 'Nobody holds it, or its record has not changed for its duration.' },
          ],
        },
        creating: {
          entry: 'create the lease',
          exit: 'stop waiting',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: '#leader-elector.leading', actions: 'note its own record' },
              { target: 'waiting' },
            ],
            'call.lost': 'waiting',
          },
          after: { 'request timeout': 'waiting' },
        },
        taking: {
          description: 'The version it read is the precondition: of several who try, one wins.',
          entry: 'claim the lease',
          exit: 'stop waiting',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: '#leader-elector.leading', actions: 'note its own record' },
              { target: 'waiting' },
            ],
            'call.lost': 'waiting',
          },
          after: { 'request timeout': 'waiting' },
        },
        waiting: { after: { 'jittered retry period': 'looking' } },
      },
    },
    leading: {
      entry: 'say that it leads',
      initial: 'renewing',
      states: {
        renewing: {
          description:
            'A round of tries. It has 10 s from its start, not from the last success: a leader that was frozen leads so long beside the next one.',
          initial: 'judging',
          states: {
            judging: {
              always: [{ guard: 'its own record is still valid', target: 'renewingAtOnce' }, { target: 'looking' }],
            },
            renewingAtOnce: {
              description: 'Without reading first, trusting that what it wrote last is still there.',
              entry: 'claim the lease',
              exit: 'stop waiting',
              on: {
                'api.answered': [
                  { guard: 'it succeeded', target: '#leader-elector.leading.holding', actions: 'note its own record' },
                  { target: 'looking' },
                ],
                'call.lost': 'looking',
              },
              after: { 'request timeout': 'looking' },
            },
            looking: {
              entry: 'get the lease',
              exit: 'stop waiting',
              on: {
                'api.answered': [
                  { guard: 'it succeeded', target: 'judgingTheOther', actions: 'note what it says' },
                  { guard: 'there is no lease', target: 'creating' },
                  { target: 'waiting' },
                ],
                'call.lost': 'waiting',
              },
              after: { 'request timeout': 'waiting' },
            },
            judgingTheOther: {
              always: [{ guard: 'another one holds it', target: 'waiting' }, { target: 'taking' }],
            },
            creating: {
              entry: 'create the lease',
              exit: 'stop waiting',
              on: {
                'api.answered': [
                  { guard: 'it succeeded', target: '#leader-elector.leading.holding', actions: 'note its own record' },
                  { target: 'waiting' },
                ],
                'call.lost': 'waiting',
              },
              after: { 'request timeout': 'waiting' },
            },
            taking: {
              entry: 'claim the lease',
              exit: 'stop waiting',
              on: {
                'api.answered': [
                  { guard: 'it succeeded', target: '#leader-elector.leading.holding', actions: 'note its own record' },
                  { target: 'waiting' },
                ],
                'call.lost': 'waiting',
              },
              after: { 'request timeout': 'waiting' },
            },
            waiting: { after: { 'retry period': 'judging' } },
          },
          after: { 'renew deadline': '#leader-elector.lost' },
        },
        holding: { after: { 'retry period': 'renewing' } },
      },
    },
    lost: {
      description: 'Whoever led ends its process: nothing it does from now on is allowed.',
      entry: 'say that it no longer leads',
      type: 'final',
    },
  },
})

const leasePlace = (lease: string) => placeAt('leases.coordination.k8s.io', `kube-system/${lease}`)

const becameLeader = (lease: Lease, identity: string): EventHappened => ({
  type: 'event.happened',
  about: referenceTo(lease),
  kind: 'Normal',
  reason: 'LeaderElection',
  message: `${identity} became leader`,
})
