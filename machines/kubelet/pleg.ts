/**
 * The generic PLEG (pkg/kubelet/pleg): each second the kubelet lists what the runtime has and tells the workers of the
 * pods that changed. The real one lists whether or not anything happened; here the runtime says what did, and the tick
 * is asked for only then, or when a worker waits for one: what the workers see, and when, is the same.
 */
import { setup } from 'xstate'
import {
  type Address,
  born,
  type CallLost,
  call,
  hostOf,
  type StreamEnded,
  send,
  stream,
  verbs,
} from '../../runtime/contract.ts'
import type { ContainerStatus, CriAnswered, CriEvents, CriFailed, PodSandboxStatus } from '../protocol/cri.ts'
import type { RelistAwaited, RuntimeListed } from '../protocol/kubelet.ts'
import { NOTHING_NOTED, type Noted, noted, relisted, waitingToo } from './relist.ts'
import { untilTick } from './ticks.ts'

export interface PlegInput {
  readonly kubelet: Address
  readonly runtime: Address
  readonly since: number
}
interface Context extends PlegInput {
  readonly noted: Noted
  readonly sandboxes: readonly PodSandboxStatus[]
}
type Events = CriAnswered | CriFailed | CriEvents | RelistAwaited | CallLost | StreamEnded

const { update, ask, decide, when, lasting } = verbs<Context, Events>()

export const pleg = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as PlegInput },
  delays: {
    'until the next relist': lasting(({ since }, _, { at }) => untilTick(since, at)),
    'runtime request timeout': 120_000,
  },
  guards: { 'something is to be told': when(({ noted }) => noted.changed.size + noted.waiting.length > 0) },
  actions: {
    'listen to the runtime': ask(({ runtime }) =>
      stream(runtime, { type: 'cri.request', call: 'GetContainerEvents' }, 'events'),
    ),
    'list the sandboxes': ask(({ runtime }) => call(runtime, { type: 'cri.request', call: 'ListPodSandbox' }, 'list')),
    'keep the sandboxes': update('cri.answered', (_, { reply }) => ({
      sandboxes: (reply as { sandboxes: readonly PodSandboxStatus[] }).sandboxes,
    })),
    'list the containers': ask(({ runtime }) => call(runtime, { type: 'cri.request', call: 'ListContainers' }, 'list')),
    'tell the kubelet': decide('cri.answered', ({ kubelet, sandboxes }, { reply }) => {
      const { containers } = reply as { containers: readonly ContainerStatus[] }
      const event: RuntimeListed = { type: 'runtime.listed', sandboxes, containers }
      return [{ sandboxes: [], noted: NOTHING_NOTED }, send(kubelet, event)]
    }),
    'note what changed': update('cri.events', (context, { events }) => ({ noted: noted(context.noted, events) })),
    'note who waits': update('relist.awaited', (context, _, { from }) => ({ noted: waitingToo(context.noted, from) })),
    'tell the workers': decide((context, _, { self }) => [
      { noted: NOTHING_NOTED },
      relisted(context.noted, hostOf(self)).map(([to, event]) => send(to, event)),
    ]),
  },
}).createMachine({
  id: 'pleg',
  context: born((input) => ({ ...input, noted: NOTHING_NOTED, sandboxes: [] })),
  initial: 'connecting',
  on: {
    'cri.events': { actions: 'note what changed' },
    'relist.awaited': { actions: 'note who waits' },
    'stream.ended': '.outOfReach',
  },
  states: {
    connecting: {
      description: 'Everything is listed anew: much may have happened unseen.',
      initial: 'listingSandboxes',
      entry: 'listen to the runtime',
      states: {
        listingSandboxes: {
          entry: 'list the sandboxes',
          on: { 'cri.answered': { target: 'listingContainers', actions: 'keep the sandboxes' } },
        },
        listingContainers: {
          entry: 'list the containers',
          on: { 'cri.answered': { target: '#pleg.quiet', actions: 'tell the kubelet' } },
        },
      },
      on: { 'cri.failed': 'outOfReach', 'call.lost': 'outOfReach' },
      after: { 'runtime request timeout': 'outOfReach' },
    },
    quiet: { always: { guard: 'something is to be told', target: 'waitingForTick' } },
    waitingForTick: { after: { 'until the next relist': { target: 'quiet', actions: 'tell the workers' } } },
    outOfReach: {
      description: 'No relist succeeds, so no worker begins another sync that needs one.',
      after: { 'until the next relist': 'connecting' },
    },
  },
})
