import { afterEach, expect, test } from 'vitest'
import type { AnyStateNode } from 'xstate'
import { type EventObject, setup } from 'xstate'
import { verbs } from '../../../runtime/contract.ts'
import { Coverage, nameOf, pathOf, statesOf, transitionsOf } from '../../../runtime/coverage.ts'
import { start, step, watchTransitions } from '../../../runtime/step.ts'

const { update, when } = verbs<Record<string, never>, EventObject>()
const door = setup({
  types: { context: {} as Record<string, never>, events: {} as EventObject },
  delays: { 'a while': 5 },
  guards: { 'it is late': when('evening.came', () => true) },
  actions: { creak: update(() => ({})) },
}).createMachine({
  id: 'door',
  context: {},
  initial: 'deciding',
  states: {
    deciding: { always: 'open' },
    open: {
      initial: 'wide',
      on: { 'evening.came': [{ guard: 'it is late', target: 'shut', actions: 'creak' }, { target: '.ajar' }] },
      states: { wide: {}, ajar: {}, where: { type: 'history' } },
    },
    shut: { after: { 'a while': 'open.where' } },
  },
})

afterEach(() => watchTransitions(undefined))

test('states are listed from the root, without history states', () => {
  expect(statesOf(door).map(pathOf)).toEqual(['door', 'deciding', 'open', 'open.wide', 'open.ajar', 'shut'])
})

test('a transition tells its event, guard, targets and actions', () => {
  const open = statesOf(door).find((node) => pathOf(node) === 'open') as AnyStateNode
  expect(transitionsOf(open)).toMatchObject([
    {
      event: 'evening.came',
      guard: 'it is late',
      actions: ['creak'],
      text: 'open: on evening.came [it is late] #0 → shut',
    },
    { guard: undefined, actions: [], text: 'open: on evening.came #1 → open.ajar' },
  ])
})

test('the name of what stands in a chart', () => {
  expect([nameOf('creak'), nameOf({ type: 'creak' }), nameOf(() => undefined)]).toEqual(['creak', 'creak', undefined])
})

test('what was entered and taken is told from what was not, a state too that was left at birth', () => {
  const coverage = new Coverage()
  watchTransitions(coverage.take)
  const born = start(door, undefined)
  coverage.start(born.snapshot)
  expect(coverage.of(door).missing).toEqual([
    ...['state open.ajar', 'state shut'],
    'open: on evening.came [it is late] #0 → shut',
    'open: on evening.came #1 → open.ajar',
    'shut: on xstate.after.a while.door.shut #0 → open.where',
  ])
  const shut = step(door, born.snapshot, { type: 'evening.came' })
  step(door, shut.snapshot, { type: 'xstate.after.a while.door.shut' })
  const { states, transitions } = coverage.of(door)
  expect([states, transitions]).toEqual([
    { taken: 5, total: 6 },
    { taken: 3, total: 4 },
  ])
})
