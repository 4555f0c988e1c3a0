/**
 * One Secret with a token of a ServiceAccount: filled in while the account is there, deleted when it is not
 * (pkg/controller/serviceaccount/tokens_controller.go, syncSecret).
 */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, verbs } from '../../../runtime/contract.ts'
import {
  get,
  placeOf,
  REQUEST_TIMEOUT_MS,
  reasonOf,
  remove,
  update as replacing,
  succeeded,
} from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { ObjectInput, SyncRequested } from '../../protocol/cache.ts'
import type { Secret, ServiceAccount } from '../../protocol/objects.ts'
import { finished } from '../kit/sync.ts'
import { accountOf, filledIn, isItsAccount, isToken } from './token.ts'

interface Context extends ObjectInput {
  readonly secret: Secret | undefined
  readonly account: ServiceAccount | undefined
}
type Events = SyncRequested | ApiAnswered | CallLost

const { update, ask, when } = verbs<Context, Events>()

const seen = ({ secret }: Context): Secret => {
  if (secret === undefined) throw new Error('the Secret was seen')
  return secret
}
const wanted = (context: Context): Secret | undefined =>
  context.account === undefined ? undefined : filledIn(seen(context), context.account)

export const tokenSecret = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ObjectInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'the Secret is gone': when(({ secret }) => secret === undefined),
    'it holds no token': when((context) => !isToken(seen(context))),
    'its account is not known': when(({ account }) => account === undefined),
    'nothing is missing': when((context) => wanted(context) === undefined),
    'it is its account': when(
      'api.answered',
      (context, reply) => succeeded(reply) && isItsAccount(reply.object as ServiceAccount, seen(context)),
    ),
    'it has no account': when('api.answered', (_, reply) => succeeded(reply) || reasonOf(reply) === 'NotFound'),
    'it is as it was seen': when(
      'api.answered',
      (context, { object }) => object?.metadata.resourceVersion === seen(context).metadata.resourceVersion,
    ),
    'it is not as it was': when('api.answered', (_, reply) => ['NotFound', 'Conflict'].includes(reasonOf(reply))),
    'it is done': when('api.answered', (_, reply) => succeeded(reply)),
  },
  actions: {
    'see the Secret and its account': update('sync.requested', ({ key }, { view }) => {
      const secret = view.secrets?.objects.get(key)
      if (secret === undefined) return { secret }
      const account = view.serviceaccounts?.objects.get(`${secret.metadata.namespace}/${accountOf(secret)}`)
      return { secret, account: isItsAccount(account, secret) ? account : undefined }
    }),
    'ask for its account': ask((context) => {
      const secret = seen(context)
      const place = { resource: 'serviceaccounts', namespace: secret.metadata.namespace, name: accountOf(secret) }
      return call(context.apiserver, get(context.user, place))
    }),
    'remember its account': update('api.answered', (_, { object }) => ({ account: object as ServiceAccount })),
    'ask for the Secret': ask((context) =>
      call(context.apiserver, get(context.user, placeOf('secrets', seen(context)))),
    ),
    'fill it in': ask((context) => {
      const secret = wanted(context) as Secret
      return call(context.apiserver, replacing(context.user, placeOf('secrets', secret), secret))
    }),
    'delete it': ask((context) => {
      const secret = seen(context)
      const { uid } = secret.metadata
      const options = uid === undefined ? {} : { preconditions: { uid } }
      return call(context.apiserver, remove(context.user, placeOf('secrets', secret), options))
    }),
    'stop waiting': ask(() => hangUp()),
    'say that it is done': ask((context) => finished(context, 'done')),
    'say that it failed': ask((context) => finished(context, 'failed')),
    'say that it is gone': ask((context) => finished(context, 'gone')),
    'forget what it saw': update(() => ({ secret: undefined, account: undefined })),
  },
}).createMachine({
  id: 'token-secret',
  context: born((input: ObjectInput) => ({ ...input, secret: undefined, account: undefined })),
  initial: 'idle',
  states: {
    idle: {
      entry: 'forget what it saw',
      on: { 'sync.requested': { target: 'deciding', actions: 'see the Secret and its account' } },
    },
    deciding: {
      always: [
        { guard: 'the Secret is gone', target: 'gone' },
        { guard: 'it holds no token', target: 'idle', actions: 'say that it is done' },
        { guard: 'its account is not known', target: 'working.lookingForAccount' },
        { guard: 'nothing is missing', target: 'idle', actions: 'say that it is done' },
        { target: 'working.reading' },
      ],
    },
    working: {
      initial: 'lookingForAccount',
      on: { 'call.lost': { target: 'idle', actions: 'say that it failed' } },
      states: {
        lookingForAccount: {
          description: 'It may be too new for the cache.',
          entry: 'ask for its account',
          on: {
            'api.answered': [
              { guard: 'it is its account', target: '#token-secret.deciding', actions: 'remember its account' },
              { guard: 'it has no account', target: 'deleting' },
              { target: '#token-secret.idle', actions: 'say that it failed' },
            ],
          },
          after: {
            'request timeout': { target: '#token-secret.idle', actions: ['stop waiting', 'say that it failed'] },
          },
        },
        reading: {
          description: 'What others have written meanwhile is not overwritten.',
          entry: 'ask for the Secret',
          on: {
            'api.answered': [
              { guard: 'it is as it was seen', target: 'filling' },
              { target: '#token-secret.idle', actions: 'say that it failed' },
            ],
          },
          after: {
            'request timeout': { target: '#token-secret.idle', actions: ['stop waiting', 'say that it failed'] },
          },
        },
        filling: {
          entry: 'fill it in',
          on: {
            'api.answered': [
              { guard: 'it is done', target: '#token-secret.idle', actions: 'say that it is done' },
              {
                guard: 'it is not as it was',
                target: '#token-secret.idle',
                actions: 'say that it is done',
                description: 'Its change comes by the watch.',
              },
              { target: '#token-secret.idle', actions: 'say that it failed' },
            ],
          },
          after: {
            'request timeout': { target: '#token-secret.idle', actions: ['stop waiting', 'say that it failed'] },
          },
        },
        deleting: {
          entry: 'delete it',
          on: {
            'api.answered': [
              { guard: 'it is done', target: '#token-secret.idle', actions: 'say that it is done' },
              { guard: 'it is not as it was', target: '#token-secret.idle', actions: 'say that it is done' },
              { target: '#token-secret.idle', actions: 'say that it failed' },
            ],
          },
          after: {
            'request timeout': { target: '#token-secret.idle', actions: ['stop waiting', 'say that it failed'] },
          },
        },
      },
    },
    gone: { entry: 'say that it is gone', type: 'final' },
  },
})
