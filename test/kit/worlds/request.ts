/** A client that asks a server, gives up waiting, asks again, and gives up for good after its last try. */
import { setup } from 'xstate'
import { answer, type CallLost, call, verbs } from '../../../runtime/contract.ts'

interface Asked {
  readonly type: 'asked'
}
interface Answered {
  readonly type: 'answered'
}
interface Tries {
  readonly tries: number
}
export const MOST_TRIES = 2

const client = verbs<Tries, Answered | CallLost>()
export const asker = setup({
  types: { context: {} as Tries, events: {} as Answered | CallLost },
  delays: { 'time-out': 1_000 },
  guards: { 'it may try again': client.when(({ tries }) => tries < MOST_TRIES) },
  actions: {
    ask: client.ask(() => call('server/b', { type: 'asked' })),
    'count the try': client.update(({ tries }) => ({ tries: tries + 1 })),
  },
}).createMachine({
  id: 'asker',
  context: { tries: 0 },
  initial: 'waiting',
  states: {
    waiting: {
      entry: ['count the try', 'ask'],
      on: { answered: 'content', 'call.lost': 'deciding' },
      after: { 'time-out': 'deciding' },
    },
    deciding: { always: [{ guard: 'it may try again', target: 'waiting' }, { target: 'disappointed' }] },
    content: { description: 'It has its answer.', tags: 'at rest' },
    disappointed: { description: 'Every try was in vain.', tags: 'at rest' },
  },
})

interface Count {
  readonly answers: number
}
const serving = verbs<Count, Asked>()
export const server = setup({
  types: { context: {} as Count, events: {} as Asked },
  actions: {
    answer: serving.decide('asked', ({ answers }, _, { from, call: number }) => [
      { answers: answers + 1 },
      answer(from, number, { type: 'answered' }),
    ]),
  },
}).createMachine({
  id: 'server',
  context: { answers: 0 },
  initial: 'serving',
  states: { serving: { on: { asked: { actions: 'answer' } } } },
})
