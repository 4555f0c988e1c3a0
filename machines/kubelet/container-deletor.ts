/** Removes exited containers and stopped sandboxes that nobody needs any more (pkg/kubelet/pod_container_deletor.go). */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, hangUp, verbs } from '../../runtime/contract.ts'
import type { CriAnswered, CriFailed, CriRequest } from '../protocol/cri.ts'
import type { RemainsUnwanted } from '../protocol/kubelet.ts'

interface Input {
  readonly runtime: Address
}
interface Context extends Input {
  readonly queue: readonly CriRequest[]
}
type Events = RemainsUnwanted | CriAnswered | CriFailed | CallLost

const { update, ask, when } = verbs<Context, Events>()

export const containerDeletor = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as Input },
  delays: { 'runtime request timeout': 120_000 },
  guards: { 'something is to be removed': when(({ queue }) => queue.length > 0) },
  actions: {
    'queue them': update('remains.unwanted', ({ queue }, event) => ({ queue: [...queue, ...removals(event)] })),
    'remove the first': ask(({ runtime, queue }) => (queue[0] === undefined ? [] : call(runtime, queue[0], 'remove'))),
    'forget the first': update(({ queue }) => ({ queue: queue.slice(1) })),
    'hang up': ask(() => hangUp('remove')),
  },
}).createMachine({
  id: 'container-deletor',
  description: 'A queue of one worker: it removes, or there is nothing to remove.',
  context: born((input) => ({ ...input, queue: [] })),
  initial: 'idle',
  on: { 'remains.unwanted': { actions: 'queue them' } },
  states: {
    idle: { always: { guard: 'something is to be removed', target: 'removing' } },
    removing: {
      description: 'What cannot be removed now is found again by a later kubelet, not by this one.',
      entry: 'remove the first',
      exit: 'forget the first',
      on: { 'cri.answered': 'idle', 'cri.failed': 'idle', 'call.lost': 'idle' },
      after: { 'runtime request timeout': { target: 'idle', actions: 'hang up' } },
    },
  },
})

/** Containers before the sandboxes they are in. */
const removals = ({ containers, sandboxes }: RemainsUnwanted): CriRequest[] => [
  ...containers.map((containerId) => ({ type: 'cri.request', call: 'RemoveContainer', containerId }) as const),
  ...sandboxes.map((podSandboxId) => ({ type: 'cri.request', call: 'RemovePodSandbox', podSandboxId }) as const),
]
