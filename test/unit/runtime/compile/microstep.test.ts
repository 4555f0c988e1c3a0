import { describe, expect, test } from 'vitest'
import type { AnyStateNode } from 'xstate'
import { firstMicrostep, microstep, withoutConflicts } from '../../../../runtime/compile/microstep.ts'
import type { Transition } from '../../../../runtime/compile/nodes.ts'
import { context, expectSame, small } from './small.ts'

const rivals = small.createMachine({
  id: 'rivals',
  context,
  initial: 'both',
  states: {
    both: {
      type: 'parallel',
      exit: 'tell exit',
      states: {
        left: {
          exit: 'tell exit',
          initial: 'first',
          states: {
            first: {
              exit: 'tell exit',
              on: { go: { target: '#rivals.outside', actions: 'tell and count' }, up: 'second' },
            },
            second: {
              on: {
                again: { target: 'first', actions: 'tell the count' },
                up: { target: '#rivals.both.right.second' },
              },
            },
          },
        },
        right: {
          entry: 'tell entry',
          exit: 'count at exit',
          initial: 'first',
          states: {
            first: {
              on: { go: { target: '#rivals.elsewhere', actions: ['note', 'count up'] }, up: { target: 'second' } },
            },
            second: { exit: 'tell exit', on: { go: { target: '#rivals.outside', actions: 'note' }, back: 'first' } },
          },
        },
      },
    },
    outside: { entry: 'tell entry', on: { back: 'both' } },
    elsewhere: {
      entry: 'count at entry',
      on: { back: { target: ['#rivals.both.left.second', '#rivals.both.right.second'] } },
    },
  },
})

describe('of transitions that leave a common state', () => {
  test('the first region wins, and the way out of a parallel state leaves all regions', () => {
    expectSame(rivals, 'go', 'up', 'back', 'again')
  })

  test('the one from deeper inside wins over the one around it', () => {
    const root = rivals.root as unknown as AnyStateNode
    const { to } = firstMicrostep(root)
    const [left, right] = ['left', 'right'].map((key) => root.states.both?.states[key] as AnyStateNode)
    const from = (source: AnyStateNode | undefined): Transition =>
      ({ source, target: [root.states.outside], reenter: false, actions: [] }) as unknown as Transition
    const [around, deep, other] = [from(left), from(left?.states.first), from(right)] as const
    expect(withoutConflicts([around, deep], to)).toEqual([deep])
    expect(withoutConflicts([deep, around], to)).toEqual([deep])
    expect(withoutConflicts([deep, other], to)).toEqual([deep])
  })

  test('without targets, none stands in the way of another', () => {
    const root = rivals.root as unknown as AnyStateNode
    const { to } = firstMicrostep(root)
    const stay = (): Transition => ({ source: root, target: undefined, reenter: false, actions: [] })
    expect(withoutConflicts([stay(), stay()], to)).toHaveLength(2)
    expect(microstep(to, [stay()]).moved).toBe(false)
  })
})

test('reenter leaves and enters the source again, whether the target is itself, inside or around', () => {
  expectSame(
    small.createMachine({
      id: 'again',
      context,
      entry: ['tell entry', 'count at entry'],
      exit: 'tell exit',
      initial: 'outer',
      on: {
        root: { target: '.outer', reenter: true, actions: 'tell the count' },
        stay: { target: '.outer', actions: 'tell the count' },
      },
      states: {
        outer: {
          entry: ['tell entry', 'count up'],
          exit: 'tell exit',
          initial: 'first',
          after: { short: { target: '.second', reenter: true } },
          on: {
            self: { target: 'outer', reenter: true, actions: 'note' },
            same: { target: 'outer', actions: 'note' },
            inside: { target: '.second', reenter: true },
            within: { target: '.second' },
          },
          states: {
            first: {
              entry: 'tell entry',
              exit: 'count at exit',
              on: { around: { target: '#again.outer', reenter: true } },
            },
            second: { entry: 'count at entry', exit: 'tell exit', on: { around: '#again.outer', top: '#again' } },
          },
        },
      },
    }),
    'root',
    'stay',
    'self',
    'same',
    'inside',
    'within',
    'around',
    'top',
  )
})

describe('a final state', () => {
  test('ends its parent, then the parallel state around, one done event after the other', () => {
    expectSame(
      small.createMachine({
        id: 'chain',
        context,
        initial: 'work',
        exit: ['tell exit', 'count at exit'],
        states: {
          work: {
            type: 'parallel',
            exit: ['tell exit', 'note'],
            onDone: { target: 'after', actions: ['tell and count', 'note'] },
            states: {
              left: {
                initial: 'busy',
                exit: 'tell exit',
                onDone: { actions: ['note', 'tell the count'] },
                states: {
                  busy: { on: { left: 'over' } },
                  over: { type: 'final', entry: 'count at entry', exit: 'tell exit' },
                },
              },
              right: {
                type: 'parallel',
                onDone: { actions: 'tell and count' },
                states: {
                  up: { initial: 'busy', states: { busy: { on: { right: 'over' } }, over: { type: 'final' } } },
                  down: { initial: 'busy', states: { busy: { on: { right: 'over' } }, over: { type: 'final' } } },
                },
              },
            },
          },
          after: { initial: 'rest', onDone: 'end', states: { rest: { on: { go: 'over' } }, over: { type: 'final' } } },
          end: { type: 'final', entry: ['tell entry', 'note'], exit: 'tell exit' },
        },
      }),
      'left',
      'right',
      'go',
    )
  })

  test('a done event that nobody waits for still lets always-transitions look', () => {
    expectSame(
      small.createMachine({
        id: 'unheard-end',
        context,
        initial: 'part',
        states: {
          part: {
            always: { guard: 'count is large', target: 'next', actions: 'note' },
            initial: 'busy',
            states: {
              busy: { on: { go: 'over', up: { actions: 'count up' } } },
              over: { type: 'final', entry: 'tell entry' },
            },
            on: { up: { actions: ['count up', 'note'] } },
          },
          next: { type: 'final', exit: 'tell exit' },
        },
      }),
      'go',
      'up',
    )
  })

  test('ends a chart whose root is parallel with the last region, and all is left from inside out', () => {
    expectSame(
      small.createMachine({
        id: 'all-over',
        context,
        type: 'parallel',
        exit: 'tell exit',
        states: {
          left: {
            initial: 'busy',
            exit: 'count at exit',
            states: { busy: { on: { left: 'over' } }, over: { type: 'final' } },
          },
          right: {
            initial: 'busy',
            exit: 'tell exit',
            after: { short: '.over' },
            states: { busy: { on: { right: 'over' } }, over: { type: 'final', exit: 'count at exit' } },
          },
        },
      }),
      'left',
      'right',
    )
  })
})
