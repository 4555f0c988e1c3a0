/**
 * A pod's sandbox: its pause container, which holds the namespaces that the pod's containers share. A process of its
 * own, so that it outlives its runtime.
 */
import { setup } from 'xstate'
import { answer, born, draw, send, verbs } from '../../../runtime/contract.ts'
import type {
  PodSandboxInput,
  SandboxInspect,
  SandboxReady,
  SandboxStop,
  SandboxStopped,
} from '../../protocol/workload.ts'
import { SANDBOX_MS, SANDBOX_SPREAD_MS, SANDBOX_STOP_MS } from './timings.ts'

interface Context extends PodSandboxInput {
  readonly setUpMs: number
}
type Events = SandboxStop | SandboxInspect
const { ask, lasting } = verbs<Context, Events>()

const ready = (id: string): SandboxReady => ({ type: 'sandbox.ready', id })

export const podSandbox = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as PodSandboxInput },
  delays: {
    'set-up time': lasting(({ setUpMs }) => setUpMs),
    'tear-down time': SANDBOX_STOP_MS,
  },
  actions: {
    'tell that it is ready': ask(({ runtime, id }) => send(runtime, ready(id))),
    'tell that it has stopped': ask(({ runtime, id }) =>
      send(runtime, { type: 'sandbox.stopped', id } satisfies SandboxStopped),
    ),
    'answer that it is ready': ask('sandbox.inspect', ({ id }, _, { from, call }) => answer(from, call, ready(id))),
  },
}).createMachine({
  id: 'pod-sandbox',
  context: born((input: PodSandboxInput, { dice }) => ({
    setUpMs: SANDBOX_MS + (draw(dice, 'set-up') % SANDBOX_SPREAD_MS),
    ...input,
  })),
  initial: 'settingUp',
  states: {
    settingUp: {
      description: 'The network is set up, then the pause container is started.',
      after: { 'set-up time': { target: 'ready', actions: 'tell that it is ready' } },
      on: { 'sandbox.stop': 'tearingDown' },
    },
    ready: {
      on: {
        'sandbox.stop': 'tearingDown',
        'sandbox.inspect': { actions: 'answer that it is ready' },
      },
    },
    tearingDown: {
      description: 'The pause container is killed and the network taken down.',
      after: { 'tear-down time': { target: 'stopped', actions: 'tell that it has stopped' } },
    },
    stopped: { type: 'final' },
  },
})
