import { describe, expect, test } from 'vitest'
import {
  answer,
  busy,
  call,
  cancel,
  choose,
  hangUp,
  push,
  send,
  spawn,
  stop,
  stream,
  wake,
} from '../../../../runtime/contract.ts'
import { Stage, WORK_MS } from '../../../kit/worlds/puppets.ts'

const HELLO = { type: 'hello' }
const WORK = { type: 'work' }
const stage = () => new Stage(['one/a', 'far/b'])
const at = (play: Stage, address: string): readonly (readonly [string, number])[] =>
  play.all(address).map((heard) => [heard.type, heard.at])

describe('nobody at the address', () => {
  test('is told to a sender in another process that wants to know', () => {
    const play = stage().tell('one/a', send('nobody/b', HELLO)).wait(5)
    expect(play.last('one/a', 'send.refused').event).toEqual({ type: 'send.refused', to: 'nobody/b', event: 'hello' })
    expect(play.world.counts.deadLetters).toBe(1)
  })

  test('is told neither to a chart that does not name it, nor inside a process', () => {
    const play = stage()
    play.world.spawn('deaf/a', 'deaf', {})
    play.tell('deaf/a', send('nobody/b', HELLO))
    play.tell('one/a', spawn('part/a', 'puppet', {}), stop('part/a'), send('part/a', HELLO)).wait(5)
    expect(play.heard('one/a')).toEqual(['send.refused'])
    expect(play.world.counts.deadLetters).toBe(2)
  })

  test('is not told to a sender that was born after the letter was sent', () => {
    const play = stage().tell('one/a', send('nobody/b', HELLO))
    play.world.operate({ op: 'crash', process: 'one/a' })
    play.world.spawn('one/a', 'puppet', {})
    expect(play.wait(5).heard('one/a')).toEqual([])
  })
})

describe('an actor at work', () => {
  test('hears what comes meanwhile one after another, each when the work before it is done', () => {
    const play = stage()
      .give('far/b', WORK)
      .tell('one/a', send('far/b', WORK), send('far/b', WORK), send('far/b', HELLO))
    play.wait(100)
    expect(at(play, 'far/b')).toEqual([
      ['work', 0],
      ['work', WORK_MS],
      ['work', 2 * WORK_MS],
      ['hello', 3 * WORK_MS],
    ])
  })

  test('hears nothing out of turn, though it comes at the very moment its work is done', () => {
    const play = stage()
      .tell('far/b', wake('t', 10, { type: 'tick' }), busy(10))
      .tell('one/a', send('far/b', HELLO))
    play.wait(100)
    expect(at(play, 'far/b')).toEqual([
      ['hello', 10],
      ['tick', 10],
    ])
  })

  test('is not held up by work of fractions of a millisecond that no clock shows', () => {
    const play = stage().tell('far/b', busy(0.1), busy(0.2), busy(0.000_000_4)).tell('one/a', send('far/b', HELLO))
    expect(at(play.wait(5), 'far/b')).toEqual([['hello', 1]])
    play
      .tell('far/b', busy(0.1 + 0.2))
      .tell('one/a', send('far/b', WORK), send('far/b', HELLO))
      .wait(50)
    expect(at(play, 'far/b')).toEqual([
      ['hello', 1],
      ['work', 6],
      ['hello', 16],
    ])
  })

  test('does not hear a timer that was cancelled, or an answer that was hung up, while they waited', () => {
    const play = stage()
      .tell('one/a', call('far/b', { type: 'asked' }, 'q'))
      .wait(2)
    const number = play.last('far/b', 'asked').call
    play.tell('one/a', wake('t', 3, { type: 'tick' }), wake('u', 5, { type: 'tock' }), busy(10))
    play
      .tell('one/a', cancel('t'), hangUp('q'))
      .tell('far/b', answer('one/a', number, { type: 'answered' }))
      .wait(50)
    expect(at(play, 'one/a')).toEqual([['tock', 12]])
    expect(play.world.inside.voids).toBe(0)
  })

  test('takes what waits with it when it dies', () => {
    const play = stage().tell('far/b', busy(10)).tell('one/a', send('far/b', HELLO)).wait(5)
    play.world.operate({ op: 'crash', process: 'far/b' })
    play.world.spawn('far/b', 'puppet', {})
    expect(play.wait(50).heard('far/b')).toEqual([])
  })
})

