/**
 * One container: a process of its own on its host, with what runs inside it. Its runtime may die and come back; then it
 * asks (`container.inspect`). A loss of power takes the container with it.
 *
 * Modelled on containerd's shim and runc: created, started, stopped by SIGTERM and then SIGKILL; the exit is held until
 * the runtime has taken note of it.
 */
import { setup } from 'xstate'
import { answer, born, cancel, type Delivery, send, verbs } from '../../runtime/contract.ts'
import type { ProbeRequest } from '../protocol/cri.ts'
import type { HttpRequest } from '../protocol/network.ts'
import type {
  ContainerDelete,
  ContainerExecute,
  ContainerExited,
  ContainerInput,
  ContainerInspect,
  ContainerInspected,
  ContainerStart,
  ContainerStarted,
  ContainerStop,
  LimitsChanged,
  LogRequest,
  MountsRenewed,
  VolumeChanged,
} from '../protocol/workload.ts'
import { execute, expired, failed } from './exec.ts'
import {
  type Asker,
  created,
  exited,
  type Life,
  launched,
  logAt,
  mountsRenewed,
  notStarted,
  resumed,
  signalledWith,
  volumeChanged,
} from './life.ts'
import { probed, refusedProbe, requested } from './serving.ts'

type ScriptDue = { readonly type: 'script.due' }
type LifeEnded = { readonly type: 'life.ended' }
type ExecExpired = { readonly type: 'exec.expired'; readonly pid: number; readonly timeoutMs: number }
type Events =
  | ContainerStart
  | ContainerStop
  | ContainerDelete
  | ContainerExecute
  | ContainerInspect
  | LimitsChanged
  | LogRequest
  | MountsRenewed
  | VolumeChanged
  | ProbeRequest
  | HttpRequest
  | ScriptDue
  | LifeEnded
  | ExecExpired
const { update, ask, decide, when, lasting } = verbs<Life, Events>()

/** runc's work between StartContainer and the first instruction, from the recordings. */
const START_MS = 80

const asker = ({ from, call }: Delivery): Asker => ({ from, call })

function reportExit({ id, runtime, exit }: Life) {
  if (exit === undefined) throw new Error('a container that has exited knows how')
  return send(runtime, { type: 'container.exited', id, ...exit } satisfies ContainerExited)
}

function inspected({ id, startedAt, exit }: Life): ContainerInspected {
  if (exit !== undefined) return { type: 'container.inspected', id, state: 'EXITED', startedAt, exit }
  return { type: 'container.inspected', id, state: startedAt > 0 ? 'RUNNING' : 'CREATED', startedAt }
}

