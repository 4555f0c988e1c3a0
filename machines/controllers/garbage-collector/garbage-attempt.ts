/**
 * One attempt at one object (pkg/controller/garbagecollector attemptToDeleteItem, attemptToOrphan). The graph only says
 * where to look; what is done rests on what the API says of the object and of each of its owners.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, send, verbs } from '../../../runtime/contract.ts'
import { get, type Place, patch, REQUEST_TIMEOUT_MS, reasonOf, remove, succeeded } from '../../lib/requests.ts'
import type { ApiAnswered, RequestOptions } from '../../protocol/api.ts'
import type { ApiObject, OwnerReference } from '../../protocol/objects.ts'
import { FOREGROUND, type Identity, ORPHAN } from './graph.ts'
import { type Kind, kindNamed } from './kinds.ts'
import { unblocking, withoutFinalizer, withoutOwners } from './patches.ts'
import type { AttemptFinished, AttemptInput } from './words.ts'

interface Context extends AttemptInput {
  readonly latest: ApiObject | undefined
  /** The owners that are still to be looked at. */
  readonly owners: readonly OwnerReference[]
  /** Found so far, as uids: they exist; they are gone; they wait for their dependents. */
  readonly solid: readonly string[]
  readonly dangling: readonly string[]
  readonly waiting: readonly string[]
  readonly foundAbsent: readonly string[]
  /** Dependents whose patch has not been answered. */
  readonly open: number
  readonly isIncomplete: boolean
}
type Events = ApiAnswered | CallLost

const { update, ask, when } = verbs<Context, Events>()

