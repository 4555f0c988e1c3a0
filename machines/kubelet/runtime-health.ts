/**
 * Whether the container runtime and its network are ready (kubelet.go, updateRuntimeUp; runtime.go). The real kubelet
 * asks every 5 s; here it asks until both are, and again when the runtime's process is gone.
 */
import { setup } from 'xstate'
import {
  type Address,
  born,
  type CallLost,
  call,
  hangUp,
  monitor,
  type PeerLost,
  send,
  verbs,
} from '../../runtime/contract.ts'
import type { CriAnswered, CriFailed, RuntimeCondition } from '../protocol/cri.ts'
import type { RuntimeReadiness } from '../protocol/kubelet.ts'

export interface RuntimeHealthInput {
  readonly kubelet: Address
  readonly runtime: Address
}
interface Context extends RuntimeHealthInput {
  readonly heardAt: number
  readonly problems: readonly string[]
}
type Events = CriAnswered | CriFailed | CallLost | PeerLost

const INTERVAL_MS = 5_000
/** A runtime that is silent for so long is down (maxWaitForContainerRuntime). */
const DOWN_MS = 30_000
const { update, ask, decide, when } = verbs<Context, Events>()

const conditionsIn = ({ reply }: CriAnswered) => (reply as { conditions: readonly RuntimeCondition[] }).conditions
function problemIn(event: CriAnswered): readonly string[] {
  const bad = conditionsIn(event).find(({ status }) => !status)
  if (bad === undefined) return []
  const what = bad.type === 'NetworkReady' ? 'container runtime network not ready' : 'container runtime is not ready'
  return [`${what}: ${bad.type}=false reason:${bad.reason} message:${bad.message}`]
}
const told = ({ kubelet }: Context, problems: readonly string[]) =>
  send(kubelet, { type: 'runtime.readiness', problems } satisfies RuntimeReadiness)

export const runtimeHealth = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as RuntimeHealthInput },
  delays: { 'look interval': INTERVAL_MS, 'runtime request timeout': 120_000 },
  guards: {
    'all is ready': when('cri.answered', (_, event) => problemIn(event).length === 0),
    'it has been silent for long': when(({ heardAt }, _, { at }) => at - heardAt >= DOWN_MS),
  },
  actions: {
    'ask the runtime': ask(({ runtime }) => call(runtime, { type: 'cri.request', call: 'Status' }, 'status')),
    'tell what it said': decide('cri.answered', (context, event, { at }) => {
      const problems = problemIn(event)
      return [{ heardAt: at, problems }, problems.join() === context.problems.join() ? [] : told(context, problems)]
    }),
    'tell that it is down': decide((context) => {
      const problems = ['container runtime is down']
      return [{ problems }, problems.join() === context.problems.join() ? [] : told(context, problems)]
    }),
    'watch its process': ask(({ runtime }) => monitor(runtime)),
    'note when it was last heard': update((_, __, { at }) => ({ heardAt: at })),
    'hang up': ask(() => hangUp('status')),
  },
}).createMachine({
  id: 'runtime-health',
  context: born((input, { at }) => ({ ...input, heardAt: at, problems: [UNKNOWN] })),
  initial: 'asking',
  states: {
    asking: {
      entry: 'ask the runtime',
      on: {
        'cri.answered': [
          { guard: 'all is ready', target: 'ready', actions: 'tell what it said' },
          { target: 'notReady', actions: 'tell what it said' },
        ],
        'cri.failed': 'silent',
        'call.lost': 'silent',
      },
      after: { 'runtime request timeout': { target: 'silent', actions: 'hang up' } },
    },
    ready: {
      entry: 'watch its process',
      on: { 'peer.lost': { target: 'asking', actions: 'note when it was last heard' } },
    },
    notReady: { after: { 'look interval': 'asking' } },
    silent: {
      after: {
        'look interval': [
          { guard: 'it has been silent for long', target: 'asking', actions: 'tell that it is down' },
          { target: 'asking' },
        ],
      },
    },
  },
})

/** What a kubelet says before it has asked for the first time. */
const UNKNOWN = 'container runtime status check may not have completed yet'
