/**
 * One ReplicaSet or ReplicationController (k8s.io/kubernetes/pkg/controller/replicaset, syncReplicaSet): it claims its
 * pods, makes what is missing or deletes what is too much, and then says in its status what it had found before.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, type Effect, hangUp, send, verbs } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import {
  create,
  get,
  patch,
  placeAt,
  placeOf,
  REQUEST_TIMEOUT_MS,
  remove,
  update as replace,
  succeeded,
} from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { ObjectInput, SyncRequested, View } from '../../protocol/cache.ts'
import { type apps, keyOf, type Pod, type ReplicaSet } from '../../protocol/objects.ts'
import { type Claim, claimPatch, isSettled, mayAdopt } from '../kit/claims.ts'
import { areMet, type Expectations, noExpectations, stillExpected, unseen } from '../kit/expectations.ts'
import { isActive } from '../kit/pods.ts'
import { finished } from '../kit/sync.ts'
import { created, deleted, NO_ANSWER, notCreated, notDeleted, type Outcome } from './batches.ts'
import { type Counts, counted } from './counts.ts'
import type { Kind } from './kind.ts'
import { newPod } from './new-pod.ts'
import { claimed, missing, podClaims, podsOf, relatedPods, setAt } from './standing.ts'
import { availableAfterMs, type Failure, isReported, statusOf } from './status.ts'
import { victims } from './victims.ts'

interface Context extends ObjectInput {
  /** The caches as this sync sees them. */
  readonly view: View | undefined
  readonly set: ReplicaSet | undefined
  readonly pods: Tree<Pod>
  /** What is left to adopt and to release. */
  readonly claims: readonly Claim<Pod>[]
  /** It has made sure at the API server that it may adopt. */
  readonly mayAdopt: boolean
  readonly counts: Counts
  /** What it made and deleted in earlier syncs and has not seen. Invariant: while there is any, nothing more is done. */
  readonly expectations: Expectations
  /** Pods still to be made after the batch under way, and how large that is. */
  readonly left: number
  readonly batch: number
  /** Answers that are still to come. */
  readonly open: number
  /** Pods that are being deleted, by line. */
  readonly surplus: readonly Pod[]
  readonly failure: Failure | undefined
  readonly status: apps.ReplicaSetStatus | undefined
  /** The status was refused once and is tried a second and last time. */
  readonly isSecondTry: boolean
}
type Events = SyncRequested | ApiAnswered | CallLost
const NO_PODS: Counts = { active: 0, ready: 0, fullyLabeled: 0, available: 0 }
const NOTHING_SEEN = {
  view: undefined,
  set: undefined,
  pods: Tree.of<Pod>(),
  claims: [],
  mayAdopt: false,
  counts: NO_PODS,
  left: 0,
  batch: 0,
  open: 0,
  surplus: [],
  failure: undefined,
  status: undefined,
  isSecondTry: false,
}

const { update, ask, decide, when } = verbs<Context, Events>()

const guards = {
  'it is gone': when(({ set }) => set === undefined),
  'pods are to be claimed': when(({ claims }) => claims.length > 0),
  'it is not sure that it may adopt': when(({ claims, mayAdopt }) => claims[0]?.what === 'adopt' && !mayAdopt),
  'it may adopt': when(
    'api.answered',
    ({ set }, { object }) => set !== undefined && object !== undefined && mayAdopt(set, object),
  ),
  'the claim is settled': when(
    'api.answered',
    ({ claims }, { code }) => claims[0] !== undefined && isSettled(claims[0], code),
  ),
  'it has not seen its own work': when(({ expectations }) => !areMet(expectations)),
  'it is being deleted': when(({ set }) => set?.metadata.deletionTimestamp !== undefined),
  'pods are missing': when(({ set, counts }) => set !== undefined && missing(set, counts.active) > 0),
  'there are too many pods': when(({ set, counts }) => set !== undefined && missing(set, counts.active) < 0),
  'a pod of the batch failed': when(({ open, failure }) => open === 0 && failure !== undefined),
  'the batch is made and more are missing': when(({ open, left }) => open === 0 && left > 0),
  'all is answered': when(({ open }) => open === 0),
  'its status is reported': when(
    ({ set, status }) => set !== undefined && status !== undefined && isReported(set, status),
  ),
  'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
  'it was the first try': when(({ isSecondTry }) => !isSecondTry),
  'a pod failed': when(({ failure }) => failure !== undefined),
}