describe('a choice', () => {
  const BREAD = choose('bread', ['rye', 'wheat'])

  test('is answered at once and before any other mail, though the actor is at work', () => {
    const play = stage().tell('one/a', spawn('part/a', 'puppet', {}), busy(50), send('one/a', HELLO), BREAD)
    expect(play.world.due).toBe(0)
    play.wait(0)
    expect(play.last('one/a', 'chosen')).toMatchObject({ at: 0, from: 'one/a', event: { key: 'bread' } })
    expect(play.heard('one/a')).toEqual(['chosen'])
  })

  test('is drawn by the seed, the same for the same key, and other keys differ', () => {
    const option = (seed: number, key: string): unknown => {
      const play = new Stage(['one/a'], { seed }).tell('one/a', choose(key, ['rye', 'wheat'])).wait(0)
      return (play.last('one/a', 'chosen').event as unknown as { option: string }).option
    }
    expect(option(1, 'bread')).toBe(option(1, 'bread'))
    const all = Array.from({ length: 20 }, (_, i) => option(1, `bread ${i}`))
    expect(new Set(all)).toEqual(new Set(['rye', 'wheat']))
  })

  test('can be made by somebody else, but only among the options', () => {
    const play = stage()
    play.world.chooser = ({ options }) => options[1] as string
    expect(play.tell('one/a', BREAD).wait(0).last('one/a', 'chosen').event).toMatchObject({ option: 'wheat' })
    play.world.chooser = () => 'cake'
    expect(() => play.tell('one/a', BREAD).wait(0)).toThrow('"cake" is no option of one/a bread: rye, wheat')
  })

  test('of a life that is over is made for nobody', () => {
    const play = stage().tell('one/a', BREAD)
    play.world.operate({ op: 'crash', process: 'one/a' })
    play.world.spawn('one/a', 'puppet', {})
    expect(play.wait(5).heard('one/a')).toEqual([])
  })
})

describe('a gateway', () => {
  test('is handed what is sent to its address, at its due time', () => {
    const play = stage()
    const taken: unknown[] = []
    play.world.bindOutside('gate/outside', ({ from, event, due }) => taken.push([from, event.type, due]))
    play.tell('one/a', send('gate/outside', HELLO)).wait(5)
    expect(taken).toEqual([['one/a', 'hello', 1]])
    expect([play.world.counts.deadLetters, play.heard('one/a')]).toEqual([0, []])
  })

  test('is not there in a fork: its mail is taken and dropped', () => {
    const play = stage()
    const taken: unknown[] = []
    play.world.bindOutside('gate/outside', (item) => taken.push(item))
    const fork = play.fork().tell('one/a', send('gate/outside', HELLO)).wait(5)
    expect([taken, fork.heard('one/a')]).toEqual([[], []])
  })
})

test('what is pushed on a stream that nobody serves any more is a dead letter', () => {
  const play = stage()
    .tell('one/a', stream('far/b', { type: 'opened' }, 'w'))
    .wait(2)
  const number = play.last('far/b', 'opened').call
  play.tell('far/b', push(number, HELLO)).tell('one/a', { do: 'hangUp', line: 'w' }).wait(5)
  expect([play.heard('one/a'), play.world.counts.deadLetters]).toEqual([[], 1])
})

test('every letter names the delivery that caused it, also when the news is that nobody was there', () => {
  const play = stage()
  const causes: string[] = []
  play.world.observe(({ n, cause, to, event }) => causes.push(`${n} ${to} ${event.type} because of ${cause}`))
  play
    .tell('one/a', send('nobody/b', HELLO))
    .tell('far/b', wake('t', 1.5, { type: 'tick' }))
    .wait(5)
  expect(causes).toEqual([
    '3 one/a do because of 0',
    '4 far/b do because of 0',
    '5 far/b tick because of 4',
    '6 one/a send.refused because of 3',
  ])
})
