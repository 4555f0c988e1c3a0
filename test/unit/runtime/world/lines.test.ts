import { describe, expect, test } from 'vitest'
import { answer, call, end, hangUp, push, reset, send, spawn, stream } from '../../../../runtime/contract.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'

const ASKED = { type: 'asked' }
const ANSWERED = { type: 'answered' }
const OPENED = { type: 'opened' }
const NEWS = { type: 'news' }
const stage = () => new Stage(['client/a', 'server/b'])
const deadLetters = ({ world }: Stage): number => world.counts.deadLetters

describe('a call', () => {
  test('is answered on its line, under its number', () => {
    const play = stage()
      .tell('client/a', call('server/b', ASKED, 'left'))
      .wait(1)
    const asked = play.last('server/b', 'asked')
    expect(asked.call).toBeGreaterThan(0)
    play.tell('server/b', answer('client/a', asked.call, ANSWERED)).wait(1)
    expect(play.last('client/a', 'answered')).toMatchObject({ line: 'left', from: 'server/b', call: 0, at: 2 })
  })

  test('has one answer: a second one is a dead letter', () => {
    const play = stage().tell('client/a', call('server/b', ASKED)).wait(1)
    const number = play.last('server/b', 'asked').call
    play.tell('server/b', answer('client/a', number, ANSWERED), answer('client/a', number, ANSWERED)).wait(1)
    expect(play.heard('client/a')).toEqual(['answered'])
    expect(deadLetters(play)).toBe(1)
  })

  test('is hung up by a later call on the same line; two lines do not meet', () => {
    const play = stage()
      .tell('client/a', call('server/b', ASKED, 'one'), call('server/b', ASKED, 'two'))
      .wait(1)
    const [one, two] = play.all('server/b').map(({ call: number }) => number) as [number, number]
    play.tell('client/a', call('server/b', ASKED, 'one'))
    play.tell('server/b', answer('client/a', one, ANSWERED), answer('client/a', two, ANSWERED)).wait(1)
    expect(play.all('client/a').map(({ line }) => line)).toEqual(['two'])
    expect(deadLetters(play)).toBe(1)
  })

  test('that was hung up hears nothing more, also when every line is hung up at once', () => {
    for (const how of [hangUp('one'), hangUp()]) {
      const play = stage()
        .tell('client/a', call('server/b', ASKED, 'one'))
        .wait(1)
      const number = play.last('server/b', 'asked').call
      play
        .tell('client/a', how)
        .tell('server/b', answer('client/a', number, ANSWERED))
        .wait(1)
      expect([play.heard('client/a'), deadLetters(play)]).toEqual([[], 1])
      expect(play.world.inside.inbound.size).toBe(0)
    }
  })

  test('is answered only to the life that asked: a later one at the same address hears nothing', () => {
    const play = stage().tell('client/a', call('server/b', ASKED)).wait(1)
    const number = play.last('server/b', 'asked').call
    play.world.operate({ op: 'crash', process: 'client/a' })
    play.world.spawn('client/a', 'puppet', {})
    play.tell('client/a', call('server/b', ASKED))
    play.tell('server/b', answer('client/a', number, ANSWERED)).wait(5)
    expect(play.heard('client/a')).toEqual([])
    expect(deadLetters(play)).toBe(1)
  })

  test('is refused where nobody plays the role', () => {
    const play = stage()
      .tell('client/a', call('nobody/b', ASKED, 'left'))
      .wait(2)
    expect(play.last('client/a', 'call.lost').event).toEqual({ type: 'call.lost', line: 'left', reason: 'refused' })
    expect(play.last('client/a', 'call.lost').at).toBe(2)
  })

  test('is lost with the process that it led to', () => {
    const play = stage()
      .tell('client/a', call('server/b', ASKED, 'left'))
      .wait(1)
    play.world.operate({ op: 'crash', process: 'server/b' })
    play.wait(1)
    expect(play.last('client/a', 'call.lost').event).toEqual({ type: 'call.lost', line: 'left', reason: 'reset' })
  })

  test('can be broken off by the other side', () => {
    const play = stage()
      .tell('client/a', call('server/b', ASKED, 'left'))
      .wait(1)
    play.tell('server/b', reset('client/a', play.last('server/b', 'asked').call)).wait(1)
    expect(play.last('client/a', 'call.lost').event).toMatchObject({ reason: 'reset' })
    play.tell('server/b', reset('client/a', 12_345)).wait(1)
    expect(play.heard('client/a')).toHaveLength(1)
  })

  test('may be answered by another actor of the server than was asked', () => {
    const play = stage().tell('server/b', spawn('request/b/1', 'puppet', {}))
    play.tell('client/a', call('server/b', ASKED)).wait(1)
    play.tell('request/b/1', answer('client/a', play.last('server/b', 'asked').call, ANSWERED)).wait(1)
    expect(play.last('client/a', 'answered').from).toBe('request/b/1')
  })
})

