/**
 * Every chart, three ways: stepped by XState, compiled, and under `createActor` with its mailbox. The same states,
 * contexts and effects along lives that were lived in a cluster, and for any event in any state.
 */
import { describe, expect, test } from 'vitest'
import type { AnyStateMachine, EventObject } from 'xstate'
import { catalogue } from '../../machines/catalogue.ts'
import { statesOf } from '../../runtime/coverage.ts'
import { equivalent, type Samples } from '../kit/equivalence.ts'
import { recorded } from './recorded.ts'

/** Machines that no cluster run meets, and why. */
const UNMET: Readonly<Record<string, string>> = {}

const { samples, told } = recorded()
const machines = catalogue.map(({ machine }) => machine)

test('the run meets every machine, but for those that are listed with a reason', () => {
  const unmet = machines.map(({ id }) => id).filter((id) => samples.get(id) === undefined)
  expect(unmet.sort()).toEqual(Object.keys(UNMET).sort())
})

describe('stepped by XState, compiled and under createActor the same', () => {
  for (const machine of machines.filter(({ id }) => samples.has(id))) {
    test(machine.id, () => {
      const lived = samples.get(machine.id) as Samples
      const events = [...lived.events, ...strays(machine)]
      const { steps, covered } = equivalent(machine, { ...lived, events }, { walks: 60, steps: 50, told })
      expect(steps).toBeGreaterThan(50)
      // Less than half of a chart, and the samples no longer tell what it lives through.
      expect(covered.states.taken, covered.missing.join('\n')).toBeGreaterThan(covered.states.total / 2)
    })
  }
})

/** Not told without what they should carry: a delay would be made of it, and XState takes `undefined` for none. */
const WHOLE = new Set(['container.stop'])

/** Every event that the chart knows, without what it should carry, and one that nobody knows. */
function strays(machine: AnyStateMachine): EventObject[] {
  const known = new Set(statesOf(machine).flatMap(({ transitions }) => [...transitions.keys()]))
  const bare = [...known].filter((type) => !type.startsWith('xstate.') && !WHOLE.has(type))
  return [...bare, 'nobody.knowsIt'].map((type) => ({ type }))
}
