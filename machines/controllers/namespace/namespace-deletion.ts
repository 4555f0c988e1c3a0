/** Empties one namespace that is being deleted, and lets it go (pkg/controller/namespace/deletion). */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, verbs } from '../../../runtime/contract.ts'
import {
  get,
  list,
  placeOf,
  REQUEST_TIMEOUT_MS,
  reasonOf,
  removeAll,
  update as replace,
  succeeded,
} from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { ObjectInput, SyncRequested } from '../../protocol/cache.ts'
import type { core, Namespace, ResourceName } from '../../protocol/objects.ts'
import { finished } from '../kit/sync.ts'
import { conditionsAfter } from './conditions.ts'
import { againAfterMs, counted, emptyPass, failing, graceSeconds, type Pass } from './content.ts'

interface Context extends ObjectInput {
  readonly isKnown: boolean
  readonly namespace: Namespace | undefined
  /** The resources that are still to be emptied in this pass. */
  readonly left: readonly ResourceName[]
  /** How long the objects of the resource at hand may take to stop, in s; undefined: not asked yet. */
  readonly grace: number | undefined
  readonly pass: Pass
  readonly conditions: readonly core.NamespaceCondition[] | undefined
}
type Events = SyncRequested | ApiAnswered | CallLost

const { update, ask, when } = verbs<Context, Events>()

