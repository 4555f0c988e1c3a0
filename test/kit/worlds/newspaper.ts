/**
 * A newspaper and its readers: an issue every ten seconds, pushed to all who have subscribed. Who subscribes gets the
 * latest issue, so who lost the connection never learns what stood in those between.
 */
import { setup } from 'xstate'
import { push, type StreamClosed, type StreamEnded, stream, verbs } from '../../../runtime/contract.ts'

interface Subscribed {
  readonly type: 'subscribed'
}
interface Issue {
  readonly type: 'issue'
  readonly number: number
  /** As the publisher's clock has it. */
  readonly printedAt: number
}
interface Publishing {
  readonly latest: Issue
  readonly readers: readonly number[]
}
const press = verbs<Publishing, Subscribed | StreamClosed>()
export const publisher = setup({
  types: { context: {} as Publishing, events: {} as Subscribed | StreamClosed },
  delays: { 'printing time': 10_000 },
  actions: {
    'take the reader on': press.decide('subscribed', ({ latest, readers }, _, { call: number }) => [
      { readers: [...readers, number] },
      push(number, latest),
    ]),
    'let the reader go': press.update('stream.closed', ({ readers }, { stream: gone }) => ({
      readers: readers.filter((number) => number !== gone),
    })),
    'print the next issue': press.decide(({ latest, readers }, _, { at: printedAt }) => {
      const issue: Issue = { type: 'issue', number: latest.number + 1, printedAt }
      return [{ latest: issue }, readers.map((number) => push(number, issue))]
    }),
  },
}).createMachine({
  id: 'publisher',
  context: { latest: { type: 'issue', number: 0, printedAt: 0 }, readers: [] },
  initial: 'printing',
  states: {
    printing: {
      on: { subscribed: { actions: 'take the reader on' }, 'stream.closed': { actions: 'let the reader go' } },
      after: { 'printing time': { target: 'printing', reenter: true, actions: 'print the next issue' } },
    },
  },
})

interface Reading {
  readonly read: readonly number[]
}
const chair = verbs<Reading, Issue | StreamEnded>()
export const reader = setup({
  types: { context: {} as Reading, events: {} as Issue | StreamEnded },
  delays: { patience: 3_000 },
  guards: {
    'it is new': chair.when('issue', ({ read }, { number }) => number > (read.at(-1) ?? 0)),
  },
  actions: {
    subscribe: chair.ask(() => stream('publisher/p', { type: 'subscribed' })),
    'read it': chair.update('issue', ({ read }, { number }) => ({ read: [...read, number] })),
  },
}).createMachine({
  id: 'reader',
  context: { read: [] },
  initial: 'subscribed',
  states: {
    subscribed: {
      entry: 'subscribe',
      on: { issue: { guard: 'it is new', actions: 'read it' }, 'stream.ended': 'withoutPaper' },
    },
    withoutPaper: { after: { patience: 'subscribed' } },
  },
})
