/** `kubectl drain`: cordons the node, evicts its pods, and waits until they are gone. */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, verbs } from '../../runtime/contract.ts'
import { create, list, patch, placeOf, REQUEST_TIMEOUT_MS, reasonOf, succeeded } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { KubectlInput } from '../protocol/kubectl.ts'
import type { Pod } from '../protocol/objects.ts'
import { ended, noConnection, type Printed, printed, refusal, TIMED_OUT } from './ending.ts'
import { evictionOf, nameOf, stillThere, toEvict } from './eviction.ts'

interface Context extends Printed {
  readonly node: string
  /** All that have to go, and those whose eviction was not granted yet: the first of them is asked for. */
  readonly pods: readonly Pod[]
  readonly toAsk: readonly Asking[]
  readonly left: readonly Pod[]
}
/** One eviction: each pod has a patience of its own, so that one that must wait holds up no other. */
interface Asking {
  readonly pod: Pod
  readonly notBefore: number
  /** How often it was asked again because the server said when: client-go does that without a word. */
  readonly repeated: number
}
type Events = ApiAnswered | CallLost
const { update, ask, decide, when, lasting } = verbs<Context, Events>()

const PATIENCE_MS = 604_800_000
/** evictPods: so long after a refusal by a budget. */
const RETRY_MS = 5_000
/** rest.maxRetries: what says itself when to ask again. */
const REPEATS = 10