/** @param resources what a namespace may hold */
export const namespaceDeletion = (resources: readonly ResourceName[]) =>
  setup({
    types: { context: {} as Context, events: {} as Events, input: {} as ObjectInput },
    delays: { 'request timeout': REQUEST_TIMEOUT_MS },
    guards: {
      'it is gone from the cache': when(({ isKnown }) => !isKnown),
      'it is gone': when('api.answered', (_, reply) => reasonOf(reply) === 'NotFound'),
      'it is not being deleted': when(({ namespace }) => namespace?.metadata.deletionTimestamp === undefined),
      'its phase is not Terminating yet': when(({ namespace }) => namespace?.status?.phase !== 'Terminating'),
      'it has been finalized': when(({ namespace }) => (namespace?.spec?.finalizers ?? []).length === 0),
      'everything was gone through': when(({ left }) => left.length === 0),
      'it is not known how long pods take': when(({ left, grace }) => left[0] === 'pods' && grace === undefined),
      'the conditions have changed': when(({ conditions }) => conditions !== undefined),
      'something failed': when(({ pass }) => pass.failures.length > 0),
      'something remains': when(({ pass }) => pass.estimateSeconds > 0),
      'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
      'it cannot be done': when('api.answered', (_, { code }) => code === 404 || code === 405),
    },
    actions: {
      'look whether it is known': update('sync.requested', ({ key }, { view }) => ({
        isKnown: view.namespaces?.objects.has(key) === true,
      })),
      'ask for it': ask(({ apiserver, user, key }) =>
        call(apiserver, get(user, { resource: 'namespaces', name: key })),
      ),
      'take it in': update('api.answered', (_, { object }) => ({ namespace: object as Namespace | undefined })),
      'write its phase': ask(({ apiserver, user, namespace }) =>
        call(apiserver, replace(user, statusOf(namespace), terminating(namespace))),
      ),
      'begin with the first resource': update(() => ({ left: resources, grace: undefined, pass: emptyPass })),
      'list the pods': ask(({ apiserver, user, key }) =>
        call(apiserver, list(user, { resource: 'pods', namespace: key })),
      ),
      'note how long they take': update('api.answered', ({ namespace }, { list: listing }, { at }) => ({
        grace: namespace === undefined ? 0 : graceSeconds(listing?.objects.values() ?? [], namespace, at),
      })),
      'delete the collection': ask(({ apiserver, user, key, left }) =>
        call(
          apiserver,
          removeAll(user, { resource: left[0] ?? '', namespace: key }, { propagationPolicy: 'Background' }),
        ),
      ),
      'list what is left': ask(({ apiserver, user, key, left }) =>
        call(apiserver, list(user, { resource: left[0] ?? '', namespace: key })),
      ),
      'count what is left': update('api.answered', ({ key, left, grace = 0, pass }, { list: listing }) => ({
        pass: counted(pass, key, left[0] ?? '', listing?.objects.values() ?? [], grace),
      })),
      'note the failure': update('api.answered', ({ pass }, { status }) => ({
        pass: failing(pass, status?.message ?? ''),
      })),
      'go on to the next resource': update(({ left }) => ({ left: left.slice(1), grace: undefined })),
      'work out the conditions': update(({ namespace, pass }, _, { at }) => ({
        conditions: conditionsAfter(namespace?.status?.conditions, pass, at),
      })),
      'write the conditions': ask(({ apiserver, user, namespace, conditions }) =>
        call(apiserver, replace(user, statusOf(namespace), withConditions(namespace, conditions))),
      ),
      'remove the finalizer': ask(({ apiserver, user, namespace }) =>
        call(apiserver, replace(user, { ...statusOf(namespace), subresource: 'finalize' }, finalized(namespace))),
      ),
      'stop waiting': ask(() => hangUp('')),
      'say that it is done': ask((context) => finished(context, 'done')),
      'say when to look again': ask((context) => finished(context, 'done', againAfterMs(context.pass))),
      'say that it failed': ask((context) => finished(context, 'failed')),
      'say that it is gone': ask((context) => finished(context, 'gone')),
      'forget what it saw': update(() => ({ namespace: undefined, left: [], pass: emptyPass, conditions: undefined })),
    },
  }).createMachine({
    id: 'namespace-deletion',
    context: born((input: ObjectInput) => ({
      ...input,
      isKnown: true,
      namespace: undefined,
      left: [],
      grace: undefined,
      pass: emptyPass,
      conditions: undefined,
    })),
    initial: 'idle',
    states: {
      idle: {
        entry: 'forget what it saw',
        on: { 'sync.requested': { target: 'deciding', actions: 'look whether it is known' } },
      },
      deciding: {
        always: [{ guard: 'it is gone from the cache', target: 'gone' }, { target: 'working.reading' }],
      },
      working: {
        description: 'Against the API itself, never against a cache.',
        initial: 'reading',
        states: {
          reading: {
            entry: 'ask for it',
            on: {
              'api.answered': [
                { guard: 'it succeeded', target: 'judging', actions: 'take it in' },
                { guard: 'it is gone', target: '#namespace-deletion.idle', actions: 'say that it is done' },
                { target: '#namespace-deletion.idle', actions: 'say that it failed' },
              ],
            },
          },
          judging: {
            always: [
              { guard: 'it is not being deleted', target: '#namespace-deletion.idle', actions: 'say that it is done' },
              { guard: 'its phase is not Terminating yet', target: 'markingTerminating' },
              {
                guard: 'it has been finalized',
                target: '#namespace-deletion.idle',
                actions: 'say that it is done',
                description: 'What else holds it is the concern of others.',
              },
              { target: 'emptying' },
            ],
          },
          markingTerminating: {
            entry: 'write its phase',
            on: {
              'api.answered': [
                { guard: 'it succeeded', target: 'judging', actions: 'take it in' },
                { target: '#namespace-deletion.idle', actions: 'say that it failed' },
              ],
            },
          },
          emptying: {
            description: 'One resource after another; what fails does not keep it from the others.',
            entry: 'begin with the first resource',
            initial: 'choosing',
            states: {
              choosing: {
                always: [
                  { guard: 'everything was gone through', target: '#namespace-deletion.working.concluding' },
                  { guard: 'it is not known how long pods take', target: 'estimating' },
                  { target: 'deleting' },
                ],
              },
              estimating: {
                entry: 'list the pods',
                on: {
                  'api.answered': [
                    { guard: 'it succeeded', target: 'choosing', actions: 'note how long they take' },
                    { target: 'choosing', actions: ['note the failure', 'go on to the next resource'] },
                  ],
                },
              },
              deleting: {
                entry: 'delete the collection',
                on: {
                  'api.answered': [
                    { guard: 'it succeeded', target: 'counting' },
                    { guard: 'it cannot be done', target: 'choosing', actions: 'go on to the next resource' },
                    { target: 'choosing', actions: ['note the failure', 'go on to the next resource'] },
                  ],
                },
              },
              counting: {
                entry: 'list what is left',
                on: {
                  'api.answered': [
                    {
                      guard: 'it succeeded',
                      target: 'choosing',
                      actions: ['count what is left', 'go on to the next resource'],
                    },
                    { target: 'choosing', actions: ['note the failure', 'go on to the next resource'] },
                  ],
                },
              },
            },
          },
          concluding: {
            entry: 'work out the conditions',
            always: [{ guard: 'the conditions have changed', target: 'reporting' }, { target: 'weighing' }],
          },
          reporting: {
            entry: 'write the conditions',
            on: {
              'api.answered': [
                { guard: 'it succeeded', target: 'weighing', actions: 'take it in' },
                { target: '#namespace-deletion.idle', actions: 'say that it failed' },
              ],
            },
          },
          weighing: {
            always: [
              { guard: 'something failed', target: '#namespace-deletion.idle', actions: 'say that it failed' },
              { guard: 'something remains', target: '#namespace-deletion.idle', actions: 'say when to look again' },
              { target: 'finalizing' },
            ],
          },
          finalizing: {
            entry: 'remove the finalizer',
            on: {
              'api.answered': [
                { guard: 'it succeeded', target: '#namespace-deletion.idle', actions: 'say that it is done' },
                { guard: 'it is gone', target: '#namespace-deletion.idle', actions: 'say that it is done' },
                { target: '#namespace-deletion.idle', actions: 'say that it failed' },
              ],
            },
          },
        },
        on: { 'call.lost': { target: 'idle', actions: 'say that it failed' } },
        after: { 'request timeout': { target: 'idle', actions: ['stop waiting', 'say that it failed'] } },
      },
      gone: { entry: 'say that it is gone', type: 'final' },
    },
  })

const known = (namespace: Namespace | undefined): Namespace => {
  if (namespace === undefined) throw new Error('the namespace has been read')
  return namespace
}
const statusOf = (namespace: Namespace | undefined) => placeOf('namespaces', known(namespace), 'status')
const terminating = (namespace: Namespace | undefined): Namespace => {
  const { status, ...rest } = known(namespace)
  return { ...rest, status: { ...status, phase: 'Terminating' } }
}
const withConditions = (
  namespace: Namespace | undefined,
  conditions: readonly core.NamespaceCondition[] | undefined,
): Namespace => {
  const { status, ...rest } = known(namespace)
  return { ...rest, status: { ...status, conditions: [...(conditions ?? [])] } }
}
const finalized = (namespace: Namespace | undefined): Namespace => {
  const { spec, ...rest } = known(namespace)
  return { ...rest, spec: { ...spec, finalizers: (spec?.finalizers ?? []).filter((name) => name !== 'kubernetes') } }
}
