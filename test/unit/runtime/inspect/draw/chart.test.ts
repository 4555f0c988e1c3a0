import { describe, expect, test } from 'vitest'
import { chartOf, label, type Transition } from '../../../../../runtime/inspect/draw/chart.ts'
import { trafficLight } from './traffic-light.ts'

const chart = chartOf(trafficLight)
const state = (path: string) => chart.states.find((each) => each.path === path)
const from = (path: string): readonly Transition[] => chart.transitions.filter((each) => each.from === path)

describe('a chart as data', () => {
  test('has all states, history too, each with its parent and kind', () => {
    expect(chart.states.map(({ path, type }) => `${path} ${type}`).sort()).toEqual(
      [
        ...[' compound', 'day compound', 'night parallel', 'dark atomic', 'day.green atomic', 'day.yellow atomic'],
        ...['day.red atomic', 'day.over final', 'day.again history', 'night.lamps compound', 'night.lamps.on atomic'],
        ...['night.lamps.off atomic', 'night.bell compound', 'night.bell.quiet atomic', 'night.bell.loud atomic'],
      ].sort(),
    )
    expect(state('night.lamps.on')).toMatchObject({ name: 'on', parent: 'night.lamps', initial: undefined })
    expect(state('')).toMatchObject({ name: 'traffic-light', parent: undefined, initial: 'day' })
    expect([state('day')?.initial, state('night')?.initial]).toEqual(['day.green', undefined])
  })

  test('says what is meant, and what is done on the way in and out, without the timers behind it', () => {
    expect(chart.description).toBe('A crossing, as drivers see it.')
    expect(state('day.green')).toMatchObject({ entry: ['ring: twice'], exit: ['count the car'] })
    expect(state('day.red')?.description).toContain('Nobody goes')
  })

  test('names the cause of every arrow: events, timers with their time, done, and nothing for what is taken at once', () => {
    expect(from('day.green').map(({ on }) => on)).toEqual(['after 30 s (green period)'])
    expect(from('day.yellow').map(({ on }) => on)).toEqual(['after 1.5 s (yellow period)'])
    expect(from('night.lamps.on').map(({ on }) => on)).toEqual(['after 500 ms (blink)'])
    expect(from('night').map(({ on, to }) => [on, to])).toEqual([['after 6 h (night)', ['day.again']]])
    expect(from('day.red').map(({ on }) => on)).toEqual(['after as long as cars come', 'after 10 min (all red)', ''])
    expect(from('day').map(({ on, to }) => [on, to])).toEqual([
      ['car.came', []],
      ['done', ['night']],
    ])
    expect(from('')).toMatchObject([{ on: 'power.cut', to: ['dark'] }])
  })

  test('keeps guards in their order, actions and descriptions', () => {
    expect(from('dark').map(({ guard, to }) => [guard, to])).toEqual([
      ['a car waits', ['day.red']],
      [undefined, ['day']],
    ])
    expect(from('day')[0]).toMatchObject({ actions: ['count the car'], description: 'Cars are counted all day.' })
  })
})

test('an arrow is labelled event [guard] / action, action', () => {
  const arrow = {
    from: 'a',
    to: ['b'],
    on: 'car.came',
    guard: 'late',
    actions: ['ring', 'wait'],
    description: undefined,
  }
  expect(label(arrow)).toBe('car.came [late] / ring, wait')
  expect(label(arrow, '\n')).toBe('car.came\n[late]\n/ ring, wait')
  expect(label({ ...arrow, on: '', guard: undefined, actions: [] })).toBe('')
})