export const kubectlDrain = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KubectlInput },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    'time until the next': lasting(({ toAsk }, _, { at }) =>
      Math.max(0, Math.min(...toAsk.map(({ notBefore }) => notBefore)) - at),
    ),
    'poll interval': 1_000,
    patience: lasting(({ command }) => (command.command === 'drain' ? command.timeoutMs : undefined) ?? PATIENCE_MS),
  },
  guards: {
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'all evictions are granted': when(({ toAsk }) => toAsk.length === 0),
    'an eviction can be asked for': when(({ toAsk }, _, { at }) => toAsk.some(({ notBefore }) => notBefore <= at)),
    'the server says when to ask again': when(
      'api.answered',
      ({ toAsk }, { code, status }) =>
        code === 429 && status?.details?.retryAfterSeconds !== undefined && first(toAsk).repeated < REPEATS,
    ),
    'a budget forbids it now': when('api.answered', (_, { code }) => code === 429),
    'the pod is gone already': when('api.answered', (_, reply) => reasonOf(reply) === 'NotFound'),
    'all are gone': when(({ left }) => left.length === 0),
  },
  actions: {
    'cordon it': ask(({ apiserver, user, node }) =>
      call(apiserver, patch(user, { resource: 'nodes', name: node }, 'strategic', { spec: { unschedulable: true } })),
    ),
    'print that it is cordoned': update((context) => printed(context, `node/${context.node} cordoned`)),
    'list its pods': ask(({ apiserver, user, node }) =>
      call(apiserver, list(user, { resource: 'pods' }, { fieldSelector: `spec.nodeName=${node}` })),
    ),
    'choose whom to evict': update('api.answered', (_, { list: found }) => {
      const pods = found === undefined ? [] : toEvict(found.objects)
      return { pods, toAsk: pods.map((pod) => ({ pod, notBefore: 0, repeated: 0 })), left: pods }
    }),
    'turn to the next': update(({ toAsk }, _, { at }) => {
      const next = toAsk.find(({ notBefore }) => notBefore <= at)
      return next === undefined ? {} : { toAsk: [next, ...toAsk.filter((each) => each !== next)] }
    }),
    'ask for its eviction': decide((context) => {
      const { pod, repeated } = first(context.toAsk)
      const body = evictionOf(pod, context.command.command === 'drain' ? context.command.gracePeriodSeconds : undefined)
      const request = create(context.user, placeOf('pods', pod, 'eviction'), body)
      const said = repeated > 0 ? {} : printed(context, `evicting pod ${nameOf(pod)}`)
      return [said, call(context.apiserver, request)]
    }),
    'count it as granted': update(({ toAsk }) => ({ toAsk: toAsk.slice(1) })),
    'ask for it when the server says': update('api.answered', ({ toAsk }, { status }, { at }) => {
      const { pod, repeated } = first(toAsk)
      const notBefore = at + (status?.details?.retryAfterSeconds ?? 0) * 1_000
      return { toAsk: [...toAsk.slice(1), { pod, notBefore, repeated: repeated + 1 }] }
    }),
    'ask for it later': update('api.answered', (context, { status }, { at }) => {
      const { pod } = first(context.toAsk)
      const said = `error when evicting pods/"${pod.metadata.name}" -n "${pod.metadata.namespace}" (will retry after 5s): ${status?.message ?? ''}`
      const later = { pod, notBefore: at + RETRY_MS, repeated: 0 }
      return { ...printed(context, said), toAsk: [...context.toAsk.slice(1), later] }
    }),
    'see who is left': update('api.answered', (context, { list: found }) => {
      const left = found === undefined ? context.left : stillThere(context.left, found.objects)
      const gone = context.left
        .filter((pod) => !left.includes(pod))
        .map(({ metadata }) => `pod/${metadata.name} evicted`)
      return { left, lines: [...context.lines, ...gone] }
    }),
    'stop waiting': ask(() => hangUp()),
    'print why not': update('api.answered', (context, reply) => printed(context, refusal(reply))),
    'print that the connection broke': update('call.lost', (context, lost) => printed(context, noConnection(lost))),
    'print that it took too long': update((context) => printed(context, TIMED_OUT)),
    'print that patience ran out': update((context) =>
      printed(context, `error: unable to drain node "${context.node}": global timeout reached`),
    ),
    'print that it is drained': update((context) => printed(context, `node/${context.node} drained`)),
    'end well': ask((context) => ended(context, 0)),
    'end badly': ask((context) => ended(context, 1)),
  },
}).createMachine({
  id: 'kubectl-drain',
  description: 'kubectl drain: no new pods on the node, then one eviction after another, then waiting for the last.',
  context: born((input: KubectlInput) => ({
    ...input,
    lines: [],
    node: input.command.command === 'drain' ? input.command.node : '',
    pods: [],
    toAsk: [],
    left: [],
  })),
  initial: 'draining',
  states: {
    draining: {
      initial: 'cordoning',
      exit: 'stop waiting',
      on: { 'call.lost': { target: 'failed', actions: 'print that the connection broke' } },
      after: { patience: { target: 'failed', actions: 'print that patience ran out' } },
      states: {
        cordoning: {
          entry: 'cordon it',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'listing', actions: 'print that it is cordoned' },
              { target: '#kubectl-drain.failed', actions: 'print why not' },
            ],
          },
          after: { 'request timeout': { target: '#kubectl-drain.failed', actions: 'print that it took too long' } },
        },
        listing: {
          entry: 'list its pods',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'choosing', actions: 'choose whom to evict' },
              { target: '#kubectl-drain.failed', actions: 'print why not' },
            ],
          },
          after: { 'request timeout': { target: '#kubectl-drain.failed', actions: 'print that it took too long' } },
        },
        choosing: {
          always: [
            { guard: 'all evictions are granted', target: 'looking' },
            { guard: 'an eviction can be asked for', target: 'evicting' },
            { target: 'heldUp' },
          ],
        },
        evicting: {
          entry: ['turn to the next', 'ask for its eviction'],
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'choosing', actions: 'count it as granted' },
              { guard: 'the pod is gone already', target: 'choosing', actions: 'count it as granted' },
              {
                guard: 'the server says when to ask again',
                target: 'choosing',
                actions: 'ask for it when the server says',
              },
              {
                guard: 'a budget forbids it now',
                target: 'choosing',
                actions: 'ask for it later',
                description: 'A PodDisruptionBudget has no disruption left: asked again in 5 s, the others meanwhile.',
              },
              { target: '#kubectl-drain.failed', actions: 'print why not' },
            ],
          },
          after: { 'request timeout': { target: '#kubectl-drain.failed', actions: 'print that it took too long' } },
        },
        heldUp: { after: { 'time until the next': 'choosing' } },
        looking: {
          description: 'Evicted pods end in their grace period: their node is asked for them once a second.',
          entry: 'list its pods',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'looked', actions: 'see who is left' },
              { target: 'pausing' },
            ],
          },
          after: { 'request timeout': 'pausing' },
        },
        looked: { always: [{ guard: 'all are gone', target: '#kubectl-drain.succeeded' }, { target: 'pausing' }] },
        pausing: { after: { 'poll interval': 'looking' } },
      },
    },
    succeeded: { entry: ['print that it is drained', 'end well'], type: 'final' },
    failed: { entry: 'end badly', type: 'final' },
  },
})

function first(toAsk: readonly Asking[]): Asking {
  const [asking] = toAsk
  if (asking === undefined) throw new Error('an eviction is to be asked for')
  return asking
}
