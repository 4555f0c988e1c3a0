/**
 * GET …/pods/<name>/log: the server finds the pod and asks its node, which has the log of the container. The node's
 * answer is handed on as it is; how it is written (tail, time stamps) is the gateway's concern.
 */
import { setup } from 'xstate'
import { type Address, answer, born, busy, type CallLost, call, verbs } from '../../runtime/contract.ts'
import type { ApiAnswered, ApiRequest, Status } from '../protocol/api.ts'
import type { EtcdAnswered, EtcdFailed } from '../protocol/etcd.ts'
import type { Node, Pod } from '../protocol/objects.ts'
import type { LogAnswered } from '../protocol/workload.ts'
import { READ_MS } from './costs.ts'
import { failedAs, lostAs, objectIn, read } from './etcd-calls.ts'
import { etcdKey } from './etcd-keys.ts'
import { type LogPlace, logSought, nodeLost, type Sought } from './pod-log.ts'
import { pathOf } from './reads.ts'
import { factsOf, type OwnKinds } from './served.ts'
import { refusal } from './statuses.ts'
import { cacheOf, type WatchCache } from './watch-cache.ts'

export interface LogReaderInput {
  readonly request: ApiRequest
  readonly client: Address
  readonly call: number
  readonly etcd: readonly Address[]
  readonly ownKinds: OwnKinds
  readonly cache: WatchCache
}
interface Context extends LogReaderInput {
  readonly pod: Pod | undefined
  readonly sought: Sought
  readonly members: number
}
type Events = EtcdAnswered | EtcdFailed | LogAnswered | CallLost
const { update, ask, when } = verbs<Context, Events>()

const say = ({ client, call: number }: Context, answered: ApiAnswered) => answer(client, number, answered)
const refuse = (context: Context, status: Status) => say(context, refusal(status))
const etcd = ({ etcd: all, members }: Context): Address => all[members % all.length] as Address
const place = ({ sought }: Context): LogPlace => sought as LogPlace
const isPlace = (sought: Sought): sought is LogPlace => typeof sought === 'object' && 'containerId' in sought

export const apiLogReader = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as LogReaderInput },
  delays: { 'request timeout': 60_000, 'dial timeout': 30_000 },
  guards: {
    'a node has it': when(({ sought }) => isPlace(sought)),
    'the pod is on no node yet': when(({ sought }) => sought === 'nothing yet'),
    'another member can be asked': when('call.lost', ({ members, etcd: all }) => members + 1 < all.length),
  },
  actions: {
    'take some time': ask(() => busy(READ_MS)),
    'ask etcd for the pod': ask((context) => {
      const facts = factsOf(context.ownKinds, 'pods')
      if (facts === undefined) throw new Error('pods are served')
      return call(etcd(context), read(etcdKey(facts, pathOf(context.request))), 'etcd')
    }),
    'find the container': update('etcd.answered', ({ request, cache }, event) => {
      const pod = objectIn(event) as Pod | undefined
      const nodes = cacheOf(cache, 'nodes').objects
      return { pod, sought: logSought(request, pod, (name) => nodes.get(name) as Node | undefined) }
    }),
    'ask the node': ask((context) => {
      const { node, containerId } = place(context)
      return call(`containerd/${node}`, { type: 'log.request', containerId }, 'node')
    }),
    'turn to the next member': update(({ members }) => ({ members: members + 1 })),
    'answer with the log': ask('log.answered', (context, { lines }) =>
      say(context, {
        type: 'api.answered',
        code: 200,
        ...(context.pod === undefined ? {} : { object: context.pod }),
        log: lines,
      }),
    ),
    'answer with nothing': ask((context) => say(context, { type: 'api.answered', code: 204, log: [] })),
    'answer what is wrong': ask((context) => refuse(context, (context.sought as { readonly status: Status }).status)),
    'answer with the error of etcd': ask('etcd.failed', (context, event) => refuse(context, failedAs(event))),
    'answer that etcd is lost': ask('call.lost', (context, { reason }) => refuse(context, lostAs(reason))),
    'answer that etcd is silent': ask((context) => refuse(context, lostAs('reset'))),
    'answer that nobody listens': ask('call.lost', (context, { reason }) =>
      refuse(
        context,
        nodeLost(context.request, place(context), reason === 'refused' ? 'connect: connection refused' : 'EOF'),
      ),
    ),
    'answer that the node is silent': ask((context) =>
      refuse(context, nodeLost(context.request, place(context), 'i/o timeout')),
    ),
  },
}).createMachine({
  id: 'api-log-reader',
  context: born((input: LogReaderInput): Context => ({ pod: undefined, sought: 'nothing yet', members: 0, ...input })),
  entry: 'take some time',
  initial: 'readingPod',
  states: {
    readingPod: {
      entry: 'ask etcd for the pod',
      on: {
        'etcd.answered': { target: 'locating', actions: 'find the container' },
        'etcd.failed': { target: 'done', actions: 'answer with the error of etcd' },
        'call.lost': [
          {
            guard: 'another member can be asked',
            target: 'readingPod',
            reenter: true,
            actions: 'turn to the next member',
          },
          { target: 'done', actions: 'answer that etcd is lost' },
        ],
      },
      after: { 'request timeout': { target: 'done', actions: 'answer that etcd is silent' } },
    },
    locating: {
      description: 'Which container, on which node; or why there is no log to read.',
      always: [
        { guard: 'a node has it', target: 'waitingForNode' },
        { guard: 'the pod is on no node yet', target: 'done', actions: 'answer with nothing' },
        { target: 'done', actions: 'answer what is wrong' },
      ],
    },
    waitingForNode: {
      entry: 'ask the node',
      on: {
        'log.answered': { target: 'done', actions: 'answer with the log' },
        'call.lost': { target: 'done', actions: 'answer that nobody listens' },
      },
      after: { 'dial timeout': { target: 'done', actions: 'answer that the node is silent' } },
    },
    done: { type: 'final' },
  },
})
