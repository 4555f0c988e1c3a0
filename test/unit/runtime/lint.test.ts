import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, type EventObject, setup } from 'xstate'
import { compile } from '../../../runtime/compile/compile.ts'
import { verbs } from '../../../runtime/contract.ts'
import { checked, lint } from '../../../runtime/lint.ts'

const { update, when, lasting } = verbs<Record<string, never>, EventObject>()
const declared = {
  actions: { 'switch on': update(() => ({})) },
  guards: { 'it is dark': when(() => true) },
  delays: { 'a while': lasting(() => 5) },
}
/** Charts as nobody should write them: their types are beside the point. */
const chart = (config: object, implementations: object = {}): AnyStateMachine =>
  setup(implementations as never).createMachine({ id: 'lamp', ...config } as never) as unknown as AnyStateMachine

const off = { on: { 'evening.came': { guard: 'it is dark', target: 'on', actions: 'switch on' } } }
const lamp = chart({ initial: 'off', states: { off, on: { after: { 'a while': 'off' } } } }, declared)
const flow = { initial: 'a', states: { a: { on: { go: 'b' } }, b: { type: 'final' } } }

test('a chart in order has no complaints, and is compiled', () => {
  expect(lint(lamp)).toEqual([])
  expect(checked(lamp)).toBe(compile(lamp))
})

test('a chart that is not in order is not compiled, and all complaints are told at once', () => {
  const machine = chart({ id: 'Lamp', entry: 'swich on', on: { go: {} } }, declared)
  expect(() => checked(machine)).toThrow('The chart Lamp is not in order:\nLamp: the id of a machine')
  expect(() => checked(machine)).toThrow('Lamp: the action "swich on" is not declared in setup().')
})

describe('complains of', () => {
  test.each([
    [
      'an id that is not in kebab-case',
      { id: 'deskLamp', ...flow },
      'deskLamp: the id of a machine is the name of its',
    ],
    ['a missing action', { ...flow, exit: 'wave' }, 'lamp: the action "wave" is not declared in setup().'],
    [
      'an inline action',
      { ...flow, entry: () => undefined },
      'lamp: an inline action: declare it in setup() by a name.',
    ],
    ['an inline guard', { ...flow, on: { up: { guard: () => true } } }, 'lamp: an inline guard: declare it in setup()'],
    [
      'a missing guard',
      { ...flow, on: { up: { guard: 'late' } } },
      'lamp: the guard "late" is not declared in setup().',
    ],
    [
      'a missing delay',
      { ...flow, after: { 'a whlie': '.b' } },
      'lamp: the delay "a whlie" is not declared in setup().',
    ],
    ['a delay in numbers', { ...flow, after: { 100: '.b' } }, 'lamp: the delay 100 has no name.'],
    ['a wildcard', { ...flow, on: { 'x.*': '.b' } }, 'lamp: the wildcard event "x.*" hides what is meant'],
    ['invoke', { ...flow, invoke: { src: 'x' } }, 'lamp: invoke is not for charts: ask the runtime to spawn.'],
    [
      'a dead end',
      { initial: 'a', states: { a: { on: { go: 'b' } }, b: {} } },
      'lamp, state b: nothing can happen here: it hears no event and is not final (or tag it "at rest").',
    ],
    [
      'what stands after a transition that is always taken',
      { ...flow, on: { up: [{ target: '.a' }, { target: '.b' }] } },
      'lamp: what stands after the unguarded transition on "up" is never taken.',
    ],
    [
      'a state that only leads to itself',
      {
        initial: 'a',
        states: { a: { on: { go: {} } }, b: { on: { go: 'c' } }, c: { on: { go: 'b' } } },
        on: { x: '.a' },
      },
      'lamp, state b: nothing leads here from the initial state.',
    ],
  ])('%s', (_, config, complaint) => {
    expect(lint(chart(config))).toContainEqual(expect.stringContaining(complaint))
  })

  test('what is declared and used nowhere', () => {
    expect(lint(chart(flow, declared))).toEqual([
      'lamp: "switch on", declared among the actions, is used nowhere.',
      'lamp: "it is dark", declared among the guards, is used nowhere.',
      'lamp: "a while", declared among the delays, is used nowhere.',
    ])
  })
})

test('a state is no dead end when a state around it hears an event; an onDone is no event', () => {
  expect(lint(chart({ initial: 'a', states: { a: { tags: 'at rest' } } }))).toEqual([])
  const inside = { initial: 'b', states: { b: {} } }
  expect(lint(chart({ initial: 'a', states: { a: inside }, on: { go: '.a' } }))).toEqual([])
  expect(lint(chart({ initial: 'a', states: { a: { ...inside, onDone: 'a' } } }))).toHaveLength(1)
})
