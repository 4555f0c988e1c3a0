/**
 * The TCP load balancer in front of the API servers (kubeadm's advice: HAProxy). It leads each client to a server and
 * passes on what they say; it understands nothing of it. A call costs two deliveries more, a pushed event one.
 */
import { setup } from 'xstate'
import {
  type Address,
  answer,
  born,
  type CallLost,
  call,
  type Effect,
  end,
  hangUp,
  hostOf,
  push,
  reset,
  type StreamClosed,
  type StreamEnded,
  stream,
  verbs,
} from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import type { ApiAnswered, ApiHealthAnswered, ApiRequest, WatchEvents, WatchFailed } from '../protocol/api.ts'
import { anyUp, type Backends, backendsOf, chosen, probed } from './backends.ts'

export interface LoadBalancerInput {
  readonly backends: readonly Address[]
}
/** A call on its way: it may be led to another server as long as none has taken it. */
interface Passing {
  readonly client: Address
  readonly request: ApiRequest
  readonly backend: Address
}
interface Context {
  readonly backends: Backends
  /** By the number of the client's call, which is the line to the server too. */
  readonly calls: Tree<Passing>
  /** The clients of the watches, by their numbers likewise. */
  readonly watches: Tree<Address>
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
    'it is a watch': when('api.request', (_, { verb }) => verb === 'watch'),
    'it was a probe': when('call.lost', (_, { line }) => isProbe(line)),
    'no server took it': when('call.lost', (_, { reason }) => reason === 'refused'),
    'the server ended it': when('stream.ended', (_, { reason }) => reason === 'ended'),
    'every server has answered': when(({ unanswered }) => unanswered.length === 0),
  },
  actions: {
    'pass the call on': decide('api.request', (context, request, { from, call: number }) =>
      passed(context, from, number, request, undefined),
    ),
    'pass the watch on': decide('api.request', (context, request, { from, call: number }) => {
      const line = String(number)
      const [backends, backend] = chosen(context.backends, hostOf(from))
      return backend === undefined
        ? [{}, reset(from, number)]
        : [{ backends, watches: context.watches.set(line, from) }, stream(backend, request, line)]
    }),
    'pass the answer back': decide('api.answered', ({ calls }, answered, { line }) => {
      const passing = calls.get(line)
      return passing === undefined
        ? [{}, []]
        : [{ calls: calls.delete(line) }, answer(passing.client, Number(line), answered)]
    }),
    'pass the event back': ask((_, event, { line }) => push(Number(line), event)),
    'break the call off': decide('call.lost', ({ calls }, { line }) => {
      const passing = calls.get(line)
      return passing === undefined ? [{}, []] : [{ calls: calls.delete(line) }, reset(passing.client, Number(line))]
    }),
    'lead it to another server': decide('call.lost', (context, { line }) => {
      const passing = context.calls.get(line)
      if (passing === undefined) return [{}, []]
      const { client, request, backend } = passing
      return passed(context, client, Number(line), request, backend)
    }),
    'end the watch': decide('stream.ended', ({ watches }, { line }) => [
      { watches: watches.delete(line) },
      end(Number(line)),
    ]),
    'break the watch off': decide('stream.ended', ({ watches }, { line }) => {
      const client = watches.get(line)
      return client === undefined ? [{}, []] : [{ watches: watches.delete(line) }, reset(client, Number(line))]
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
            guard: 'no server took it',
            actions: 'lead it to another server',
            description: 'Nothing was sent yet: option redispatch.',
          },
          { actions: 'break the call off' },
        ],
      },
      states: {
        balancing: {
          always: { guard: 'no server is up', target: 'withoutServer' },
          on: {
            'api.request': [{ guard: 'it is a watch', actions: 'pass the watch on' }, { actions: 'pass the call on' }],
          },
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

function passed(
  { backends: known, calls }: Context,
  client: Address,
  number: number,
  request: ApiRequest,
  not: Address | undefined,
): readonly [Partial<Context>, Effect] {
  const line = String(number)
  const [backends, backend] = chosen(known, hostOf(client), not)
  if (backend === undefined) return [{ calls: calls.delete(line) }, reset(client, number)]
  return [{ backends, calls: calls.set(line, { client, request, backend }) }, call(backend, request, line)]
}