const actionsOf = (kind: Kind) => ({
  'see where it stands': update('sync.requested', ({ key, expectations }, { view }, { at }) => {
    const set = setAt(kind, key, view)
    if (set === undefined) return NOTHING_SEEN
    const pods = podsOf(set, view)
    return {
      expectations: stillExpected(expectations, view.pods, at),
      ...NOTHING_SEEN,
      view,
      set,
      pods,
      claims: podClaims(kind, set, pods, view),
    }
  }),
  'read itself anew': ask(({ apiserver, user, key }) => call(apiserver, get(user, placeAt(kind.resource, key)))),
  'note that it may adopt': update(() => ({ mayAdopt: true })),
  'patch the next pod': ask((context) => {
    const claim = context.claims[0]
    if (claim === undefined) throw new Error('a pod is to be claimed')
    const body = claimPatch(itself(context), claim)
    return call(context.apiserver, patch(context.user, placeOf('pods', claim.object), 'strategic', body))
  }),
  'note the claim': update('api.answered', ({ claims: [claim, ...rest], pods }, reply) => ({
    claims: rest,
    pods: claim === undefined ? pods : claimed(pods, keyOf(claim.object), claim, succeeded(reply)),
  })),
  'count its pods': update(({ set, pods }, _, { at }) => {
    if (set === undefined) return {}
    const counts = counted(set, pods, at)
    return { counts, left: Math.max(0, missing(set, counts.active)) }
  }),
  'create the next batch': decide((context) => {
    const { apiserver, user, left, batch } = context
    const set = itself(context)
    const size = Math.min(batch === 0 ? 1 : batch * 2, left)
    const place = { resource: 'pods', namespace: set.metadata.namespace, name: '' }
    const request = create(user, place, newPod(kind, set))
    const calls = Array.from({ length: size }, (_, line) => call(apiserver, request, `${line}`))
    return [{ batch: size, left: left - size, open: size }, calls]
  }),
  'note what became of a creation': decide('api.answered', (context, reply, { at }) =>
    recorded(context, created(context, itself(context), reply, at)),
  ),
  'note a lost creation': decide('call.lost', (context, { reason }) =>
    recorded(context, notCreated(context, itself(context), NO_ANSWER[reason])),
  ),
  'delete the surplus': decide((context, _, { at }) => {
    const surplus = surplusOf(kind, context, at)
    const calls = surplus.map((pod, line) =>
      call(context.apiserver, remove(context.user, placeOf('pods', pod)), `${line}`),
    )
    const expectations = { creations: [], deletions: surplus.map(unseen), since: at }
    return [{ open: surplus.length, surplus, expectations }, calls]
  }),
  'note what became of a deletion': decide('api.answered', (context, reply, { line }) =>
    recorded(context, deleted(context, itself(context), victimOn(context, line), reply)),
  ),
  'note a lost deletion': decide('call.lost', (context, { reason, line }) =>
    recorded(context, notDeleted(context, itself(context), victimOn(context, line), NO_ANSWER[reason])),
  ),
  'give up on what is open': decide(() => [{ open: 0, failure: { message: NO_ANSWER.late } }, hangUp()]),
  'expect no deletion': update(() => ({ expectations: noExpectations })),
  'work out the status': update(({ set, counts, failure }, _, { at }) =>
    set === undefined ? {} : { status: statusOf(set, counts, failure, at) },
  ),
  'report the status': ask((context) => {
    const set = itself(context)
    const body = { ...set, status: context.status }
    return call(context.apiserver, replace(context.user, placeOf(kind.resource, set, 'status'), body))
  }),
  'take in how it is now': update('api.answered', ({ set }, { object }) => ({
    set: (object as ReplicaSet | undefined) ?? set,
    isSecondTry: true,
  })),
  'stop waiting': ask(() => hangUp('')),
  'say that it is done': ask((context) =>
    finished(context, 'done', context.status && availableAfterMs(itself(context), context.status)),
  ),
  'say that it failed': ask((context) => finished(context, 'failed')),
  'say that it is gone': ask((context) => finished(context, 'gone')),
  'forget what it saw': update(() => NOTHING_SEEN),
})