export const container = setup({
  types: { context: {} as Life, events: {} as Events, input: {} as ContainerInput },
  delays: {
    'start time': lasting(({ program }) => START_MS + program.conduct.startMs),
    'time until ready': lasting(({ program }) => program.conduct.readyAfterMs),
    'time to end': lasting(({ program: { conduct } }) => (conduct.onTerm === 'ignored' ? 0 : conduct.onTerm.afterMs)),
    'grace period': lasting(({ graceMs }) => graceMs),
  },
  guards: {
    'its command is not in the image': when(({ program }) => program.runs === 'nothing'),
    'it runs a script': when(({ program }) => program.runs === 'script'),
    'it is ready at once': when(({ program }) => program.conduct.readyAfterMs === 0),
    'it has ended': when(({ exit }) => exit !== undefined),
    'no grace is given': when('container.stop', (_, { graceMs }) => graceMs === 0),
    'it ignores SIGTERM': when(({ program }) => program.conduct.onTerm === 'ignored'),
  },
  actions: {
    launch: decide((life, _, { at }) => launched(life, at)),
    'note that it could not start': update((life, _, { at }) => ({ exit: notStarted(life, at) })),
    'report the start': ask(({ id, runtime, startedAt }) =>
      send(runtime, { type: 'container.started', id, at: startedAt } satisfies ContainerStarted),
    ),
    'report the exit': ask(reportExit),
    'go on with the script': decide((life, _, { at }) => resumed(life, at)),
    'end by itself': update((life, _, { at }) => {
      const { exits } = life.program.conduct
      return { exit: exited(life, exits?.code ?? 0, exits?.oomKilled === true, at) }
    }),
    'note the grace period': update('container.stop', (_, { graceMs }) => ({ graceMs })),
    'send SIGTERM': decide((life, _, { at }) => signalledWith(life, 'TERM', at)),
    'end as asked': update((life, _, { at }) => {
      const { onTerm } = life.program.conduct
      return { exit: exited(life, onTerm === 'ignored' ? 137 : onTerm.code, false, at) }
    }),
    'send SIGKILL': update((life, _, { at }) => ({ exit: exited(life, 137, life.shell.oomKilled, at) })),
    'run the command': decide('container.execute', (life, event, told) => execute(life, asker(told), event, told)),
    'give the command up': decide('exec.expired', (life, { pid, timeoutMs }, { at }) =>
      expired(life, pid, timeoutMs, at),
    ),
    'refuse the command': ask('container.execute', (_, __, { from, call }) =>
      answer(from, call, failed('Unknown', 'failed to exec in container: container is in CONTAINER_EXITED state')),
    ),
    'answer the probe': decide('probe.request', (life, probe, told) => probed(life, asker(told), probe, told.at)),
    'refuse the probe': ask('probe.request', (_, __, { from, call }) => answer(from, call, refusedProbe)),
    'answer the request': decide('http.request', (life, { port, path }, told) =>
      requested(life, asker(told), port, path, told.at),
    ),
    'refuse the request': ask('http.request', (_, __, { from, call }) =>
      answer(from, call, { type: 'http.answered', status: 0, body: '' }),
    ),
    'take the change of the volume': decide('volume.changed', (life, event, { at }) => volumeChanged(life, event, at)),
    'take the new mounts': decide('mounts.renewed', (life, event, { at }) => mountsRenewed(life, event, at)),
    'tell how it fares': ask((life, _, { from, call }) => answer(from, call, inspected(life))),
    'tell the log': ask((life, _, { from, call, at }) =>
      answer(from, call, { type: 'log.answered', lines: logAt(life, at) }),
    ),
    'note the new limits': update('limits.changed', ({ config }, { resources }) => ({
      config: { ...config, resources },
    })),
    'stop its timers': ask(() => [cancel('script'), cancel('life')]),
  },
}).createMachine({
  id: 'container',
  description: 'One container and what runs in it.',
  context: born((input: ContainerInput, { at }) => created(input, at)),
  initial: 'created',
  on: {
    'limits.changed': { actions: 'note the new limits' },
    'container.inspect': { actions: 'tell how it fares' },
    'log.request': { actions: 'tell the log' },
    'probe.request': { actions: 'refuse the probe' },
    'http.request': { actions: 'refuse the request' },
    'container.execute': { actions: 'refuse the command' },
  },
  states: {
    created: {
      description: 'Its file system and its namespaces are there; no process yet.',
      on: {
        'container.start': 'starting',
        'container.delete': 'deleted',
        'volume.changed': { actions: 'take the change of the volume' },
        'mounts.renewed': { actions: 'take the new mounts' },
      },
    },
    starting: {
      description: 'runc sets up the first process.',
      after: {
        'start time': [
          { guard: 'its command is not in the image', target: 'exited', actions: 'note that it could not start' },
          { target: 'running', actions: ['launch', 'report the start'] },
        ],
      },
      on: { 'container.delete': 'deleted' },
    },
    running: {
      initial: 'deciding',
      always: { guard: 'it has ended', target: 'exited' },
      on: {
        'script.due': { actions: 'go on with the script' },
        'life.ended': { actions: 'end by itself' },
        'exec.expired': { actions: 'give the command up' },
        'container.execute': { actions: 'run the command' },
        'probe.request': { actions: 'answer the probe' },
        'http.request': { actions: 'answer the request' },
        'volume.changed': { actions: 'take the change of the volume' },
        'mounts.renewed': { actions: 'take the new mounts' },
        'container.stop': [
          { guard: 'no grace is given', target: 'exited', actions: 'send SIGKILL' },
          { target: '#container.stopping', actions: 'note the grace period' },
        ],
        'container.delete': 'deleted',
      },
      states: {
        deciding: {
          always: [
            { guard: 'it runs a script', target: 'following' },
            { guard: 'it is ready at once', target: 'serving' },
            { target: 'warmingUp' },
          ],
        },
        following: { description: 'A script: what it does next is in its processes, and when in a timer.' },
        warmingUp: {
          description: 'Runs, but does not listen yet.',
          after: { 'time until ready': 'serving' },
        },
        serving: { description: 'Listens. Its health is a matter of its age.' },
      },
    },
    stopping: {
      description: 'SIGTERM was sent. Still serves, as most programs do while they finish.',
      initial: 'deciding',
      entry: 'send SIGTERM',
      always: { guard: 'it has ended', target: 'exited' },
      after: { 'grace period': { target: 'exited', actions: 'send SIGKILL' } },
      on: {
        'script.due': { actions: 'go on with the script' },
        'life.ended': { actions: 'end by itself' },
        'exec.expired': { actions: 'give the command up' },
        'container.execute': { actions: 'run the command' },
        'probe.request': { actions: 'answer the probe' },
        'http.request': { actions: 'answer the request' },
        'volume.changed': { actions: 'take the change of the volume' },
        'container.stop': [
          { guard: 'no grace is given', target: 'exited', actions: 'send SIGKILL' },
          {
            target: 'stopping',
            reenter: true,
            actions: 'note the grace period',
            description: 'The signal is sent again and the grace period begins anew.',
          },
        ],
        'container.delete': 'deleted',
      },
      states: {
        deciding: {
          always: [
            { guard: 'it runs a script', target: 'handling' },
            { guard: 'it ignores SIGTERM', target: 'ignoring' },
            { target: 'finishing' },
          ],
        },
        handling: { description: 'The script runs its trap, or ignores the signal for want of one.' },
        ignoring: { description: 'Only SIGKILL will end it.' },
        finishing: { after: { 'time to end': { actions: 'end as asked' } } },
      },
    },
    exited: {
      description: 'The shim holds the exit until the runtime has taken note of it.',
      entry: ['stop its timers', 'report the exit'],
      on: { 'container.delete': 'deleted' },
    },
    deleted: { type: 'final' },
  },
})