export const garbageAttempt = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as AttemptInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'its dependents are to be orphaned': when(({ task }) => task === 'orphan'),
    'it is there': when(
      'api.answered',
      ({ item }, reply) => succeeded(reply) && reply.object?.metadata.uid === item.uid,
    ),
    'it is not there': when('api.answered', (_, reply) => succeeded(reply) || reasonOf(reply) === 'NotFound'),
    'it waits for its dependents': when(({ isDeletingDependents }) => isDeletingDependents),
    'some dependent blocks it': when(({ isDeletingDependents, isBlocked }) => isDeletingDependents && isBlocked),
    'it has no owners': when(({ latest }) => (latest?.metadata.ownerReferences ?? []).length === 0),
    'every owner was looked at': when(({ owners }) => owners.length === 0),
    'the owner is known to be gone': when(({ owners, absent, item }) => {
      const owner = owners[0]
      return owner !== undefined && absentKeys(owner, item).some((key) => absent.includes(key))
    }),
    'nobody knows its kind': when((context) => kindOf(context) === undefined),
    'it cannot own what has no namespace': when(
      (context) => kindOf(context)?.namespaced === true && context.item.namespace === undefined,
    ),
    'the owner waits for its dependents': when(
      'api.answered',
      ({ owners }, reply) => reply.object?.metadata.uid === owners[0]?.uid && waits(reply.object),
    ),
    'the owner is there': when('api.answered', ({ owners }, reply) => reply.object?.metadata.uid === owners[0]?.uid),
    'the owner is gone': when('api.answered', (_, reply) => succeeded(reply) || reasonOf(reply) === 'NotFound'),
    'an owner is there and none is gone': when(
      ({ solid, dangling, waiting }) => solid.length > 0 && dangling.length === 0 && waiting.length === 0,
    ),
    'an owner is there': when(({ solid }) => solid.length > 0),
    'it may be a circle': when(
      ({ waiting, hasDependents, hasWaitingDependents }) => waiting.length > 0 && hasDependents && hasWaitingDependents,
    ),
    'it has dependents of its own': when(({ waiting, hasDependents }) => waiting.length > 0 && hasDependents),
    'it is done': when('api.answered', (_, reply) => succeeded(reply) || reasonOf(reply) === 'NotFound'),
    'it met a conflict': when('api.answered', (_, reply) => reasonOf(reply) === 'Conflict'),
    'every dependent is let go': when(({ open, isIncomplete }) => open === 0 && !isIncomplete),
    'every dependent was tried': when(({ open }) => open === 0),
  },
  actions: {
    'read it': ask(({ apiserver, user, item, ownKinds }) => call(apiserver, get(user, placeFor(item, ownKinds)))),
    'take it in': update('api.answered', (_, { object }) => ({
      latest: object,
      owners: object?.metadata.ownerReferences ?? [],
    })),
    'ask for the owner': ask((context) => {
      const { apiserver, user, owners, item } = context
      const kind = kindOf(context)
      const namespace = kind?.namespaced === true ? item.namespace : undefined
      return call(apiserver, get(user, { resource: kind?.resource ?? '', namespace, name: owners[0]?.name ?? '' }))
    }),
    'count it as solid': update(({ owners, solid }) => ({ ...next(owners), solid: [...solid, uidOf(owners)] })),
    'count it as waiting': update(({ owners, waiting }) => ({ ...next(owners), waiting: [...waiting, uidOf(owners)] })),
    'count it as gone': update(({ owners, dangling }) => ({ ...next(owners), dangling: [...dangling, uidOf(owners)] })),
    'remember that it is gone': update((context) => {
      const { owners, item, foundAbsent } = context
      const owner = owners[0] as OwnerReference
      const namespace = kindOf(context)?.namespaced === true ? item.namespace : undefined
      return { foundAbsent: [...foundAbsent, absentKey(owner, namespace)] }
    }),
    'drop the references': ask(({ apiserver, user, item, ownKinds, dangling, waiting }) => {
      const body = withoutOwners(item.uid, [...dangling, ...waiting])
      return call(apiserver, patch(user, placeFor(item, ownKinds), 'strategic', body))
    }),
    'make its references non-blocking': ask(({ apiserver, user, item, ownKinds, latest }) => {
      const body = unblocking(item.uid, latest?.metadata.ownerReferences ?? [])
      return call(apiserver, patch(user, placeFor(item, ownKinds), 'strategic', body))
    }),
    'delete it in the foreground': ask(({ apiserver, user, item, ownKinds }) =>
      call(apiserver, remove(user, placeFor(item, ownKinds), deletion(item, 'Foreground'))),
    ),
    'delete it': ask(({ apiserver, user, item, ownKinds, latest }) =>
      call(apiserver, remove(user, placeFor(item, ownKinds), deletion(item, policyOf(latest)))),
    ),
    'let every dependent go': ask(({ apiserver, user, item, ownKinds, dependents }) =>
      dependents.map((dependent) =>
        call(
          apiserver,
          patch(user, placeFor(dependent, ownKinds), 'strategic', withoutOwners(dependent.uid, [item.uid])),
          dependent.uid,
        ),
      ),
    ),
    'count the answer': update('api.answered', ({ open, isIncomplete }, reply) => ({
      open: open - 1,
      isIncomplete:
        isIncomplete || !(succeeded(reply) || ['NotFound', 'Conflict', 'Invalid'].includes(reasonOf(reply))),
    })),
    'count the loss': update(({ open }) => ({ open: open - 1, isIncomplete: true })),
    'remove the finalizer': ask(({ apiserver, user, item, ownKinds, task, latest }) => {
      const finalizer = task === 'orphan' ? ORPHAN : FOREGROUND
      return call(
        apiserver,
        patch(user, placeFor(item, ownKinds), 'merge', withoutFinalizer(latest as ApiObject, finalizer)),
      )
    }),
    'say that it is done': ask((context) => finished(context, 'done')),
    'say that it failed': ask((context) => finished(context, 'failed')),
    'say that it is absent': ask((context) => finished(context, 'absent')),
    'say that it is blocked': ask((context) => finished(context, 'blocked')),
  },
}).createMachine({
  id: 'garbage-attempt',
  context: born((input: AttemptInput) => ({
    ...input,
    latest: undefined,
    owners: [],
    solid: [],
    dangling: [],
    waiting: [],
    foundAbsent: [],
    open: input.dependents.length,
    isIncomplete: false,
  })),
  initial: 'beginning',
  states: {
    beginning: {
      always: [
        { guard: 'its dependents are to be orphaned', target: 'working.orphaning' },
        { target: 'working.attemptingToDelete' },
      ],
    },
    working: {
      initial: 'attemptingToDelete',
      states: {
        attemptingToDelete: {
          entry: 'read it',
          on: {
            'api.answered': [
              { guard: 'it is there', target: 'judging', actions: 'take it in' },
              { guard: 'it is not there', target: '#garbage-attempt.absent' },
              { target: '#garbage-attempt.failed' },
            ],
          },
        },
        judging: {
          always: [
            {
              guard: 'some dependent blocks it',
              target: '#garbage-attempt.blocked',
              description: 'Foreground deletion: first its dependents.',
            },
            { guard: 'it waits for its dependents', target: 'removingFinalizer' },
            { guard: 'it has no owners', target: '#garbage-attempt.done' },
            { target: 'checkingOwners' },
          ],
        },
        checkingOwners: {
          initial: 'choosing',
          states: {
            choosing: {
              always: [
                { guard: 'every owner was looked at', target: '#garbage-attempt.working.classified' },
                {
                  guard: 'the owner is known to be gone',
                  target: 'choosing',
                  reenter: true,
                  actions: 'count it as gone',
                },
                {
                  guard: 'nobody knows its kind',
                  target: '#garbage-attempt.failed',
                  description: 'It may become known: nothing is deleted for what is not understood.',
                },
                {
                  guard: 'it cannot own what has no namespace',
                  target: '#garbage-attempt.done',
                  description: 'A namespaced owner of a cluster-scoped object means nothing, and is left alone.',
                },
                { target: 'asking' },
              ],
            },
            asking: {
              entry: 'ask for the owner',
              on: {
                'api.answered': [
                  { guard: 'the owner waits for its dependents', target: 'choosing', actions: 'count it as waiting' },
                  { guard: 'the owner is there', target: 'choosing', actions: 'count it as solid' },
                  {
                    guard: 'the owner is gone',
                    target: 'choosing',
                    actions: ['remember that it is gone', 'count it as gone'],
                    description: 'Or another object has its name now.',
                  },
                  { target: '#garbage-attempt.failed' },
                ],
              },
            },
          },
        },
        classified: {
          always: [
            { guard: 'an owner is there and none is gone', target: '#garbage-attempt.done' },
            { guard: 'an owner is there', target: 'droppingReferences' },
            { guard: 'it may be a circle', target: 'unblocking' },
            { guard: 'it has dependents of its own', target: 'deletingInForeground' },
            { target: 'deleting' },
          ],
        },
        droppingReferences: {
          entry: 'drop the references',
          on: {
            'api.answered': [
              { guard: 'it is done', target: '#garbage-attempt.done' },
              { target: '#garbage-attempt.failed' },
            ],
          },
        },
        unblocking: {
          description: 'Its owner waits for it and one of its dependents for its own: neither shall block the other.',
          entry: 'make its references non-blocking',
          on: {
            'api.answered': [
              { guard: 'it is done', target: 'deletingInForeground' },
              { target: '#garbage-attempt.failed' },
            ],
          },
        },
        deletingInForeground: {
          entry: 'delete it in the foreground',
          on: {
            'api.answered': [
              { guard: 'it is done', target: '#garbage-attempt.done' },
              { target: '#garbage-attempt.failed' },
            ],
          },
        },
        deleting: {
          description: 'No owner is left. What its own finalizers ask for is kept.',
          entry: 'delete it',
          on: {
            'api.answered': [
              { guard: 'it is done', target: '#garbage-attempt.done' },
              { target: '#garbage-attempt.failed' },
            ],
          },
        },
        orphaning: {
          description: 'All dependents at once; one that is gone or was changed meanwhile has had its way.',
          entry: 'let every dependent go',
          always: [
            { guard: 'every dependent is let go', target: 'readingOwner' },
            { guard: 'every dependent was tried', target: '#garbage-attempt.failed' },
          ],
          on: {
            'api.answered': { actions: 'count the answer' },
            'call.lost': { actions: 'count the loss' },
          },
        },
        readingOwner: {
          entry: 'read it',
          on: {
            'api.answered': [
              { guard: 'it is there', target: 'removingFinalizer', actions: 'take it in' },
              { guard: 'it is not there', target: '#garbage-attempt.done' },
              { target: '#garbage-attempt.failed' },
            ],
          },
        },
        removingFinalizer: {
          entry: 'remove the finalizer',
          on: {
            'api.answered': [
              { guard: 'it is done', target: '#garbage-attempt.done' },
              { guard: 'it met a conflict', target: 'readingOwner' },
              { target: '#garbage-attempt.failed' },
            ],
          },
        },
      },
      on: { 'call.lost': 'failed' },
      after: { 'request timeout': 'failed' },
    },
    done: { entry: 'say that it is done', type: 'final' },
    failed: { entry: 'say that it failed', type: 'final' },
    absent: { entry: 'say that it is absent', type: 'final' },
    blocked: { entry: 'say that it is blocked', type: 'final' },
  },
})