/** The machine of one object of this kind; its id is the kind's name. */
export function replicaSetMachine(kind: Kind) {
  return setup({
    types: { context: {} as Context, events: {} as Events, input: {} as ObjectInput },
    delays: { 'request timeout': REQUEST_TIMEOUT_MS },
    guards,
    actions: actionsOf(kind),
  }).createMachine({
    id: kind.name,
    context: born((input: ObjectInput) => ({ expectations: noExpectations, ...NOTHING_SEEN, ...input })),
    initial: 'idle',
    states: {
      idle: {
        entry: 'forget what it saw',
        on: { 'sync.requested': { target: 'deciding', actions: 'see where it stands' } },
      },
      backingOff: {
        description:
          'The last sync failed. Its supervisor gives it another turn after a while, or when something changes.',
        entry: 'forget what it saw',
        on: { 'sync.requested': { target: 'deciding', actions: 'see where it stands' } },
      },
      deciding: { always: [{ guard: 'it is gone', target: 'gone' }, { target: 'claiming' }] },
      claiming: {
        always: [
          { guard: 'it is not sure that it may adopt', target: 'confirming' },
          { guard: 'pods are to be claimed', target: 'patching' },
          { target: 'managing' },
        ],
      },
      confirming: {
        description: 'Its cache may be old: one that has been deleted must not adopt.',
        entry: 'read itself anew',
        on: {
          'api.answered': [
            { guard: 'it may adopt', target: 'patching', actions: 'note that it may adopt' },
            { target: 'backingOff', actions: 'say that it failed' },
          ],
          'call.lost': { target: 'backingOff', actions: 'say that it failed' },
        },
        after: { 'request timeout': { target: 'backingOff', actions: ['stop waiting', 'say that it failed'] } },
      },
      patching: {
        entry: 'patch the next pod',
        on: {
          'api.answered': [
            { guard: 'the claim is settled', target: 'claiming', actions: 'note the claim' },
            { target: 'backingOff', actions: 'say that it failed' },
          ],
          'call.lost': { target: 'backingOff', actions: 'say that it failed' },
        },
        after: { 'request timeout': { target: 'backingOff', actions: ['stop waiting', 'say that it failed'] } },
      },
      managing: {
        entry: 'count its pods',
        always: [
          {
            guard: 'it has not seen its own work',
            target: 'judgingStatus',
            description: 'The cache is older than what it did last: acting on it would do the same again.',
          },
          { guard: 'it is being deleted', target: 'judgingStatus' },
          { guard: 'pods are missing', target: 'creating' },
          { guard: 'there are too many pods', target: 'deleting' },
          { target: 'judgingStatus' },
        ],
      },
      creating: {
        description:
          'Slow start: batches of 1, 2, 4 …, so that a quota or a broken webhook is met by one request only.',
        entry: 'create the next batch',
        on: {
          'api.answered': { actions: 'note what became of a creation' },
          'call.lost': { actions: 'note a lost creation' },
        },
        always: [
          { guard: 'a pod of the batch failed', target: 'judgingStatus' },
          { guard: 'the batch is made and more are missing', target: 'creating', reenter: true },
          { guard: 'all is answered', target: 'judgingStatus' },
        ],
        after: { 'request timeout': { target: 'judgingStatus', actions: 'give up on what is open' } },
      },
      deleting: {
        entry: 'delete the surplus',
        on: {
          'api.answered': { actions: 'note what became of a deletion' },
          'call.lost': { actions: 'note a lost deletion' },
        },
        always: { guard: 'all is answered', target: 'judgingStatus' },
        after: {
          'request timeout': { target: 'judgingStatus', actions: ['give up on what is open', 'expect no deletion'] },
        },
      },
      judgingStatus: {
        entry: 'work out the status',
        always: [{ guard: 'its status is reported', target: 'settling' }, { target: 'reportingStatus' }],
      },
      reportingStatus: {
        entry: 'report the status',
        on: {
          'api.answered': [
            { guard: 'it succeeded', target: 'settling' },
            { guard: 'it was the first try', target: 'refreshing' },
            { target: 'backingOff', actions: 'say that it failed' },
          ],
          'call.lost': [
            { guard: 'it was the first try', target: 'refreshing' },
            { target: 'backingOff', actions: 'say that it failed' },
          ],
        },
        after: { 'request timeout': { target: 'backingOff', actions: ['stop waiting', 'say that it failed'] } },
      },
      refreshing: {
        description: 'The status was refused, most often because the version was old: once more on the newest one.',
        entry: 'read itself anew',
        on: {
          'api.answered': [
            { guard: 'it succeeded', target: 'reportingStatus', actions: 'take in how it is now' },
            { target: 'backingOff', actions: 'say that it failed' },
          ],
          'call.lost': { target: 'backingOff', actions: 'say that it failed' },
        },
        after: { 'request timeout': { target: 'backingOff', actions: ['stop waiting', 'say that it failed'] } },
      },
      settling: {
        always: [
          { guard: 'a pod failed', target: 'backingOff', actions: 'say that it failed' },
          { target: 'idle', actions: 'say that it is done' },
        ],
      },
      gone: { entry: 'say that it is gone', type: 'final' },
    },
  })
}

function itself({ set }: Context): ReplicaSet {
  if (set === undefined) throw new Error('a set is there while it is synced')
  return set
}

const recorded = ({ recorder }: Context, [change, told]: Outcome): readonly [Partial<Context>, readonly Effect[]] => [
  change,
  told.map((event) => send(recorder, event)),
]

function surplusOf(kind: Kind, context: Context, at: number): readonly Pod[] {
  const set = itself(context)
  const active = context.pods.values().filter(isActive)
  const count = -missing(set, active.length)
  const related = context.view === undefined || count >= active.length ? [] : relatedPods(kind, set, context.view)
  return victims(active, related, count, at)
}

function victimOn({ surplus }: Context, line: string): Pod {
  const pod = surplus[Number(line)]
  if (pod === undefined) throw new Error(`a pod is deleted on line ${line}`)
  return pod
}
