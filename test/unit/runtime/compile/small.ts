/** The parts that the charts of these tests are made of: every action leaves a trace of when it ran, and on what. */
import { expect } from 'vitest'
import { type AnyStateMachine, type EventObject, setup } from 'xstate'
import { send, verbs } from '../../../../runtime/contract.ts'
import { equivalent } from '../../../kit/equivalence.ts'

/** What happened, in order, so that no order can be mistaken for another. */
export interface Log {
  readonly log: readonly string[]
  readonly count: number
}
const { update, ask, decide, when, lasting } = verbs<Log, EventObject>()
const told = (what: string) => send('someone/elsewhere', { type: what })

export const small = setup({
  types: { context: {} as Log, events: {} as EventObject, input: {} as { readonly count: number } },
  delays: {
    short: 10,
    'as long as counted': lasting(({ count }, event, { at }) => count * 1_000 + event.type.length + (at % 2)),
  },
  guards: {
    'count is even': when(({ count }) => count % 2 === 0),
    'count is small': when(({ count }) => count < 3),
    'count is large': when(({ count }) => count >= 3),
    'told to go': when('go', () => true),
    'guard fails': when('break', () => {
      throw new Error('a guard broke')
    }),
  },
  actions: {
    note: update(({ log, count }, event) => ({ log: [...log.slice(-20), `${event.type} ${count}`] })),
    'count up': update(({ count }) => ({ count: count + 1 })),
    'count again': update(() => ({ count: 0 })),
    'tell the count': ask(({ count }, event) => [told(`count ${count}`), told(event.type)]),
    'tell nothing': ask(() => []),
    'tell and count': decide(({ count }, event) => [{ count: count + 1 }, told(`${count} on ${event.type}`)]),
    'tell entry': ask(({ count }, event) => told(`entry ${count} ${event.type}`)),
    'tell exit': ask(({ count }, event) => told(`exit ${count} ${event.type}`)),
    'count at entry': decide(({ count }) => [{ count: count + 1 }, told(`entry counted ${count}`)]),
    'count at exit': decide(({ count }) => [{ count: count + 1 }, told(`exit counted ${count}`)]),
    break: ask('never', () => []),
  },
})
export const context = ({ input }: { input: { readonly count: number } }): Log => ({ log: [], count: input.count })
export const inputs = [{ count: 0 }, { count: 1 }, { count: 5 }]
export const on = (...types: string[]): EventObject[] => types.map((type) => ({ type }))

/** The same as XState, and nothing of the chart left out. */
export function expectSame(machine: AnyStateMachine, ...events: string[]): void {
  const { covered } = equivalent(machine, { inputs, events: on(...events, 'unheard') })
  expect(covered.missing).toEqual([])
}
