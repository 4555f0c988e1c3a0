/**
 * The TCP load balancer in front of the API servers (kubeadm's advice: HAProxy). It leads each client to a server and
 * passes on what they say; it understands nothing of it. A call costs two deliveries more, a pushed event one.
 */
import { setup } from 'xstate'
import {
  type Address,
  answer,
  born,
  type Call,
  type CallLost,
  call,
  dialled,
  type Effect,
  end,
  hangUp,
  hostOf,
  push,
  reset,
  type Stream,
  type StreamClosed,
  type StreamEnded,
  stream,
  verbs,
} from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import type { ApiAnswered, ApiHealthAnswered, ApiRequest, WatchEvents, WatchFailed } from '../protocol/api.ts'
import { anyUp, type Backends, backendsOf, chosen, parted, probed } from './backends.ts'

export interface LoadBalancerInput {
  readonly backends: readonly Address[]
}
/** A call or a watch on its way: it may be led to another server, once, as long as none has taken it. */
interface Passing {
  readonly client: Address
  readonly request: ApiRequest
  readonly backend: Address
  readonly isRetry: boolean
}
interface Context {
  readonly backends: Backends
  /** By the number of the client's call, which is the line to the server too. */
  readonly calls: Tree<Passing>
  /** By the number of the client's stream likewise. */
  readonly watches: Tree<Passing>
  readonly unanswered: readonly Address[]
}
type Events =
  | ApiRequest
  | ApiAnswered
  | ApiHealthAnswered
  | WatchEvents
  | WatchFailed
  | CallLost
  | StreamEnded
  | StreamClosed
const { update, ask, decide, when } = verbs<Context, Events>()

/** `timeout connect` and `retries` as kubeadm advises them. */
const CONNECT_MS = 5_000

const PROBE = 'probe '
const probeOf = (line: string): Address => line.slice(PROBE.length)
const isProbe = (line: string): boolean => line.startsWith(PROBE)
const without = (list: readonly Address[], address: Address): readonly Address[] =>
  list.filter((each) => each !== address)

