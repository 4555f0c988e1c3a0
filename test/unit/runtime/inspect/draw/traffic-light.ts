/** A chart with everything that can be drawn: regions, history, nested and final states, timers, words of all kinds. */
import { setup } from 'xstate'
import { verbs } from '../../../../../runtime/contract.ts'

interface Signal {
  readonly type: 'car.came' | 'power.cut' | 'power.back' | 'bell.pressed'
}
const { update, when, lasting } = verbs<{ readonly cars: number }, Signal>()

export const trafficLight = setup({
  types: { context: {} as { readonly cars: number }, events: {} as Signal },
  delays: {
    'green period': 30_000,
    'yellow period': 1_500,
    blink: 500,
    'all red': 600_000,
    night: 21_600_000,
    'as long as cars come': lasting(({ cars }) => cars * 1_000),
  },
  guards: { 'a car waits': when('car.came', ({ cars }) => cars > 0), 'it is late; "very" <late>': when(() => true) },
  actions: {
    'count the car': update('car.came', ({ cars }) => ({ cars: cars + 1 })),
    'ring: twice': update(() => ({})),
  },
}).createMachine({
  id: 'traffic-light',
  description: 'A crossing, as drivers see it.',
  context: { cars: 0 },
  initial: 'day',
  on: { 'power.cut': '.dark' },
  states: {
    day: {
      initial: 'green',
      onDone: 'night',
      on: { 'car.came': { actions: 'count the car', description: 'Cars are counted all day.' } },
      states: {
        green: { entry: 'ring: twice', exit: 'count the car', after: { 'green period': 'yellow' } },
        yellow: { after: { 'yellow period': { target: 'red', guard: 'it is late; "very" <late>' } } },
        red: {
          description: 'Nobody goes: {all} wait; #1 first.',
          always: { guard: 'a car waits', target: 'green' },
          after: { 'as long as cars come': 'over', 'all red': '#traffic-light.night.lamps.on' },
        },
        over: { type: 'final' },
        again: { type: 'history', history: 'deep' },
      },
    },
    night: {
      type: 'parallel',
      after: { night: '#traffic-light.day.again' },
      states: {
        lamps: { initial: 'on', states: { on: { after: { blink: 'off' } }, off: { after: { blink: 'on' } } } },
        bell: {
          initial: 'quiet',
          states: { quiet: { on: { 'bell.pressed': 'loud' } }, loud: { on: { 'bell.pressed': 'quiet' } } },
        },
      },
    },
    dark: { on: { 'power.back': [{ guard: 'a car waits', target: 'day.red' }, { target: 'day' }] } },
  },
})
