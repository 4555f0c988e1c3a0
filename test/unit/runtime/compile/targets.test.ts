import { describe, expect, test } from 'vitest'
import type { AnyStateNode } from 'xstate'
import { compile } from '../../../../runtime/compile/compile.ts'
import { effectiveTargets, historyDefault } from '../../../../runtime/compile/targets.ts'
import { context, expectSame, small } from './small.ts'

const remembering = small.createMachine({
  id: 'remembering',
  context,
  initial: 'outside',
  states: {
    outside: {
      on: {
        shallow: 'inside.where',
        deep: '#remembering.inside.exactly',
        first: '#remembering.inside.byName',
        into: 'inside',
      },
    },
    inside: {
      entry: 'tell entry',
      exit: ['tell exit', 'count at exit'],
      initial: { target: 'one', actions: 'tell the count' },
      on: { leave: 'outside' },
      states: {
        one: { entry: 'tell entry', on: { go: 'two' } },
        two: {
          entry: 'tell entry',
          initial: { target: 'a', actions: 'tell and count' },
          on: { go: 'one' },
          states: { a: { entry: 'count at entry', on: { in: 'b' } }, b: { entry: 'tell entry' } },
        },
        where: { type: 'history' },
        exactly: { type: 'history', history: 'deep' },
        byName: { type: 'history', history: 'shallow', target: 'two.b' },
      },
    },
  },
})

describe('a history state', () => {
  test('of any kind, at first and later, goes where XState goes', () => {
    expectSame(remembering, 'shallow', 'deep', 'first', 'into', 'leave', 'go', 'in')
  })

  test.each([
    ['remembers the child when shallow', 'shallow', { inside: { two: 'a' } }],
    ['remembers all when deep', 'deep', { inside: { two: 'b' } }],
  ])('%s', (_, back, value) => {
    const compiled = compile(remembering)
    let { snapshot } = compiled.start({ count: 0 })
    for (const type of ['into', 'go', 'in', 'leave', back]) snapshot = compiled.step(snapshot, { type }).snapshot
    expect(snapshot.value).toEqual(value)
  })

  test('goes to its default, or to where its parent begins, while nothing is remembered', () => {
    const inside = remembering.root.states.inside as unknown as AnyStateNode
    const { one, two, where, byName } = inside.states as Record<string, AnyStateNode>
    expect(historyDefault(where as AnyStateNode).target).toEqual([one])
    expect(effectiveTargets([byName as AnyStateNode], {})).toEqual([two?.states.b])
    expect(effectiveTargets([where as AnyStateNode], { [where?.id as string]: [two as AnyStateNode] })).toEqual([two])
  })

  test('of a parallel state remembers all regions', () => {
    expectSame(
      small.createMachine({
        id: 'regions',
        context,
        initial: 'both',
        states: {
          both: {
            type: 'parallel',
            on: { leave: 'outside' },
            entry: 'tell entry',
            exit: 'tell exit',
            states: {
              left: {
                entry: 'tell entry',
                initial: 'a',
                states: { a: { on: { left: 'b' } }, b: { exit: 'tell exit' } },
              },
              right: {
                initial: 'a',
                states: {
                  a: { on: { right: 'b' } },
                  b: { entry: 'count at entry', initial: 'x', states: { x: { on: { right: 'y' } }, y: {} } },
                },
              },
              where: { type: 'history' },
              exactly: { type: 'history', history: 'deep' },
            },
          },
          outside: { on: { shallow: 'both.where', deep: 'both.exactly', into: 'both' } },
        },
      }),
      'leave',
      'left',
      'right',
      'shallow',
      'deep',
      'into',
    )
  })

  test('that is the initial state brings its parent back to where it was', () => {
    expectSame(
      small.createMachine({
        id: 'back-again',
        context,
        initial: 'part',
        states: {
          part: {
            initial: 'where',
            on: { leave: 'other' },
            states: {
              where: { type: 'history', target: 'one' },
              one: { entry: 'tell entry', on: { go: 'two' } },
              two: { exit: 'note' },
            },
          },
          other: { on: { back: 'part' } },
        },
      }),
      'leave',
      'go',
      'back',
    )
  })
})
