import { expect, test } from 'vitest'
import { compile } from '../../../../runtime/compile/compile.ts'
import { equivalent } from '../../../kit/equivalence.ts'
import { anyChart } from './any-chart.ts'
import { context, expectSame, inputs, on, small } from './small.ts'

test('a flat chart: several guarded transitions, forbidden and targetless ones, actions in order', () => {
  const machine = small.createMachine({
    id: 'flat',
    context,
    initial: 'first',
    entry: ['tell entry', 'count at entry'],
    exit: ['count at exit', 'tell exit'],
    on: {
      go: { target: '.second', actions: 'tell the count' },
      up: { actions: ['count up', 'tell and count', 'note'] },
    },
    states: {
      first: {
        entry: 'tell entry',
        exit: ['tell exit', 'count at exit'],
        on: {
          go: [
            {
              guard: 'count is even',
              target: 'second',
              actions: ['tell the count', 'tell and count', 'tell the count'],
            },
            { guard: 'count is large', actions: 'count again' },
          ],
          up: {},
          again: { target: 'first', reenter: true, actions: 'note' },
          stay: { target: 'first', actions: 'tell nothing' },
        },
      },
      second: {
        entry: ['count at entry', 'tell entry'],
        exit: 'tell exit',
        on: {
          back: 'first',
          end: { target: 'third', actions: 'tell the count' },
          break: { guard: 'guard fails', target: 'first' },
          bad: { actions: 'break' },
        },
      },
      third: { type: 'final', entry: 'tell entry', exit: 'count at exit' },
    },
  })
  const { covered } = equivalent(machine, {
    inputs,
    events: on('go', 'up', 'again', 'stay', 'back', 'end', 'break', 'bad'),
  })
  expect(covered.missing).toEqual(['second: on break [guard fails] #2 → first', 'second: on bad #3'])
})

test('is made once for each machine', () => {
  const machine = small.createMachine({ id: 'once', context })
  expect(compile(machine)).toBe(compile(machine))
})

test('what an action, a guard or the context throws is thrown, and the snapshot is as good as before', () => {
  const machine = small.createMachine({
    id: 'failing',
    context,
    entry: 'break',
    on: { break: { guard: 'guard fails' }, up: { actions: ['count up', 'break'] } },
  })
  expect(() => compile(machine).start({ count: 0 })).toThrow('an action for "never" was run on "xstate.init"')
  const broken = small.createMachine({ id: 'broken', context: () => JSON.parse('{') })
  expect(() => compile(broken).start({})).toThrow(SyntaxError)
})

test('a chart that is done stays as it is', () => {
  const machine = small.createMachine({
    id: 'short-lived',
    context,
    initial: 'over',
    states: { over: { type: 'final' } },
  })
  const { snapshot } = compile(machine).start({ count: 0 })
  expect(snapshot.status).toBe('done')
  expect(compile(machine).step(snapshot, { type: 'go' })).toEqual({ snapshot, effects: [] })
})

test('an event that nothing waits for gives the same snapshot back', () => {
  const machine = small.createMachine({ id: 'deaf', context, on: { go: { actions: 'count up' } } })
  const { snapshot } = compile(machine).start({ count: 0 })
  expect(compile(machine).step(snapshot, { type: 'unheard' }).snapshot).toBe(snapshot)
})

test('an always-transition that goes round for ever is told', () => {
  const machine = small.createMachine({
    id: 'restless',
    context,
    initial: 'here',
    states: {
      here: { on: { go: 'there' } },
      there: { always: { target: 'beyond' } },
      beyond: { always: 'there' },
    },
  })
  const { snapshot } = compile(machine).start({ count: 0 })
  expect(() => compile(machine).step(snapshot, { type: 'go' })).toThrow(
    'restless, state there: the always-transitions go round for ever (more than 1000 turns). ' +
      'Give them a guard that ends them, or wait for an event.',
  )
})

test('a chart without states, and one whose context is given as it is', () => {
  expectSame(small.createMachine({ id: 'bare', context, on: { go: { actions: 'tell and count' } } }), 'go')
  expectSame(
    small.createMachine({ id: 'given', context: { log: [], count: 7 }, on: { go: { actions: 'note' } } }),
    'go',
  )
})

test('any chart steps as XState steps it', () => {
  const CHARTS = 40
  for (let seed = 0; seed < CHARTS; seed++) {
    equivalent(anyChart(seed), { inputs, events: on('a', 'b', 'c', 'go') }, { walks: 8, steps: 25 })
  }
}, 60_000)
