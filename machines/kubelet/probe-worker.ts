/**
 * One probe of one container (pkg/kubelet/prober/worker.go): it ticks from when the pod was first synced, through all
 * restarts of the container, and tells the pod's worker when enough results in a row agree.
 */
import { setup } from 'xstate'
import { born, type CallLost, draw, hangUp, hostOf, send, verbs } from '../../runtime/contract.ts'
import type { CriAnswered, CriFailed, ProbeAnswered } from '../protocol/cri.ts'
import type { ContainerSeen, ProbeResulted, ProbeWorkerInput } from '../protocol/kubelet.ts'
import { referenceTo } from '../protocol/objects.ts'
import { fieldPathOf } from './pod/restart.ts'
import {
  COUNTED_NOTHING,
  type Counting,
  counted,
  hasEnded,
  isDelayed,
  isProbed,
  lastTick,
  probeOf,
  untilProbe,
  withContainer,
} from './probe/counting.ts'
import { periodMs, question, silence, type Target, timeoutMs, type Verdict, verdictOn } from './probe/verdict.ts'

interface Context extends ProbeWorkerInput, Counting {
  readonly podIP: string
}
type Events = ContainerSeen | CriAnswered | CriFailed | ProbeAnswered | CallLost

const { update, ask, decide, when, lasting } = verbs<Context, Events>()

const targetOf = (context: Context): Target => ({
  probe: probeOf(context),
  container: context.container,
  podIP: context.podIP,
})
const verdictIn = (context: Context, event: { readonly type: string }): Verdict =>
  event.type.startsWith('xstate.after') ? silence(targetOf(context)) : verdictOn(targetOf(context), event as CallLost)
const KINDS = { liveness: 'Liveness', readiness: 'Readiness', startup: 'Startup' } as const

const unhealthy = ({ parts, pod, container, kind }: Context, { result, output }: Verdict) =>
  send(parts.recorder, {
    type: 'event.happened',
    about: { ...referenceTo(pod), fieldPath: fieldPathOf(pod, container.name) },
    kind: 'Warning',
    reason: 'Unhealthy',
    message: `${KINDS[kind]} probe ${result === 'error' ? 'errored' : 'failed'}: ${output}`,
  })
const tell = ({ worker, kind }: Context, containerId: string, result: ProbeResulted['result']) =>
  send(worker, { type: 'probe.resulted', containerId, kind, result } satisfies ProbeResulted)

