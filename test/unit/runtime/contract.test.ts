import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { born, delivery, send, verbs } from '../../../runtime/contract.ts'
import { start, step } from '../../../runtime/step.ts'

interface Count {
  readonly count: number
}
interface Up {
  readonly type: 'up'
  readonly by: number
}
interface Down {
  readonly type: 'down'
}

describe('a verb', () => {
  const { update, ask, decide, when, lasting } = verbs<Count, Up | Down>()
  const machine = setup({
    types: { context: {} as Count, events: {} as Up | Down, input: {} as Count },
    delays: { 'as long as it counts': lasting(({ count }, _, { at }) => count + at) },
    guards: { 'it goes up by much': when('up', ({ count }, { by }, { at }) => by > count + at) },
    actions: {
      add: update('up', ({ count }, { by }) => ({ count: count + by })),
      tell: ask(({ count }, { type }, { self }) => send(self, { type: `${type} ${count}` })),
      'add and tell': decide('up', ({ count }, { by }) => [{ count: count + by }, [send('a/b', { type: 'more' })]]),
    },
  }).createMachine({
    id: 'count',
    context: born((input: Count, { at }) => ({ count: input.count + at })),
    initial: 'low',
    states: {
      low: {
        entry: 'tell',
        on: {
          up: [{ guard: 'it goes up by much', target: 'high', actions: 'add and tell' }, { actions: 'add' }],
          down: { guard: 'it goes up by much', target: 'high', actions: 'add' },
        },
      },
      high: { on: { down: { actions: 'add' } }, after: { 'as long as it counts': 'low' } },
    },
  })
  Object.assign(delivery, { self: 'count/a', at: 10 })
  const first = start(machine, { count: 1 })

  test('sees context, event and what the runtime tells, at birth too', () => {
    expect(first.snapshot.context).toEqual({ count: 11 })
    expect(first.effects).toEqual([send('count/a', { type: 'xstate.init 11' })])
    expect(step(machine, first.snapshot, { type: 'up', by: 5 } as never).snapshot.context).toEqual({ count: 16 })
  })

  test('decides both at once, and lasts as long as its context says', () => {
    const { snapshot, effects } = step(machine, first.snapshot, { type: 'up', by: 50 } as never)
    expect([snapshot.value, snapshot.context]).toEqual(['high', { count: 61 }])
    expect(effects).toMatchObject([
      { do: 'send', event: { type: 'more' } },
      { do: 'wake', afterMs: 71 },
    ])
  })

  test('of one event is false as a guard on another, and throws as an action', () => {
    expect(step(machine, first.snapshot, { type: 'down' }).snapshot.value).toBe('low')
    const high = step(machine, first.snapshot, { type: 'up', by: 50 } as never).snapshot
    expect(() => step(machine, high, { type: 'down' })).toThrow('an action for "up" was run on "down"')
  })
})
