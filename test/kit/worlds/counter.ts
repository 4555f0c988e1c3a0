/** A counter that acknowledges an increment once it is safe on its disk, and a client that makes some. */
import { setup } from 'xstate'
import { answer, born, type CallLost, call, type DiskSynced, sync, verbs, write } from '../../../runtime/contract.ts'

interface Increment {
  readonly type: 'increment'
}
interface Incremented {
  readonly type: 'incremented'
}
interface Counting {
  readonly count: number
  readonly client: string
  readonly number: number
}
type Events = Increment | DiskSynced
const { decide, ask } = verbs<Counting, Events>()

export const counter = setup({
  types: { context: {} as Counting, events: {} as Events },
  actions: {
    'write the next count': decide('increment', ({ count }, _, { from, call: number }) => [
      { count: count + 1, client: from, number },
      [write('count', count + 1), sync()],
    ]),
    acknowledge: ask(({ client, number }) => answer(client, number, { type: 'incremented' })),
  },
}).createMachine({
  id: 'counter',
  context: born((_: unknown, { disk }) => ({
    count: (disk?.get('count') as number | undefined) ?? 0,
    client: '',
    number: 0,
  })),
  initial: 'resting',
  states: {
    resting: { on: { increment: { target: 'syncing', actions: 'write the next count' } } },
    syncing: {
      description: 'What is written here is not acknowledged: a loss of power may take it.',
      on: { 'disk.synced': { target: 'resting', actions: 'acknowledge' } },
    },
  },
})

interface Knowing {
  readonly acknowledged: number
}
export const WANTED = 2
const client = verbs<Knowing, Incremented | CallLost>()
export const incrementer = setup({
  types: { context: {} as Knowing, events: {} as Incremented | CallLost },
  guards: { 'it wants more': client.when(({ acknowledged }) => acknowledged < WANTED) },
  actions: {
    increment: client.ask(() => call('counter/b', { type: 'increment' })),
    'note the acknowledgement': client.update(({ acknowledged }) => ({ acknowledged: acknowledged + 1 })),
  },
}).createMachine({
  id: 'incrementer',
  context: { acknowledged: 0 },
  initial: 'deciding',
  states: {
    deciding: { always: [{ guard: 'it wants more', target: 'waiting' }, { target: 'content' }] },
    waiting: {
      entry: 'increment',
      on: { incremented: { target: 'deciding', actions: 'note the acknowledgement' }, 'call.lost': 'cutOff' },
    },
    cutOff: { description: 'It does not know whether its last increment counts.', tags: 'at rest' },
    content: { tags: 'at rest' },
  },
})
