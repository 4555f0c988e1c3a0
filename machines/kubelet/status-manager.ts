/**
 * Writes the statuses of pods to the API, one pod at a time (pkg/kubelet/status/status_manager.go): the pod is read,
 * the status merged over what others wrote, and the difference patched. When all is over the pod is deleted for good.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, hangUp, verbs } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import { get, patch, placeAt, REQUEST_TIMEOUT_MS, reasonOf, remove, succeeded } from '../lib/requests.ts'
import type { ApiAnswered, User } from '../protocol/api.ts'
import type { StatusForgotten, StatusSet, StatusShown } from '../protocol/kubelet.ts'
import { keyOf, type Pod } from '../protocol/objects.ts'
import { mergedStatus, statusPatch } from './status/merge.ts'
import { isTerminal } from './status/phase.ts'

export interface StatusManagerInput {
  readonly apiserver: Address
  readonly user: User
}
interface Context extends StatusManagerInput {
  /** The latest of each pod, sent or not, until the API has forgotten the pod. */
  readonly latest: Tree<StatusSet>
  readonly queue: readonly string[]
  /** Tried in vain: again at the next round of all. */
  readonly failed: readonly string[]
  /** The API was last seen to say something else of these: written again at the next round, unless that was an echo. */
  readonly doubted: readonly string[]
  readonly key: string
  /** What is being written. */
  readonly sending: StatusSet | undefined
  /** The pod as the API has it. */
  readonly pod: Pod | undefined
  readonly patch: unknown
}
type Events = StatusSet | StatusForgotten | StatusShown | ApiAnswered | CallLost

const SYNC_PERIOD_MS = 10_000
const { update, ask, when } = verbs<Context, Events>()

const mayBeDeleted = ({ pod, sending }: Context): boolean =>
  pod?.metadata.deletionTimestamp !== undefined && sending?.finished === true && isTerminal(pod.status?.phase)
const added = (keys: readonly string[], key: string): readonly string[] => (keys.includes(key) ? keys : [...keys, key])
const without = (keys: readonly string[], key: string): readonly string[] => keys.filter((other) => other !== key)
const patchFor = ({ metadata, status: old = {} }: Pod, { status, mayRun }: StatusSet): unknown =>
  statusPatch(metadata.uid ?? '', old, mergedStatus(old, status, mayRun))

