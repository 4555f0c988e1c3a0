import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, assign, type EventObject, enqueueActions, raise, setup } from 'xstate'
import { compile } from '../../../../runtime/compile/compile.ts'
import { delivery, verbs } from '../../../../runtime/contract.ts'
import { context, expectSame, type Log, small } from './small.ts'

test('what is asked keeps its order through exit, transition and entry, and each action sees what the last one changed', () => {
  const machine = small.createMachine({
    id: 'orders',
    context,
    initial: 'here',
    states: {
      here: {
        exit: ['tell exit', 'count at exit', 'tell exit'],
        on: { go: { target: 'there', actions: ['tell the count', 'count up', 'tell and count', 'tell the count'] } },
      },
      there: { entry: ['tell entry', 'count up', 'count at entry', 'tell entry'], on: { back: 'here' } },
    },
  })
  expectSame(machine, 'go', 'back')
  const { snapshot } = compile(machine).start({ count: 0 })
  const { effects } = compile(machine).step(snapshot, { type: 'go' })
  expect(effects.map((effect) => (effect.do === 'send' ? effect.event.type : effect.do))).toEqual([
    ...['exit 0 go', 'exit counted 0', 'exit 1 go'],
    ...['count 1', 'go', '2 on go', 'count 3', 'go'],
    ...['entry 3 go', 'entry counted 4', 'entry 5 go'],
  ])
})

describe('a state timer', () => {
  const machine = small.createMachine({
    id: 'timers',
    context,
    initial: 'waiting',
    after: { short: { actions: 'tell the count' } },
    states: {
      waiting: {
        entry: ['tell entry', 'count up'],
        exit: 'tell exit',
        after: {
          short: [{ guard: 'count is even', target: 'over', actions: 'note' }, { actions: 'tell and count' }],
          'as long as counted': { target: 'waiting', reenter: true },
        },
        on: { go: 'over', again: { target: 'waiting', reenter: true }, up: { actions: 'count up' } },
      },
      over: { entry: 'tell entry', on: { back: 'waiting' } },
    },
  })

  test('runs as in XState', () => expectSame(machine, 'go', 'again', 'back', 'up'))

  test('is set after the entry actions, for as long as the context says by then, and cancelled after the exit actions', () => {
    delivery.at = 1
    const born = compile(machine).start({ count: 2 })
    expect(born.effects.filter(({ do: verb }) => verb === 'wake')).toMatchObject([
      { key: 'xstate.after.short.timers', afterMs: 10 },
      { key: 'xstate.after.short.timers.waiting', afterMs: 10, event: { type: 'xstate.after.short.timers.waiting' } },
      { key: 'xstate.after.as long as counted.timers.waiting', afterMs: 3_012 },
    ])
    const gone = compile(machine).step(born.snapshot, { type: 'go' })
    expect(gone.effects.map(({ do: verb }) => verb)).toEqual(['send', 'cancel', 'cancel', 'send'])
  })
})

test('a list that an action asks for is not changed by what others ask for', () => {
  const requests = [{ do: 'sync', key: 'first' }] as const
  const { ask } = verbs<Log, EventObject>()
  const asking = { first: ask(() => requests), second: ask(() => ({ do: 'sync', key: 'second' })) }
  const machine = setup({ types: { context: {} as Log, events: {} as EventObject }, actions: asking })
  const chart = machine.createMachine({
    id: 'listed',
    context: { log: [], count: 0 },
    on: { go: { actions: ['first', 'second'] } },
  })
  const { effects } = compile(chart).step(compile(chart).start({}).snapshot, { type: 'go' })
  expect(effects).toEqual([requests[0], { do: 'sync', key: 'second' }])
  expect(requests).toHaveLength(1)
})

/** Charts as nobody should write them: their types are beside the point. */
const chart = (config: object, implementations: object = {}): AnyStateMachine => {
  const made = setup(implementations as never).createMachine({ id: 'strange', initial: 'here', ...config } as never)
  return made as unknown as AnyStateMachine
}
const here = (state: object, implementations: object = {}) => chart({ states: { here: state } }, implementations)
const regions = { type: 'parallel', states: { left: {}, right: {}, where: { type: 'history' } } }

