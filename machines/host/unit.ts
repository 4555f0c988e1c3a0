/** One unit of a machine's init system: a process that is started again whenever it ends (systemd, or a static pod). */
import { setup } from 'xstate'
import { born, monitor, type PeerLost, spawnProcess, stop, verbs } from '../../runtime/contract.ts'
import type { UnitInput, UnitStart, UnitStop } from '../protocol/host.ts'
import { restartDelayMs, restartsCounted } from './restart.ts'

interface Context extends UnitInput {
  readonly restarts: number
  readonly startedAt: number
}
type Events = PeerLost | UnitStart | UnitStop
const { update, ask, lasting } = verbs<Context, Events>()

export const unit = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as UnitInput },
  delays: { 'restart delay': lasting(({ restart, restarts }) => restartDelayMs(restart, restarts)) },
  actions: {
    'start the process': ask(({ address, machine, input }) => [
      spawnProcess(address, machine, input),
      monitor(address),
    ]),
    'note the start': update((_, __, { at }) => ({ startedAt: at })),
    'forgive old restarts': update(({ restart, restarts, startedAt }, _, { at }) => ({
      restarts: restartsCounted(restart, restarts, at - startedAt),
    })),
    'count the restart': update(({ restarts }) => ({ restarts: restarts + 1 })),
    'stop the process': ask(({ address }) => stop(address)),
  },
}).createMachine({
  id: 'unit',
  description: 'Keeps one process running.',
  context: born((input: UnitInput) => ({ ...input, restarts: 0, startedAt: 0 })),
  initial: 'active',
  states: {
    active: {
      description: 'The process runs.',
      entry: ['note the start', 'start the process'],
      on: {
        'peer.lost': { target: 'waitingToRestart', actions: 'forgive old restarts' },
        'unit.stop': { target: 'stopping', actions: 'stop the process' },
      },
    },
    waitingToRestart: {
      description: 'It ended, whatever the reason. The delay grows with each restart in a row.',
      after: { 'restart delay': { target: 'active', actions: 'count the restart' } },
      on: { 'unit.stop': 'inactive' },
    },
    stopping: {
      description: 'Told to end; what was told of its end is yet to come.',
      on: { 'peer.lost': 'inactive', 'unit.start': 'restarting' },
    },
    restarting: {
      description: 'Wanted again before it had ended.',
      on: { 'peer.lost': 'active', 'unit.stop': 'stopping' },
    },
    inactive: {
      description: 'Kept down on purpose.',
      on: { 'unit.start': 'active' },
    },
  },
})