const next = (owners: readonly OwnerReference[]) => ({ owners: owners.slice(1) })
const uidOf = (owners: readonly OwnerReference[]): string => owners[0]?.uid ?? ''
const kindOf = ({ owners, ownKinds }: Context): Kind | undefined => {
  const owner = owners[0]
  return owner === undefined ? undefined : kindNamed(ownKinds, owner.apiVersion, owner.kind)
}

/** An owner by its coordinates, as the cache of absent owners holds it. */
const absentKey = ({ apiVersion, kind, name, uid }: OwnerReference, namespace: string | undefined): string =>
  `${namespace ?? ''} ${apiVersion} ${kind} ${name} ${uid}`
/** Under which keys an owner of this object would stand, if it is gone. */
export const absentKeys = (owner: OwnerReference, { namespace }: Identity): readonly string[] => [
  absentKey(owner, undefined),
  absentKey(owner, namespace),
]

const waits = (owner: ApiObject | undefined): boolean =>
  owner?.metadata.deletionTimestamp !== undefined && owner.metadata.finalizers?.includes(FOREGROUND) === true

function placeFor({ apiVersion, kind, resource, namespace, name }: Identity, own: readonly Kind[]): Place {
  const isNamespaced = kindNamed(own, apiVersion, kind)?.namespaced !== false
  return { resource, name, namespace: isNamespaced ? namespace : undefined }
}

const deletion = ({ uid }: Identity, propagationPolicy: 'Foreground' | 'Background' | 'Orphan'): RequestOptions => ({
  propagationPolicy,
  preconditions: { uid },
})

function policyOf(latest: ApiObject | undefined): 'Foreground' | 'Background' | 'Orphan' {
  const finalizers = latest?.metadata.finalizers ?? []
  if (finalizers.includes(ORPHAN)) return 'Orphan'
  return finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background'
}

const finished = ({ collector, task, item, foundAbsent }: Context, outcome: AttemptFinished['outcome']) =>
  send(collector, {
    type: 'attempt.finished',
    task,
    uid: item.uid,
    outcome,
    absent: foundAbsent,
  } satisfies AttemptFinished)
