/**
 * Ends one container within its grace (kuberuntime_container.go, killContainer): the preStop hook, the turn of a
 * sidecar, then SIGTERM with what is left of the grace, but never less than 2 s.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, send, verbs } from '../../runtime/contract.ts'
import type { CriAnswered, CriFailed, ExecResult, ProbeAnswered } from '../protocol/cri.ts'
import type { ContainerKilled, ContainerKillerInput } from '../protocol/kubelet.ts'
import { referenceTo } from '../protocol/objects.ts'
import { containerNamed, fieldPathOf } from './pod/restart.ts'
import { hookProblem, hookRequest } from './pod/starting.ts'

interface Context extends ContainerKillerInput {
  readonly beganAt: number
}
type Events = ContainerKilled | CriAnswered | CriFailed | ProbeAnswered | CallLost

const LEAST_GRACE_SECONDS = 2
const { update, ask, when, lasting } = verbs<Context, Events>()

const hookOf = ({ pod, name }: Context) => containerNamed(pod, name)?.lifecycle?.preStop
/** Whole seconds that have passed count against the grace. */
const secondsLeft = ({ graceSeconds, beganAt }: Context, at: number): number =>
  graceSeconds - Math.floor((at - beganAt) / 1_000)

export const containerKiller = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ContainerKillerInput },
  delays: {
    'grace period': lasting((context, _, { at }) => Math.max(0, secondsLeft(context, at)) * 1_000),
    'hook sleep': lasting((context) => (hookOf(context)?.sleep?.seconds ?? 0) * 1_000),
    'retry interval': 10_000,
  },
  guards: {
    'it has a preStop hook': when((context) => hookOf(context) !== undefined && context.graceSeconds > 0),
    'the hook only sleeps': when((context) => hookOf(context)?.sleep !== undefined),
    'the hook succeeded': when((context, event) => {
      const reply = event.type === 'cri.answered' ? (event.reply as ExecResult) : (event as ProbeAnswered)
      return hookProblem(hookOf(context) ?? {}, context.name, context.pod, reply) === undefined
    }),
    'it is its turn': when(({ after }) => after.length === 0),
  },
  actions: {
    'note who has ended': update('container.killed', ({ after }, { name }) => ({
      after: after.filter((other) => other !== name),
    })),
    'run the hook': ask((context, _, { self }) =>
      hookRequest(hookOf(context) ?? {}, containerNamed(context.pod, context.name), context.containerId, {
        runtime: context.parts.runtime,
        self,
      }),
    ),
    'record FailedPreStopHook': ask(({ parts, pod, name }) =>
      send(parts.recorder, {
        type: 'event.happened',
        about: { ...referenceTo(pod), fieldPath: fieldPathOf(pod, name) },
        kind: 'Warning',
        reason: 'FailedPreStopHook',
        message: 'PreStopHook failed',
      }),
    ),
    'hang up': ask(() => hangUp()),
    'stop the container': ask((context, _, { at }) => {
      const timeoutSeconds = Math.max(LEAST_GRACE_SECONDS, secondsLeft(context, at))
      const { parts, containerId } = context
      return call(parts.runtime, { type: 'cri.request', call: 'StopContainer', containerId, timeoutSeconds }, 'runtime')
    }),
    'tell the worker': ask(({ worker, name }) =>
      send(worker, { type: 'container.killed', name } satisfies ContainerKilled),
    ),
  },
}).createMachine({
  id: 'container-killer',
  context: born((input, { at }) => ({ ...input, beganAt: at })),
  initial: 'beginning',
  on: { 'container.killed': { actions: 'note who has ended' } },
  states: {
    beginning: {
      always: [{ guard: 'it has a preStop hook', target: 'runningHook' }, { target: 'waitingForTurn' }],
    },
    runningHook: {
      description: 'The hook counts against the grace.',
      initial: 'beginning',
      after: { 'grace period': { target: 'waitingForTurn', actions: ['hang up', 'record FailedPreStopHook'] } },
      states: {
        beginning: { always: [{ guard: 'the hook only sleeps', target: 'sleeping' }, { target: 'calling' }] },
        sleeping: { after: { 'hook sleep': '#container-killer.waitingForTurn' } },
        calling: {
          entry: 'run the hook',
          on: {
            'cri.answered': [
              { guard: 'the hook succeeded', target: '#container-killer.waitingForTurn' },
              { target: '#container-killer.waitingForTurn', actions: 'record FailedPreStopHook' },
            ],
            'probe.answered': [
              { guard: 'the hook succeeded', target: '#container-killer.waitingForTurn' },
              { target: '#container-killer.waitingForTurn', actions: 'record FailedPreStopHook' },
            ],
            'cri.failed': { target: '#container-killer.waitingForTurn', actions: 'record FailedPreStopHook' },
            'call.lost': { target: '#container-killer.waitingForTurn', actions: 'record FailedPreStopHook' },
          },
        },
      },
    },
    waitingForTurn: {
      description: 'A sidecar lives longer than the containers it serves.',
      always: { guard: 'it is its turn', target: 'stopping' },
      after: { 'grace period': 'stopping' },
    },
    stopping: {
      entry: 'stop the container',
      on: { 'cri.answered': 'ended', 'cri.failed': 'backingOff', 'call.lost': 'backingOff' },
    },
    backingOff: {
      description: 'The runtime could not be reached; the grace runs on.',
      after: { 'retry interval': 'stopping' },
    },
    ended: { type: 'final', entry: 'tell the worker' },
  },
})
