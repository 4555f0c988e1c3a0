import { afterEach, describe, expect, test } from 'vitest'
import { type AnyStateMachine, assign, type EventObject, enqueueActions, setup } from 'xstate'
import { cancel, delivery, send, verbs } from '../../../runtime/contract.ts'
import { start, step, watchTransitions } from '../../../runtime/step.ts'

interface Count {
  readonly count: number
}
const { update, ask, decide, when, lasting } = verbs<Count, EventObject>()
const counter = setup({
  types: { context: {} as Count, events: {} as EventObject, input: {} as number },
  delays: { 'a while': lasting(({ count }, _, { at }) => count + at) },
  guards: { 'it is enough': when(({ count }) => count >= 2) },
  actions: {
    'count up': update(({ count }) => ({ count: count + 1 })),
    tell: ask(({ count }) => [send('a/b', { type: `count ${count}` }), cancel('x')]),
    'tell and count': decide(({ count }, event) => [{ count: count + 1 }, send('a/b', { type: event.type })]),
    fail: update(() => {
      throw new Error('it broke')
    }),
  },
}).createMachine({
  id: 'counter',
  context: ({ input }) => ({ count: input }),
  initial: 'counting',
  states: {
    counting: {
      entry: 'tell',
      after: { 'a while': 'over' },
      always: { guard: 'it is enough', target: 'over' },
      on: { up: { actions: ['count up', 'tell and count', 'tell'] }, fail: { actions: 'fail' } },
    },
    over: { type: 'final', entry: 'tell and count' },
  },
})

const TIMER = 'xstate.after.a while.counter.counting'

afterEach(() => watchTransitions(undefined))

test('what a chart asks for comes back in order, and nothing else happens', () => {
  delivery.at = 100
  const born = start(counter, 0)
  expect(born.effects).toEqual([
    send('a/b', { type: 'count 0' }),
    cancel('x'),
    { do: 'wake', key: 'xstate.after.a while.counter.counting', afterMs: 100, event: { type: TIMER } },
  ])
  const { snapshot, effects } = step(counter, born.snapshot, { type: 'up' })
  expect(effects.map((effect) => (effect.do === 'send' ? effect.event.type : effect.do))).toEqual([
    ...['up', 'count 2', 'cancel'],
    ...['cancel', 'up'],
  ])
  expect([snapshot.status, snapshot.context]).toEqual(['done', { count: 3 }])
})
test('an event that nothing waits for changes nothing', () => {
  const { snapshot } = start(counter, 0)
  expect(step(counter, snapshot, { type: 'unheard' })).toEqual({ snapshot, effects: [] })
})

test('a chart that is done stays as it is', () => {
  const { snapshot } = start(counter, 2)
  expect(snapshot.status).toBe('done')
  expect(step(counter, snapshot, { type: 'up' })).toEqual({ snapshot, effects: [] })
})

test('what an action throws is thrown', () => {
  expect(() => step(counter, start(counter, 0).snapshot, { type: 'fail' })).toThrow('it broke')
})

test('a chart that goes round for ever is told, not waited for', () => {
  const machine = setup({}).createMachine({
    id: 'round',
    initial: 'a',
    states: { a: { always: 'b' }, b: { always: 'a' } },
  })
  expect(() => start(machine, undefined)).toThrow('Infinite loop detected')
})

test('every transition that is taken is told to who watches', () => {
  const events: string[] = []
  watchTransitions((_, transition) => events.push((transition as { eventType: string }).eventType))
  step(counter, start(counter, 0).snapshot, { type: 'up' })
  expect(events).toEqual(['up', ''])
})

describe('a machine may not', () => {
  const child = setup({}).createMachine({ id: 'child' })
  const acting = (entry: unknown): AnyStateMachine =>
    setup({ actors: { child } }).createMachine({
      id: 'eager',
      entry,
      context: {},
    } as never) as unknown as AnyStateMachine

  test.each([
    [
      'act on its own',
      acting(function wave() {}),
      'A machine may not run the action "wave". Use the verbs: update, ask, decide. (runtime/contract.ts)',
    ],
    ['name an action that nobody declared', acting('report'), 'A machine may not run the action "report".'],
    [
      'spawn',
      acting(assign({ of: ({ spawn }) => spawn('child' as never) as never })),
      'A machine may not spawn or invoke.',
    ],
    [
      'send to an actor that it enqueued',
      acting(enqueueActions(({ enqueue, self }) => enqueue.sendTo(self, { type: 'x' }))),
      'A machine may not run the action "xstate.sendTo".',
    ],
  ])('%s', (_, machine, sentence) => {
    expect(() => start(machine, {})).toThrow(sentence)
  })

  test('invoke', () => {
    const machine = setup({ actors: { child } }).createMachine({ id: 'eager', invoke: { src: 'child' } })
    expect(() => start(machine, {})).toThrow('A machine may not spawn or invoke. Ask for it: ask(() => spawn(')
  })
})
