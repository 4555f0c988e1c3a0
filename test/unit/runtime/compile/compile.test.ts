import { expect, test } from 'vitest'
import { compile } from '../../../../runtime/compile/compile.ts'
import { equivalent } from '../../../kit/equivalence.ts'
import { anyChart } from './any-chart.ts'
import { context, inputs, on, small } from './small.ts'

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

test('any chart steps as XState steps it', () => {
  const [from, to] = (process.env.SEEDS ?? '0-100').split('-').map(Number) as [number, number]
  let skipped = 0
  for (let seed = from; seed < to; seed++) {
    let machine
    try {
      machine = anyChart(seed)
    } catch (e) {
      skipped++
      console.log(seed, String(e))
      continue
    }
    equivalent(machine, { inputs, events: on('a', 'b', 'c', 'go') }, { walks: 8, steps: 25 })
  }
  console.log('skipped', skipped)
}, 600_000)