export const probeWorker = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ProbeWorkerInput },
  delays: {
    'random part of the period': lasting(
      (context, _, { dice }) => (draw(dice, 'first tick') / 2 ** 32) * periodMs(probeOf(context)),
    ),
    'until the next tick': lasting((context, _, { at }) => untilProbe(context, probeOf(context), at)),
    'probe timeout': lasting((context) => timeoutMs(probeOf(context))),
  },
  guards: {
    'the kubelet has just started': when((context, _, { at }) => at - context.parts.since < periodMs(probeOf(context))),
    'there is something to probe': when((context) => isProbed(context, context.kind) || hasEnded(context)),
    'there is nothing to probe': when((context) => !isProbed(context, context.kind) && !hasEnded(context)),
    'its container has ended': when(hasEnded),
    'it is wanted at once': when(
      'container.seen',
      (context, { trigger, status, deleting }, { at }) =>
        trigger &&
        isProbed({ ...context, seen: status, deleting }, context.kind) &&
        !isDelayed({ ...context, seen: status }, probeOf(context), at),
    ),
    'it is wanted again': when((context) => context.again && isProbed(context, context.kind)),
    'it succeeded': when((context, event) => verdictIn(context, event).result === 'success'),
    'it erred': when((context, event) => verdictIn(context, event).result === 'error'),
  },
  actions: {
    'look at its container': update('container.seen', (_, { status, podIP, deleting }) => ({
      seen: status,
      podIP,
      deleting,
    })),
    'begin to tick': update((_, __, { at }) => ({ tickedAt: at })),
    'note the tick': update((context, _, { at }) => ({
      tickedAt:
        context.tickedAt +
        Math.max(1, Math.floor((at - context.tickedAt) / periodMs(probeOf(context)))) * periodMs(probeOf(context)),
    })),
    'let the ticks pass': update(({ tickedAt, ...spec }, _, { at }) => ({
      tickedAt: lastTick(tickedAt, probeOf(spec), at),
    })),
    'tick anew from now': update((_, __, { at }) => ({ tickedAt: at })),
    'note that it is wanted again': update(() => ({ again: true })),
    'tell that it ended': decide((context) => [{ settled: 'failure' }, tell(context, context.containerId, 'failure')]),
    'take up its container': decide((context) => {
      const change = { ...withContainer(context), again: false }
      const { containerId } = withContainer(context)
      if (containerId === undefined || context.kind !== 'readiness') return [change, []]
      return [{ ...change, settled: 'failure' }, tell(context, containerId, 'failure')]
    }),
    probe: ask((context, _, { self }) =>
      question(targetOf(context), context.containerId, {
        runtime: context.parts.runtime,
        container: `container/${hostOf(self)}/${context.containerId}`,
      }),
    ),
    'hang up': ask(() => hangUp('probe')),
    'count a success': decide((context) => {
      const change = counted(context, 'success', probeOf(context), context.kind)
      const news = change.settled !== undefined && change.settled !== context.settled
      return [change, news ? tell(context, context.containerId, 'success') : []]
    }),
    'count a failure': decide((context, event) => {
      const change = counted(context, 'failure', probeOf(context), context.kind)
      const news = change.settled !== undefined && change.settled !== context.settled
      const happened = unhealthy(context, verdictIn(context, event))
      return [change, news ? [happened, tell(context, context.containerId, 'failure')] : happened]
    }),
    'record the error': ask((context, event) => unhealthy(context, verdictIn(context, event))),
  },
}).createMachine({
  id: 'probe-worker',
  context: born((input, { at }) => ({ ...input, ...COUNTED_NOTHING, tickedAt: at, podIP: '' })),
  initial: 'beginning',
  on: { 'container.seen': { actions: 'look at its container' } },
  states: {
    beginning: {
      always: [{ guard: 'the kubelet has just started', target: 'spreading' }, { target: 'idle' }],
    },
    spreading: {
      description: 'After a restart of the kubelet not all probes run at once.',
      after: {
        'random part of the period': [
          { guard: 'there is something to probe', target: 'probing', actions: 'begin to tick' },
          { target: 'idle', actions: 'begin to tick' },
        ],
      },
    },
    idle: {
      description: 'There is no running container whose turn it is.',
      always: [
        { guard: 'it is wanted again', target: 'probing', actions: 'tick anew from now' },
        { guard: 'there is something to probe', target: 'waiting' },
      ],
      on: {
        'container.seen': [
          {
            guard: 'it is wanted at once',
            target: 'probing',
            actions: ['look at its container', 'tick anew from now'],
          },
          { actions: ['look at its container', 'let the ticks pass'] },
        ],
      },
    },
    waiting: {
      always: { guard: 'there is nothing to probe', target: 'idle' },
      on: {
        'container.seen': [
          {
            guard: 'it is wanted at once',
            target: 'probing',
            actions: ['look at its container', 'tick anew from now'],
          },
          { target: 'waiting', reenter: true, actions: 'look at its container' },
        ],
      },
      after: {
        'until the next tick': [
          { guard: 'its container has ended', target: 'idle', actions: ['note the tick', 'tell that it ended'] },
          { target: 'probing', actions: 'note the tick' },
        ],
      },
    },
    probing: {
      entry: ['take up its container', 'probe'],
      on: {
        'container.seen': [
          { guard: 'it is wanted at once', actions: ['look at its container', 'note that it is wanted again'] },
          { actions: 'look at its container' },
        ],
        'cri.answered': [
          { guard: 'it succeeded', target: 'idle', actions: 'count a success' },
          { target: 'idle', actions: 'count a failure' },
        ],
        'probe.answered': [
          { guard: 'it succeeded', target: 'idle', actions: 'count a success' },
          { target: 'idle', actions: 'count a failure' },
        ],
        'cri.failed': [
          { guard: 'it erred', target: 'idle', actions: 'record the error' },
          { target: 'idle', actions: 'count a failure' },
        ],
        'call.lost': [
          { guard: 'it erred', target: 'idle', actions: 'record the error' },
          { target: 'idle', actions: 'count a failure' },
        ],
      },
      after: { 'probe timeout': { target: 'idle', actions: ['hang up', 'count a failure'] } },
    },
  },
})
