import { describe, expect, test } from 'vitest'
import { cancel, send, spawn, wake } from '../../../../runtime/contract.ts'
import { processOf, without } from '../../../../runtime/world/mail.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'

const TICK = { type: 'tick' }
const TOCK = { type: 'tock' }
const stage = () => new Stage(['one/a', 'two/a', 'far/b']).tell('one/a', spawn('part/a', 'puppet', {}))

describe('mail', () => {
  test('inside a process is there at once, between processes of a host later, to another host later still', () => {
    const play = stage().tell('one/a', ...['part/a', 'two/a', 'far/b'].map((to) => send(to, { type: 'hello' })))
    play.wait(0)
    expect(play.heard('part/a')).toEqual(['hello'])
    play.wait(5)
    expect(['part/a', 'two/a', 'far/b'].map((to) => play.last(to, 'hello').at)).toEqual([0, 0.1, 1])
  })

  test('inside a process keeps the order in which it was sent', () => {
    const words = ['hello', 'news', 'tick', 'tock', 'hello'].map((type) => ({ type }))
    const play = stage()
      .tell('one/a', ...words.map((event) => send('part/a', event)))
      .wait(0)
    expect(play.heard('part/a')).toEqual(words.map(({ type }) => type))
  })

  test('knows its sender and what caused it', () => {
    const play = stage()
    const causes: [number, number, string][] = []
    play.world.observe(({ n, cause, to }) => causes.push([n, cause, to]))
    play.tell('one/a', send('far/b', { type: 'hello' })).wait(5)
    expect(play.last('far/b', 'hello').from).toBe('one/a')
    expect(causes).toEqual([
      [6, 0, 'one/a'],
      [7, 6, 'far/b'],
    ])
  })
})

describe('a timer', () => {
  test('of the same key replaces the one before, of another it does not', () => {
    const play = stage()
      .tell('one/a', wake('x', 10, TICK), wake('y', 20, TICK), wake('x', 30, TOCK))
      .wait(100)
    expect(play.all('one/a').map(({ type, at, from }) => [type, at, from])).toEqual([
      ['tick', 20, 'one/a'],
      ['tock', 30, 'one/a'],
    ])
  })

  test('that is cancelled is never heard; to cancel one that is not set changes nothing', () => {
    const play = stage()
      .tell('one/a', wake('x', 10, TICK), cancel('x'), cancel('y'))
      .wait(100)
    expect(play.heard('one/a')).toEqual([])
    expect(play.world.counts.deadLetters).toBe(0)
  })

  test('may be due at once, and a time in the past is now', () => {
    const play = stage()
      .wait(50)
      .tell('one/a', wake('x', 0, TICK), wake('y', -5, TOCK))
      .wait(0)
    expect(play.all('one/a').map(({ type, at }) => [type, at])).toEqual([
      ['tick', 50],
      ['tock', 50],
    ])
  })

  test('needs a number of milliseconds', () => {
    expect(() => stage().tell('one/a', wake('x', Number.NaN, TICK))).toThrow('the timer "x" is set to no number')
  })
})

test('timers that are void are swept once they are the larger part, and nothing else is', () => {
  const play = stage().tell('two/a', wake('kept', 5_000, TOCK))
  for (let i = 0; i < 1_500; i++) play.tell('one/a', wake('x', 1_000, TICK))
  expect(play.world.inside.agenda.size).toBeLessThan(600)
  play.wait(10_000)
  expect([play.heard('one/a'), play.heard('two/a')]).toEqual([['tick'], ['tock']])
})

test('a role that nobody plays stands for its own process', () => {
  const { inside } = stage().world
  expect([processOf(inside, 'part/a'), processOf(inside, 'nobody/b')]).toEqual(['one/a', 'nobody/b'])
})

test('a list of timers without a key that is not in it is the same list', () => {
  const timers = [{ key: 'x', seq: 1 }]
  expect(without(timers, 'y')).toBe(timers)
  expect(without(timers, 'x')).toEqual([])
})