describe('a stream', () => {
  const open = (): { play: Stage; number: number } => {
    const play = stage()
      .tell('client/a', stream('server/b', OPENED, 'watch'))
      .wait(1)
    return { play, number: play.last('server/b', 'opened').call }
  }

  test('brings what is pushed, in order, until the server ends it', () => {
    const { play, number } = open()
    play.tell('server/b', push(number, NEWS), push(number, { type: 'hello' }), end(number)).wait(1)
    expect(play.heard('client/a')).toEqual(['news', 'hello', 'stream.ended'])
    expect(play.all('client/a').map(({ line }) => line)).toEqual(['watch', 'watch', 'watch'])
    expect(play.last('client/a', 'stream.ended').event).toMatchObject({ line: 'watch', reason: 'ended' })
    play.tell('server/b', push(number, NEWS)).wait(1)
    expect([play.heard('client/a').length, deadLetters(play)]).toEqual([3, 1])
  })

  test('is closed at the server when the opener hangs up, opens another on the line, ends, or crashes', () => {
    const ways: ((play: Stage) => unknown)[] = [
      (play) => play.tell('client/a', hangUp('watch')),
      (play) => play.tell('client/a', stream('server/b', OPENED, 'watch')),
      (play) => play.give('client/a', { type: 'finish' }),
      (play) => play.world.operate({ op: 'crash', process: 'client/a' }),
    ]
    for (const way of ways) {
      const { play, number } = open()
      way(play)
      play.wait(1)
      expect(play.last('server/b', 'stream.closed').event).toEqual({ type: 'stream.closed', stream: number })
      expect([...play.world.inside.streams.keys()]).not.toContain(number)
    }
  })

  test('is told to be closed behind what the opener said before', () => {
    const { play } = open()
    play.tell('client/a', send('server/b', { type: 'hello' }), hangUp('watch')).wait(1)
    expect(play.heard('server/b')).toEqual(['opened', 'hello', 'stream.closed'])
  })

  test('is lost with its server, and refused where nobody is', () => {
    const { play } = open()
    play.world.operate({ op: 'crash', process: 'server/b' })
    play.wait(1)
    expect(play.last('client/a', 'stream.ended').event).toMatchObject({ reason: 'reset' })
    play.tell('client/a', stream('server/b', OPENED, 'watch')).wait(2)
    expect(play.last('client/a', 'stream.ended').event).toMatchObject({ reason: 'refused' })
    expect([play.world.inside.streams.size, play.world.inside.inbound.size]).toEqual([0, 0])
  })

  test('can be broken off by the server', () => {
    const { play, number } = open()
    play.tell('server/b', reset('client/a', number)).wait(1)
    expect(play.last('client/a', 'stream.ended').event).toMatchObject({ reason: 'reset' })
  })

  test('of a server that ends brings all that was pushed before it is told to be over', () => {
    const play = new Stage(['client/a', 'server/b'], {
      latencies: { loopback: { baseMs: 0, jitterMs: 0 }, lan: { baseMs: 1, jitterMs: 50 } },
    })
    play.tell('server/b', spawn('watch/b/1', 'puppet', {}))
    play.tell('client/a', stream('watch/b/1', OPENED, 'watch')).wait(100)
    const number = play.last('watch/b/1', 'opened').call
    play.tell('watch/b/1', ...Array.from({ length: 20 }, () => push(number, NEWS)))
    play.give('watch/b/1', { type: 'finish' }).wait(1_000)
    expect(play.heard('client/a')).toEqual([...Array.from({ length: 20 }, () => 'news'), 'stream.ended'])
  })
})

