import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { compiledLogic, handling, interpreted, trustedLogic } from '../../../runtime/logic.ts'
import { contender } from '../../kit/worlds/lease.ts'
import { puppet, stillborn } from '../../kit/worlds/puppets.ts'

describe.each([
  ['stepped by XState', interpreted],
  ['compiled', compiledLogic],
  ['compiled when it starts', trustedLogic],
])('a machine as the world sees it, %s', (_, logicOf) => {
  const logic = logicOf(contender)

  test('starts and steps, and says what it asks for', () => {
    const born = logic.start({})
    expect([born.snapshot.value, born.snapshot.status]).toEqual(['asking', 'active'])
    expect(born.effects.map(({ do: verb }) => verb)).toEqual(['call'])
    const led = logic.step(born.snapshot, { type: 'lease.decided', granted: true } as never)
    expect(led.snapshot.value).toBe('leading')
    expect(led.effects).toMatchObject([{ do: 'wake', afterMs: 5_000 }])
    expect(born.snapshot.value).toBe('asking')
  })

  test('knows which events its chart names', () => {
    expect(['lease.decided', 'lease.wanted', 'send.refused'].map(logic.handles)).toEqual([true, false, false])
    expect(logicOf(puppet).handles('send.refused')).toBe(true)
  })

  test('has the id of its machine', () => {
    expect([logic.id, logic.machine]).toEqual(['contender', contender])
  })

  test('throws what the machine throws', () => {
    expect(() => logicOf(stillborn).start({})).toThrow('it was never whole')
  })
})

test('a chart that is not in order is refused before it is stepped', () => {
  const wrong = setup({}).createMachine({
    id: 'wrong',
    initial: 'here',
    states: { here: { on: { go: 'there' } }, there: {} },
  })
  expect(() => compiledLogic(wrong)).toThrow('The chart wrong is not in order')
})

test('a timer is an event that a chart names, too', () => {
  expect(handling(contender)('xstate.after.retry period.contender.waiting')).toBe(true)
})