export const statusManager = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as StatusManagerInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS, 'sync period': SYNC_PERIOD_MS },
  guards: {
    'it is known': when('status.shown', ({ latest }, { key }) => latest.has(key)),
    'a status is unsent': when(({ queue }) => queue.length > 0),
    'something is to be tried again': when(({ failed, doubted }) => failed.length + doubted.length > 0),
    'nothing is to be tried again': when(({ failed, doubted }) => failed.length + doubted.length === 0),
    'the pod is there': when(
      'api.answered',
      ({ sending }, { object, code }) => code === 200 && object?.metadata.uid === sending?.pod.metadata.uid,
    ),
    'it is another pod or none': when(
      'api.answered',
      (_, answer) => succeeded(answer) || reasonOf(answer) === 'NotFound',
    ),
    'it succeeded': when('api.answered', (_, answer) => succeeded(answer)),
    'something differs': when(({ patch }) => patch !== undefined),
    'the pod may be deleted': when(mayBeDeleted),
  },
  actions: {
    'keep the latest': update('status.set', ({ latest, queue }, event) => ({
      latest: latest.set(keyOf(event.pod), event),
      queue: added(queue, keyOf(event.pod)),
    })),
    'forget the pod': update('status.forgotten', ({ latest, queue, failed, doubted }, { key }) => ({
      latest: latest.delete(key),
      queue: without(queue, key),
      failed: without(failed, key),
      doubted: without(doubted, key),
    })),
    'compare it with the latest': update('status.shown', ({ latest, doubted }, { key, pod }) => ({
      doubted: (patchFor(pod, latest.get(key) as StatusSet) === undefined ? without : added)(doubted, key),
    })),
    'take the next': update(({ queue, latest }) => ({
      key: queue[0] ?? '',
      queue: queue.slice(1),
      sending: latest.get(queue[0] ?? ''),
    })),
    'get the pod': ask(({ apiserver, user, key }) => call(apiserver, get(user, placeAt('pods', key)), 'request')),
    'work out what differs': update('api.answered', ({ sending }, { object }) => ({
      pod: object as Pod,
      patch: patchFor(object as Pod, sending as StatusSet),
    })),
    'patch its status': ask(({ apiserver, user, key, patch: body }) =>
      call(apiserver, patch(user, { subresource: 'status', ...placeAt('pods', key) }, 'strategic', body), 'request'),
    ),
    'keep the pod': update('api.answered', (_, { object }) => ({ pod: object as Pod })),
    'delete the pod': ask(({ apiserver, user, key, pod }) =>
      call(
        apiserver,
        remove(user, placeAt('pods', key), {
          gracePeriodSeconds: 0,
          preconditions: { uid: pod?.metadata.uid ?? '' },
        }),
        'request',
      ),
    ),
    'note that it was in vain': update(({ failed, key }) => ({ failed: added(failed, key) })),
    'forget it': update(({ latest, doubted, key, sending }) =>
      latest.get(key) === sending ? { latest: latest.delete(key), doubted: without(doubted, key) } : {},
    ),
    'try them again': update(({ queue, failed, doubted }) => ({
      queue: [...failed, ...doubted].reduce(added, queue),
      failed: [],
    })),
    'hang up': ask(() => hangUp('request')),
  },
}).createMachine({
  id: 'status-manager',
  context: born((input) => ({
    ...input,
    latest: Tree.of<StatusSet>(),
    queue: [],
    failed: [],
    doubted: [],
    key: '',
    sending: undefined,
    pod: undefined,
    patch: undefined,
  })),
  type: 'parallel',
  on: {
    'status.set': { actions: 'keep the latest' },
    'status.forgotten': { actions: 'forget the pod' },
    'status.shown': {
      guard: 'it is known',
      actions: 'compare it with the latest',
      description: 'needsReconcile: what this kubelet says of its pods holds, whoever wrote over it and whenever.',
    },
  },
  states: {
    writing: {
      initial: 'upToDate',
      states: {
        upToDate: { always: { guard: 'a status is unsent', target: 'getting' } },
        getting: {
          entry: ['take the next', 'get the pod'],
          on: {
            'api.answered': [
              { guard: 'the pod is there', target: 'comparing', actions: 'work out what differs' },
              { guard: 'it is another pod or none', target: 'upToDate', actions: 'forget it' },
              { target: 'upToDate', actions: 'note that it was in vain' },
            ],
            'call.lost': { target: 'upToDate', actions: 'note that it was in vain' },
          },
          after: { 'request timeout': { target: 'upToDate', actions: ['hang up', 'note that it was in vain'] } },
        },
        comparing: {
          always: [{ guard: 'something differs', target: 'patching' }, { target: 'written' }],
        },
        patching: {
          entry: 'patch its status',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'written', actions: 'keep the pod' },
              { guard: 'it is another pod or none', target: 'upToDate', actions: 'forget it' },
              { target: 'upToDate', actions: 'note that it was in vain' },
            ],
            'call.lost': { target: 'upToDate', actions: 'note that it was in vain' },
          },
          after: { 'request timeout': { target: 'upToDate', actions: ['hang up', 'note that it was in vain'] } },
        },
        written: {
          description: 'A pod that is being deleted, whose containers are over and whose phase says so, goes for good.',
          always: [{ guard: 'the pod may be deleted', target: 'deleting' }, { target: 'upToDate' }],
        },
        deleting: {
          entry: 'delete the pod',
          on: {
            'api.answered': [
              { guard: 'it is another pod or none', target: 'upToDate', actions: 'forget it' },
              { target: 'upToDate', actions: 'note that it was in vain' },
            ],
            'call.lost': { target: 'upToDate', actions: 'note that it was in vain' },
          },
          after: { 'request timeout': { target: 'upToDate', actions: ['hang up', 'note that it was in vain'] } },
        },
      },
    },
    rounds: {
      description: 'What is tried again waits for its round, however much else is written meanwhile.',
      initial: 'idle',
      states: {
        idle: { always: { guard: 'something is to be tried again', target: 'waiting' } },
        waiting: {
          always: { guard: 'nothing is to be tried again', target: 'idle' },
          after: { 'sync period': { target: 'idle', actions: 'try them again' } },
        },
      },
    },
  },
})
