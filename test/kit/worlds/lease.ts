/** Two contenders for one lease. The keeper gives it to whoever asks first, until it is given back. */
import { setup } from 'xstate'
import { answer, call, send, verbs } from '../../../runtime/contract.ts'

interface Wanted {
  readonly type: 'lease.wanted'
}
interface Returned {
  readonly type: 'lease.returned'
}
interface Decided {
  readonly type: 'lease.decided'
  readonly granted: boolean
}
interface Held {
  readonly holder: string
}
const keeping = verbs<Held, Wanted | Returned>()
export const keeper = setup({
  types: { context: {} as Held, events: {} as Wanted | Returned },
  actions: {
    grant: keeping.decide('lease.wanted', (_, __, { from, call: number }) => [
      { holder: from },
      answer(from, number, { type: 'lease.decided', granted: true }),
    ]),
    refuse: keeping.ask('lease.wanted', (_, __, { from, call: number }) =>
      answer(from, number, { type: 'lease.decided', granted: false }),
    ),
    'take it back': keeping.update(() => ({ holder: '' })),
  },
}).createMachine({
  id: 'keeper',
  context: { holder: '' },
  initial: 'free',
  states: {
    free: { on: { 'lease.wanted': { target: 'held', actions: 'grant' } } },
    held: {
      on: { 'lease.wanted': { actions: 'refuse' }, 'lease.returned': { target: 'free', actions: 'take it back' } },
    },
  },
})

const contending = verbs<Record<string, never>, Decided>()
export const contender = setup({
  types: { context: {} as Record<string, never>, events: {} as Decided },
  delays: { 'term of office': 5_000, 'retry period': 2_000 },
  guards: { 'it is granted': contending.when('lease.decided', (_, { granted }) => granted) },
  actions: {
    'ask for the lease': contending.ask(() => call('keeper/k', { type: 'lease.wanted' })),
    'give it back': contending.ask(() => send('keeper/k', { type: 'lease.returned' })),
  },
}).createMachine({
  id: 'contender',
  context: {},
  initial: 'asking',
  states: {
    asking: {
      entry: 'ask for the lease',
      on: { 'lease.decided': [{ guard: 'it is granted', target: 'leading' }, { target: 'waiting' }] },
    },
    waiting: { after: { 'retry period': 'asking' } },
    leading: { exit: 'give it back', after: { 'term of office': 'waiting' } },
  },
})