describe('a role outside', () => {
  const outside = () => {
    const play = stage()
    const taken: unknown[] = []
    play.world.bindOutside('gate/outside', ({ kind, event, number }) => taken.push([kind, event, number]))
    return { play, taken }
  }

  test('has its call answered, once', () => {
    const { play, taken } = outside()
    const number = play.world.operate({ op: 'call', to: 'server/b', from: 'gate/outside', event: ASKED })
    play.wait(1)
    play.tell('server/b', answer('gate/outside', number, ANSWERED), answer('gate/outside', number, ANSWERED)).wait(1)
    expect(taken).toEqual([['answer', ANSWERED, number]])
    expect(deadLetters(play)).toBe(1)
  })

  test('is told when its call is refused, or lost with the server, or broken off', () => {
    const { play, taken } = outside()
    const ask = (to: string) => play.world.operate({ op: 'call', to, from: 'gate/outside', event: ASKED })
    const refused = ask('nobody/b')
    play.wait(2)
    const off = ask('server/b')
    play.wait(1)
    play.tell('server/b', reset('gate/outside', off)).wait(1)
    const lost = ask('server/b')
    play.wait(1)
    play.world.operate({ op: 'crash', process: 'server/b' })
    play.wait(1)
    expect(taken).toEqual([
      ['answer', { type: 'call.lost', line: '', reason: 'refused' }, refused],
      ['answer', { type: 'call.lost', line: '', reason: 'reset' }, off],
      ['answer', { type: 'call.lost', line: '', reason: 'reset' }, lost],
    ])
    expect(play.world.inside.outsideLines.size).toBe(0)
  })

  test('gets what is pushed on its stream, and its end; the server is told when it hangs up', () => {
    const { play, taken } = outside()
    const open = () => play.world.operate({ op: 'stream', to: 'server/b', from: 'gate/outside', event: OPENED })
    const first = open()
    play.wait(1)
    play.tell('server/b', push(first, NEWS), end(first)).wait(1)
    expect(taken).toEqual([
      ['push', NEWS, first],
      ['answer', { type: 'stream.ended', line: '', reason: 'ended' }, first],
    ])
    const second = open()
    play.wait(1)
    play.world.operate({ op: 'hangUp', number: second, from: 'gate/outside' })
    play.tell('server/b', push(second, NEWS)).wait(1)
    expect(play.last('server/b', 'stream.closed').event).toEqual({ type: 'stream.closed', stream: second })
    expect(taken).toHaveLength(2)
    const third = open()
    play.wait(1)
    play.world.operate({ op: 'crash', process: 'server/b' })
    play.wait(1)
    expect(taken.at(-1)).toEqual(['answer', { type: 'stream.ended', line: '', reason: 'reset' }, third])
    expect([play.world.inside.outsideLines.size, play.world.inside.inbound.size]).toEqual([0, 0])
  })

  test('answers and pushes to those inside', () => {
    const { play, taken } = outside()
    play.tell('client/a', call('gate/outside', ASKED, 'one'), stream('gate/outside', OPENED, 'two')).wait(1)
    const [asked, opened] = taken.map((each) => (each as [string, unknown, number])[2]) as [number, number]
    const from = 'gate/outside'
    play.world.operate({ op: 'answer', to: 'client/a', from, number: asked, event: ANSWERED })
    play.world.operate({ op: 'push', to: 'client/a', from, number: opened, event: NEWS })
    play.wait(1)
    expect(play.all('client/a').map(({ type, line }) => [type, line])).toEqual([
      ['answered', 'one'],
      ['news', 'two'],
    ])
    play.tell('client/a', hangUp('two')).wait(1)
    expect(taken.at(-1)).toEqual(['mail', { type: 'stream.closed', stream: opened }, 0])
  })
})
