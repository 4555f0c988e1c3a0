import { expect, test } from 'vitest'
import { compile } from '../../../../runtime/compile/compile.ts'
import { context, expectSame, small } from './small.ts'

test('every region takes its own transition on one event, in the order of the regions', () => {
  const machine = small.createMachine({
    id: 'two-regions',
    context,
    type: 'parallel',
    on: { go: { actions: 'tell nothing' }, up: { actions: 'tell the count' } },
    states: {
      left: {
        initial: 'first',
        states: {
          first: { exit: 'tell exit', on: { go: { target: 'second', actions: 'tell and count' } } },
          second: { entry: 'tell entry', on: { back: { target: 'first', actions: 'note' } } },
        },
      },
      right: {
        initial: 'first',
        states: {
          first: { exit: 'tell exit', on: { go: { target: 'second', actions: 'tell and count' } } },
          second: {
            entry: 'count at entry',
            on: { back: { guard: 'count is even', target: 'first' }, up: { actions: 'count up' } },
          },
        },
      },
    },
  })
  expectSame(machine, 'go', 'back', 'up')
  const { snapshot } = compile(machine).start({ count: 0 })
  expect(compile(machine).step(snapshot, { type: 'go' }).snapshot.value).toEqual({ left: 'second', right: 'second' })
})

test('the transition of the state around counts only when no region takes one', () => {
  expectSame(
    small.createMachine({
      id: 'around',
      context,
      initial: 'both',
      on: {
        go: [
          { guard: 'count is even', actions: ['count up', 'tell the count'] },
          { target: '.neither', actions: 'note' },
        ],
      },
      states: {
        both: {
          type: 'parallel',
          on: { go: { guard: 'count is small', actions: 'tell and count' } },
          states: {
            left: {
              on: { go: { guard: 'count is even', actions: ['note', 'count up'] }, up: { actions: 'count again' } },
            },
            right: {
              initial: 'only',
              states: { only: { on: { go: { guard: 'count is even', actions: 'count again' } } } },
            },
          },
        },
        neither: { on: { up: { actions: 'count up' }, back: { target: 'both', actions: 'count again' } } },
      },
    }),
    'go',
    'back',
    'up',
  )
})

test('always-transitions of all regions are taken at once, one of a state around them once', () => {
  expectSame(
    small.createMachine({
      id: 'always',
      context,
      type: 'parallel',
      always: { guard: 'count is small', actions: ['count up', 'tell the count'] },
      states: {
        left: {
          initial: 'first',
          states: {
            first: { always: { guard: 'count is large', target: 'second', actions: 'tell and count' } },
            second: { on: { back: { target: 'first', actions: 'count again' } } },
          },
        },
        right: {
          initial: 'first',
          states: {
            first: { always: [{ guard: 'told to go', target: 'second', actions: 'note' }] },
            second: { entry: 'tell entry', on: { back: 'first' } },
          },
        },
        deaf: {},
      },
    }),
    'back',
    'go',
  )
})

test('an always-transition is looked for on every event, and again after every change', () => {
  expectSame(
    small.createMachine({
      id: 'looking',
      context,
      initial: 'counting',
      always: { guard: 'told to go', actions: 'tell the count' },
      states: {
        counting: {
          always: [
            { guard: 'count is large', target: 'enough', actions: 'note' },
            { guard: 'told to go', actions: 'count up' },
          ],
          on: { up: { actions: 'count up' } },
        },
        enough: { entry: 'tell entry', on: { again: { target: 'counting', actions: ['count again', 'note'] } } },
      },
    }),
    'go',
    'up',
    'again',
  )
})
