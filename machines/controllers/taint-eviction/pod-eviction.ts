/** The eviction of one pod from a node with NoExecute taints (pkg/controller/tainteviction). */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, send, verbs } from '../../../runtime/contract.ts'
import { get, patch, placeAt, REQUEST_TIMEOUT_MS, remove, succeeded } from '../../lib/requests.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { EventHappened } from '../../protocol/cache.ts'
import type { Pod } from '../../protocol/objects.ts'
import type { EvictionCancelled, EvictionEnded, PatienceEnded, PodEvictionInput } from './words.ts'

interface Context extends PodEvictionInput {
  readonly found: Pod | undefined
  readonly tries: number
  /** Cancelled when it was too late: most often because the pod is gone already. */
  readonly isOver: boolean
}
type Events = PatienceEnded | EvictionCancelled | ApiAnswered | CallLost

const MOST_TRIES = 5
const RETRY_MS = 10
const CONDITION = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'DeletionByTaintManager',
  message: 'Taint manager: deleting due to NoExecute taint',
}

const { update, ask, when, lasting } = verbs<Context, Events>()

export const podEviction = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as PodEvictionInput },
  delays: {
    'toleration seconds': lasting(({ afterMs }) => afterMs),
    'request timeout': REQUEST_TIMEOUT_MS,
    retry: RETRY_MS,
  },
  guards: {
    'it bears nothing': when(({ afterMs }) => afterMs === 0),
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'it is marked already': when(({ found }) => isMarked(found)),
    'the pod is gone already': when(({ isOver }) => isOver),
    'it has been tried often enough': when(({ tries }) => tries >= MOST_TRIES),
  },
  actions: {
    'tell that it is cancelled': ask((context) => told(context, `Cancelling deletion of Pod ${context.pod}`)),
    'tell that it begins': ask((context) => told(context, `Marking for deletion Pod ${context.pod}`)),
    'read the pod': ask(({ apiserver, user, pod }) => call(apiserver, get(user, placeAt('pods', pod)))),
    'take it in': update('api.answered', (_, { object }) => ({ found: object as Pod | undefined })),
    'mark the pod': ask(({ apiserver, user, pod, found }, _, { at }) => {
      const place = { ...placeAt('pods', pod), subresource: 'status' as const }
      const condition = { ...CONDITION, lastTransitionTime: rfc3339(at) }
      const body = { metadata: { uid: found?.metadata.uid }, status: { conditions: [condition] } }
      return call(apiserver, patch(user, place, 'strategic', body))
    }),
    'delete the pod': ask(({ apiserver, user, pod }) => call(apiserver, remove(user, placeAt('pods', pod)))),
    'count the try': update(({ tries }) => ({ tries: tries + 1, found: undefined })),
    'note that it is over': update(() => ({ isOver: true })),
    'stop waiting': ask(() => hangUp('')),
    'say that it ended': ask(({ controller, pod, uid }) =>
      send(controller, { type: 'eviction.ended', pod, uid } satisfies EvictionEnded),
    ),
  },
}).createMachine({
  id: 'pod-eviction',
  context: born((input: PodEvictionInput) => ({ ...input, found: undefined, tries: 0, isOver: false })),
  initial: 'scheduled',
  states: {
    scheduled: {
      always: [{ guard: 'it bears nothing', target: 'evicting' }, { target: 'tolerating' }],
    },
    tolerating: {
      description: 'The pod stays while the shortest of its tolerationSeconds lasts.',
      on: {
        'eviction.cancelled': { target: 'ended', actions: 'tell that it is cancelled' },
        'patience.ended': { target: 'evicting', actions: 'tell that it is cancelled' },
      },
      after: { 'toleration seconds': 'evicting' },
    },
    evicting: {
      entry: 'tell that it begins',
      initial: 'reading',
      states: {
        reading: {
          entry: ['count the try', 'read the pod'],
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'judging', actions: 'take it in' },
              { target: 'waiting' },
            ],
            'call.lost': 'waiting',
          },
        },
        judging: {
          always: [{ guard: 'it is marked already', target: 'deleting' }, { target: 'marking' }],
        },
        marking: {
          description: 'Why it goes is written before it goes.',
          entry: 'mark the pod',
          on: {
            'api.answered': [{ guard: 'it succeeded', target: 'deleting' }, { target: 'waiting' }],
            'call.lost': 'waiting',
          },
        },
        deleting: {
          entry: 'delete the pod',
          on: {
            'api.answered': [{ guard: 'it succeeded', target: '#pod-eviction.evicted' }, { target: 'waiting' }],
            'call.lost': 'waiting',
          },
        },
        waiting: {
          after: {
            retry: [{ guard: 'it has been tried often enough', target: '#pod-eviction.ended' }, { target: 'reading' }],
          },
        },
      },
      on: { 'eviction.cancelled': { actions: 'note that it is over' } },
      after: { 'request timeout': { target: 'ended', actions: 'stop waiting' } },
    },
    evicted: {
      description: 'Remembered until the pod is gone, so that nobody begins again.',
      always: { guard: 'the pod is gone already', target: 'ended' },
      on: { 'eviction.cancelled': 'ended' },
    },
    ended: { entry: 'say that it ended', type: 'final' },
  },
})

const isMarked = (pod: Pod | undefined): boolean =>
  pod?.status?.conditions?.some(
    ({ type, status, reason, message }) =>
      type === CONDITION.type &&
      status === CONDITION.status &&
      reason === CONDITION.reason &&
      message === CONDITION.message,
  ) === true

function told({ recorder, pod }: Context, message: string) {
  const { namespace, name } = placeAt('pods', pod)
  const about = { apiVersion: 'v1', kind: 'Pod', name, ...(namespace === undefined ? {} : { namespace }) }
  const reason = 'TaintManagerEviction'
  return send(recorder, { type: 'event.happened', about, kind: 'Normal', reason, message } satisfies EventHappened)
}
