/** DELETE of a collection: lists once, then deletes one after another (deleteCollectionWorkers is 1). */
import { setup } from 'xstate'
import { type Address, answer, born, type CallLost, call, verbs } from '../../runtime/contract.ts'
import type { Tree } from '../../runtime/tree.ts'
import type { ApiAnswered, ApiRequest } from '../protocol/api.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { listing, selected } from './reads.ts'
import { EVERYTHING, isSelection, selectionOf } from './selection.ts'
import { factsOf, type OwnKinds } from './served.ts'
import { internal, refusal, requestTimedOut } from './statuses.ts'
import { cacheOf, type WatchCache } from './watch-cache.ts'

export interface CollectionInput {
  readonly request: ApiRequest
  readonly client: Address
  readonly call: number
  readonly server: Address
  readonly ownKinds: OwnKinds
  readonly cache: WatchCache
}
interface Context {
  readonly request: ApiRequest
  readonly client: Address
  readonly call: number
  readonly server: Address
  readonly revision: number
  readonly objects: Tree<ApiObject>
  /** What is still to be deleted, in order. */
  readonly left: readonly ApiObject[]
}
type Events = ApiAnswered | CallLost
const { update, ask, when } = verbs<Context, Events>()

export const apiCollectionDeletion = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as CollectionInput },
  delays: { 'request timeout': 34_000 },
  guards: {
    'nothing is left': when(({ left }) => left.length === 0),
    'it is gone or going': when('api.answered', (_, { code }) => code < 300 || code === 404),
  },
  actions: {
    'delete the next one': ask(({ server, request, left }) =>
      call(server, deletionOf(request, left[0] as ApiObject), 'delete'),
    ),
    'strike it off': update(({ left }) => ({ left: left.slice(1) })),
    'answer with the list': ask(({ client, call: number, request, objects, revision }) =>
      answer(client, number, { type: 'api.answered', code: 200, list: listing(request.resource, objects, revision) }),
    ),
    'answer what went wrong': ask('api.answered', ({ client, call: number }, answered) =>
      answer(client, number, answered),
    ),
    'answer that it broke off': ask(({ client, call: number }) => answer(client, number, refusal(internal('EOF')))),
    'answer Timeout': ask(({ client, call: number }) => answer(client, number, refusal(requestTimedOut()))),
  },
}).createMachine({
  id: 'api-collection-deletion',
  context: born(({ request, client, call: number, server, ownKinds, cache }: CollectionInput): Context => {
    const facts = factsOf(ownKinds, request.resource)
    const selection = facts === undefined ? EVERYTHING : selectionOf(request, facts)
    const objects = selected(cacheOf(cache, request.resource), isSelection(selection) ? selection : EVERYTHING)
    return { request, client, call: number, server, revision: cache.revision, objects, left: objects.values() }
  }),
  initial: 'listed',
  states: {
    listed: {
      always: [{ guard: 'nothing is left', target: 'done', actions: 'answer with the list' }, { target: 'deleting' }],
    },
    deleting: {
      entry: 'delete the next one',
      on: {
        'api.answered': [
          { guard: 'it is gone or going', target: 'listed', actions: 'strike it off' },
          { target: 'done', actions: 'answer what went wrong' },
        ],
        'call.lost': { target: 'done', actions: 'answer that it broke off' },
      },
      after: { 'request timeout': { target: 'done', actions: 'answer Timeout' } },
    },
    done: { type: 'final' },
  },
})

function deletionOf({ user, resource, options }: ApiRequest, { metadata }: ApiObject): ApiRequest {
  const { labelSelector: _, fieldSelector: __, resourceVersion: ___, limit: ____, ...rest } = options ?? {}
  return {
    type: 'api.request',
    user,
    verb: 'delete',
    resource,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    name: metadata.name,
    options: { ...rest, preconditions: metadata.uid === undefined ? {} : { uid: metadata.uid } },
  }
}