export const loadBalancer = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as LoadBalancerInput },
  delays: { 'probe interval': 5_000, 'probe timeout': 2_000 },
  guards: {
    'a server is up': when(({ backends }) => anyUp(backends)),
    'no server is up': when(({ backends }) => !anyUp(backends)),
    'it was a probe': when('call.lost', (_, { line }) => isProbe(line)),
    'no server took it, for the first time': when(
      'call.lost',
      ({ calls }, { reason, line }) => reason === 'refused' && calls.get(line)?.isRetry === false,
    ),
    'no server took the watch, for the first time': when(
      'stream.ended',
      ({ watches }, { reason, line }) => reason === 'refused' && watches.get(line)?.isRetry === false,
    ),
    'the server ended it': when('stream.ended', (_, { reason }) => reason === 'ended'),
    'every server has answered': when(({ unanswered }) => unanswered.length === 0),
  },
  actions: {
    'pass it on': decide('api.request', (context, request, { from, call: number }) =>
      passed(context, from, String(number), request),
    ),
    'pass the answer back': decide('api.answered', ({ calls }, answered, { line }) => {
      const passing = calls.get(line)
      return passing === undefined
        ? [{}, []]
        : [{ calls: calls.delete(line) }, answer(passing.client, Number(line), answered)]
    }),
    'pass the event back': ask((_, event, { line }) => push(Number(line), event)),
    'break the call off': decide('call.lost', ({ backends, calls }, { line }) => {
      const client = calls.get(line)?.client
      if (client === undefined) return [{}, []]
      return [{ backends: parted(backends, hostOf(client)), calls: calls.delete(line) }, reset(client, Number(line))]
    }),
    'lead it to another server': decide('call.lost', (context, { line }) =>
      passedAgain(context, line, context.calls.get(line) as Passing),
    ),
    'lead the watch to another server': decide('stream.ended', (context, { line }) =>
      passedAgain(context, line, context.watches.get(line) as Passing),
    ),
    'end the watch': decide('stream.ended', ({ watches }, { line }) => [
      { watches: watches.delete(line) },
      end(Number(line)),
    ]),
    'break the watch off': decide('stream.ended', ({ backends, watches }, { line }) => {
      const client = watches.get(line)?.client
      if (client === undefined) return [{}, []]
      return [
        { backends: parted(backends, hostOf(client)), watches: watches.delete(line) },
        reset(client, Number(line)),
      ]
    }),
    'hang up at the server': decide('stream.closed', ({ watches }, { stream: number }) => [
      { watches: watches.delete(String(number)) },
      hangUp(String(number)),
    ]),
    'turn the client away': ask('api.request', (_, __, { from, call: number }) => reset(from, number)),
    'probe every server': decide(({ backends }) => [
      { unanswered: backends.all.map(({ address }) => address) },
      backends.all.map(({ address }) => call(address, { type: 'api.health', path: '/readyz' }, `${PROBE}${address}`)),
    ]),
    'note the probe': update('api.healthAnswered', ({ backends, unanswered }, { ok }, { line }) => ({
      backends: probed(backends, probeOf(line), ok),
      unanswered: without(unanswered, probeOf(line)),
    })),
    'note that the probe failed': update('call.lost', ({ backends, unanswered }, { line }) => ({
      backends: probed(backends, probeOf(line), false),
      unanswered: without(unanswered, probeOf(line)),
    })),
    'note who did not answer': update(({ backends, unanswered }) => ({
      backends: unanswered.reduce((noted, address) => probed(noted, address, false), backends),
      unanswered: [],
    })),
  },
}).createMachine({
  id: 'load-balancer',
  context: born(
    ({ backends }: LoadBalancerInput): Context => ({
      backends: backendsOf(backends),
      calls: Tree.of(),
      watches: Tree.of(),
      unanswered: [],
    }),
  ),
  type: 'parallel',
  on: {
    'api.answered': { actions: 'pass the answer back' },
    'watch.events': { actions: 'pass the event back' },
    'watch.failed': { actions: 'pass the event back' },
    'stream.ended': [
      { guard: 'no server took the watch, for the first time', actions: 'lead the watch to another server' },
      { guard: 'the server ended it', actions: 'end the watch' },
      { actions: 'break the watch off', description: 'The server is gone: the client sees its connection close.' },
    ],
    'stream.closed': { actions: 'hang up at the server' },
  },
  states: {
    passing: {
      initial: 'balancing',
      on: {
        'call.lost': [
          { guard: 'it was a probe', actions: 'note that the probe failed' },
          {
            guard: 'no server took it, for the first time',
            actions: 'lead it to another server',
            description: 'Nothing was sent yet: option redispatch, retries 1.',
          },
          { actions: 'break the call off' },
        ],
      },
      states: {
        balancing: {
          always: { guard: 'no server is up', target: 'withoutServer' },
          on: { 'api.request': { actions: 'pass it on' } },
        },
        withoutServer: {
          always: { guard: 'a server is up', target: 'balancing' },
          on: { 'api.request': { actions: 'turn the client away' } },
        },
      },
    },
    probing: {
      initial: 'resting',
      states: {
        resting: { after: { 'probe interval': 'waitingForProbes' } },
        waitingForProbes: {
          entry: 'probe every server',
          on: { 'api.healthAnswered': { actions: 'note the probe' } },
          always: { guard: 'every server has answered', target: 'resting' },
          after: { 'probe timeout': { target: 'resting', actions: 'note who did not answer' } },
        },
      },
    },
  },
})

type Passed = readonly [Partial<Context>, Effect]

function passed(context: Context, client: Address, line: string, request: ApiRequest, not?: Address): Passed {
  const number = Number(line)
  const [backends, backend, isNew] = chosen(context.backends, hostOf(client), not)
  const isWatch = request.verb === 'watch'
  if (backend === undefined)
    return [{ calls: context.calls.delete(line), watches: context.watches.delete(line) }, reset(client, number)]
  const passing: Passing = { client, request, backend, isRetry: not !== undefined }
  const opening = isWatch ? stream(backend, request, line) : call(backend, request, line)
  const effect: Call | Stream = isNew ? dialled(opening, CONNECT_MS) : opening
  return isWatch
    ? [{ backends, watches: context.watches.set(line, passing) }, effect]
    : [{ backends, calls: context.calls.set(line, passing) }, effect]
}
const passedAgain = (context: Context, line: string, { client, request, backend }: Passing): Passed =>
  passed(context, client, line, request, backend)