describe('refused with what is not known, where, and what to write instead:', () => {
  test.each([
    ['invoke', here({ invoke: { src: 'x' } }), 'invoke is not known to the compiled step. Ask for the actor'],
    ['output', here({ type: 'final', output: 1 }), 'output is not known to the compiled step. Tell the result'],
    ['a wildcard', here({ on: { '*': {} } }), 'the wildcard event "*" is not known to the compiled step. Name every'],
    ['a partial wildcard', here({ on: { 'a.*': {} } }), 'the wildcard event "a.*" is not known'],
    ['an inline action', here({ entry: assign({}) }), 'an inline action (xstate.assign) is not known'],
    ['an inline function', here({ exit: () => undefined }), 'an inline action (a function) is not known'],
    ['a raised event', here({ entry: raise({ type: 'x' }) }), 'an inline action (xstate.raise) is not known'],
    [
      'a delayed event',
      here({ entry: raise({ type: 'x' }, { id: 'x', delay: 1 }) }),
      'an inline action (xstate.raise)',
    ],
    ['an inline guard', here({ on: { go: { guard: () => true } } }), 'an inline guard is not known'],
    [
      'a missing action',
      here({ entry: 'report' }),
      'the action "report" is not known to the compiled step. Declare it',
    ],
    ['a missing guard', here({ always: { guard: 'ready' } }), 'the guard "ready" is not known'],
    ['a missing delay', here({ after: { 'grace perod': {} } }), 'the delay "grace perod" is not known'],
    ['parameters', here({ entry: { type: 'x', params: {} } }), 'parameters ("x") is not known'],
    [
      'an action of no verb',
      here({ entry: 'x' }, { actions: { x: enqueueActions(() => undefined) } }),
      'what the action "x" does is not known to the compiled step. Make it of the verbs: update, ask, decide.',
    ],
    ['a guard of no verb', here({ always: { guard: 'x' } }, { guards: { x: () => false } }), 'what the guard "x" asks'],
    ['a delay of no verb', here({ after: { x: {} } }, { delays: { x: () => 1 } }), 'how long the delay "x" is'],
    [
      'targets inside each other',
      here({ on: { go: { target: ['#strange', '#strange.here'] } } }),
      'a transition to several states',
    ],
    [
      'a region beside the history of all regions',
      chart({ states: { here: { on: { go: { target: ['both.left', 'both.where'] } } }, both: regions } }),
      'a transition to several states that cannot be active together is not known to the compiled step. Name one',
    ],
  ])('%s', (_, machine, sentence) => {
    expect(() => compile(machine)).toThrow(`strange, state here: ${sentence}`)
  })

  test('the history of a state around', () => {
    const states = { a: { on: { go: 'where' } }, b: {}, where: { type: 'history' } }
    const sentence = 'strange, state here.a: a transition to the history of a state around it is not known'
    expect(() => compile(here({ initial: 'a', states }))).toThrow(sentence)
  })

  test('a history state whose default lies elsewhere', () => {
    const states = { a: {}, where: { type: 'history', target: '#strange.there' } }
    const machine = chart({ states: { here: { initial: 'a', states }, there: {} } })
    const sentence =
      'strange, state here.where: where it goes at first is not known to the compiled step. Name a target'
    expect(() => compile(machine)).toThrow(sentence)
  })

  test('an action where a guard is wanted', () => {
    const { ask, when } = verbs<Record<string, never>, EventObject>()
    const [asks, holds] = [ask(() => []), when(() => true)]
    expect(() => compile(here({ always: { guard: 'x' } }, { guards: { x: asks } }))).toThrow('what the guard "x" asks')
    expect(() => compile(here({ entry: 'x' }, { actions: { x: holds } }))).toThrow('what the action "x" does')
  })
})
