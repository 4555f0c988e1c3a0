import { describe, expect, test } from 'vitest'
import { answer, call, monitor, push, send, spawn, stream, sync, wake, write } from '../../../../runtime/contract.ts'
import { HEALTH_CHECK_MS, hostAt } from '../../../../runtime/world/faults.ts'
import type { Operation } from '../../../../runtime/world.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'

const HELLO = { type: 'hello' }
const NEWS = { type: 'news' }
const ASKED = { type: 'asked' }
const OPENED = { type: 'opened' }
const stage = () => new Stage(['client/a', 'server/b'])
const strike = (play: Stage, operation: Operation): Stage => {
  play.world.operate(operation)
  return play
}

describe('a cut', () => {
  test('holds what is sent either way until it heals, and then brings it in order', () => {
    const play = strike(stage(), { op: 'cut', from: 'a', to: 'b' })
    play.tell('client/a', send('server/b', HELLO), send('server/b', NEWS)).tell('server/b', send('client/a', HELLO))
    play
      .wait(1_000)
      .tell('client/a', send('server/b', { type: 'tick' }))
      .wait(1_000)
    expect([play.heard('server/b'), play.heard('client/a')]).toEqual([[], []])
    strike(play, { op: 'heal', from: 'b', to: 'a' })
      .tell('client/a', send('server/b', { type: 'tock' }))
      .wait(5)
    expect(play.heard('server/b')).toEqual(['hello', 'news', 'tick', 'tock'])
    expect(play.last('server/b', 'tick').at).toBe(2_000)
    expect(play.heard('client/a')).toEqual(['hello'])
  })

  test('one way lets the other way pass', () => {
    const play = strike(stage(), { op: 'cut', from: 'a', to: 'b', oneWay: true })
    play.tell('client/a', send('server/b', HELLO)).tell('server/b', send('client/a', NEWS)).wait(10)
    expect([play.heard('server/b'), play.heard('client/a')]).toEqual([[], ['news']])
  })

  test('catches what is under way already', () => {
    const play = stage().tell('client/a', send('server/b', HELLO)).wait(0.5)
    strike(play, { op: 'cut', from: 'a', to: 'b' }).wait(10)
    expect(play.heard('server/b')).toEqual([])
  })

  test('that lasts is found out by the health check: both ends are told, and what was held is lost', () => {
    const play = stage().tell(
      'client/a',
      call('server/b', ASKED, 'q'),
      stream('server/b', OPENED, 'w'),
      monitor('server/b'),
    )
    const number = play.wait(5).last('server/b', 'opened').call
    strike(play, { op: 'cut', from: 'a', to: 'b' }).tell('server/b', push(number, NEWS))
    play.wait(HEALTH_CHECK_MS - 1)
    expect(play.heard('client/a')).toEqual([])
    play.wait(1)
    expect(play.heard('client/a')).toEqual(['call.lost', 'stream.ended', 'peer.lost'])
    expect(play.last('client/a', 'peer.lost').event).toMatchObject({ reason: 'unreachable' })
    expect(play.last('server/b', 'stream.closed').at).toBe(5 + HEALTH_CHECK_MS)
    strike(play, { op: 'heal', from: 'a', to: 'b' }).wait(10)
    expect(play.heard('client/a')).not.toContain('news')
    expect(play.world.inside.inbound.size).toBe(0)
  })

  test('one way is found out by both ends, too', () => {
    const play = stage()
      .tell('client/a', stream('server/b', OPENED, 'w'))
      .wait(5)
    strike(play, { op: 'cut', from: 'a', to: 'b', oneWay: true }).wait(HEALTH_CHECK_MS)
    expect([play.heard('client/a'), play.heard('server/b')]).toEqual([['stream.ended'], ['opened', 'stream.closed']])
  })

  test('that heals in time was never noticed, nor is one that comes soon after', () => {
    const play = stage().tell('client/a', call('server/b', ASKED)).wait(5)
    strike(play, { op: 'cut', from: 'a', to: 'b' }).wait(30_000)
    strike(play, { op: 'heal', from: 'a', to: 'b' })
    strike(play, { op: 'cut', from: 'a', to: 'b' }).wait(30_000)
    expect(play.heard('client/a')).toEqual([])
    play.wait(15_000)
    expect(play.heard('client/a')).toEqual(['call.lost'])
  })
})

test('a reset loses what is under way, tells both ends at once, and leaves a way for what comes after', () => {
  const play = stage()
    .tell('client/a', call('server/b', ASKED, 'q'), stream('server/b', OPENED, 'w'))
    .wait(5)
  play.tell('client/a', send('server/b', HELLO))
  strike(play, { op: 'reset', from: 'b', to: 'a' }).wait(0)
  expect(play.heard('client/a')).toEqual(['call.lost', 'stream.ended'])
  expect(play.heard('server/b')).toEqual(['asked', 'opened', 'stream.closed'])
  play.tell('client/a', send('server/b', NEWS)).wait(5)
  expect(play.heard('server/b').slice(3)).toEqual(['news'])
})

describe('a frozen process', () => {
  const frozen = () => strike(stage(), { op: 'pause', process: 'server/b' })

  test('hears everything when it thaws, its timers too, in the order in which it came', () => {
    const play = stage().tell('server/b', wake('t', 50, { type: 'tick' }), spawn('part/b/1', 'puppet', {}))
    strike(play, { op: 'pause', process: 'server/b' }).wait(10).tell('client/a', send('server/b', HELLO))
    play.wait(100).tell('client/a', send('server/b', NEWS), send('part/b/1', NEWS)).wait(10)
    expect([play.heard('server/b'), play.heard('part/b/1')]).toEqual([[], []])
    strike(play, { op: 'resume', process: 'server/b' }).wait(0)
    expect(play.heard('server/b')).toEqual(['hello', 'tick', 'news'])
    expect(play.heard('part/b/1')).toEqual(['news'])
    expect(play.all('server/b').map(({ at }) => at)).toEqual([120, 120, 120])
  })

  test('can still set and cancel its timers after the thaw', () => {
    const play = stage().tell('server/b', wake('t', 50, { type: 'tick' }))
    strike(play, { op: 'pause', process: 'server/b' }).wait(100)
    strike(play, { op: 'resume', process: 'server/b' }).wait(0)
    play.tell('server/b', wake('t', 50, { type: 'tock' })).wait(100)
    expect(play.heard('server/b')).toEqual(['tick', 'tock'])
    expect(play.world.inside.voids).toBe(0)
  })

  test('lets its disk finish what it was asked for', () => {
    const play = stage().tell('server/b', write('k', 1), sync())
    strike(play, { op: 'pause', process: 'server/b' }).wait(100)
    expect(play.world.inside.disks.get('server/b')?.synced.get('k')).toBe(1)
    expect(strike(play, { op: 'resume', process: 'server/b' }).wait(0).heard('server/b')).toEqual(['disk.synced'])
  })

  test('that is killed is not frozen in its next life, and what waited for it is gone', () => {
    const play = frozen().tell('client/a', send('server/b', HELLO)).wait(5)
    strike(play, { op: 'crash', process: 'server/b' }).world.spawn('server/b', 'puppet', {})
    play.tell('client/a', send('server/b', NEWS)).wait(5)
    expect(play.heard('server/b')).toEqual(['news'])
    strike(play, { op: 'resume', process: 'server/b' }).wait(5)
    expect(play.heard('server/b')).toEqual(['news'])
  })

  test('has to be one that runs', () => {
    const play = stage().tell('server/b', spawn('part/b/1', 'puppet', {}))
    expect(() => strike(play, { op: 'pause', process: 'nobody/b' })).toThrow('nobody/b cannot be paused')
    expect(() => strike(play, { op: 'pause', process: 'part/b/1' })).toThrow('it is no running process')
    expect(() => strike(play, { op: 'crash', process: 'nobody/b' })).toThrow('it is not running')
    expect(play.world.recorded).toEqual([])
  })
})

describe('streams that are held', () => {
  const watching = () =>
    stage()
      .tell('client/a', stream('server/b', OPENED, 'w'))
      .wait(5)
  const told = (play: Stage, ...words: readonly string[]) => {
    const number = play.last('server/b', 'opened').call
    return play.tell('server/b', ...words.map((type) => push(number, { type }))).wait(5)
  }

  test('tell nothing until they are released, and then all of it in order, while other mail comes', () => {
    const play = told(strike(watching(), { op: 'hold', to: 'client/a' }), 'tick', 'tock')
    play.tell('server/b', send('client/a', HELLO)).wait(5)
    expect(play.heard('client/a')).toEqual(['hello'])
    strike(play, { op: 'release', to: 'client/a' }).wait(5)
    expect(play.heard('client/a')).toEqual(['hello', 'tick', 'tock'])
    expect(told(play, 'news').heard('client/a').at(-1)).toBe('news')
  })

  test('end behind what they told', () => {
    const play = told(strike(watching(), { op: 'hold', to: 'client/a' }), 'tick')
    strike(play, { op: 'crash', process: 'server/b' }).wait(5)
    expect(play.heard('client/a')).toEqual([])
    strike(play, { op: 'release', to: 'client/a' }).wait(5)
    expect(play.heard('client/a')).toEqual(['tick', 'stream.ended'])
  })

  test('tell the next life nothing of what was for the former one', () => {
    const play = told(strike(watching(), { op: 'hold', to: 'client/a' }), 'tick')
    strike(play, { op: 'crash', process: 'client/a' }).world.spawn('client/a', 'puppet', {})
    strike(play, { op: 'release', to: 'client/a' }).wait(5)
    expect(play.heard('client/a')).toEqual([])
  })
})

describe('a host without power', () => {
  const off = (play: Stage) => strike(play, { op: 'powerOff', host: 'b' })

  test('is silent: calls to it hear nothing, and those that were open learn it from the health check', () => {
    const play = stage()
      .tell('client/a', call('server/b', ASKED, 'old'), monitor('server/b'))
      .wait(5)
    off(play)
      .tell('client/a', call('server/b', ASKED, 'new'), send('server/b', HELLO))
      .wait(HEALTH_CHECK_MS - 1)
    expect(play.heard('client/a')).toEqual([])
    play.wait(60_000)
    expect(play.heard('client/a')).toEqual(['call.lost', 'peer.lost', 'call.lost'])
    expect(play.all('client/a').map(({ at, event }) => [at, event])).toEqual([
      [5 + HEALTH_CHECK_MS, { type: 'call.lost', line: 'old', reason: 'reset' }],
      [5 + HEALTH_CHECK_MS, { type: 'peer.lost', address: 'server/b', reason: 'unreachable' }],
      [5 + HEALTH_CHECK_MS, { type: 'call.lost', line: 'new', reason: 'reset' }],
    ])
    expect(play.last('client/a', 'peer.lost').event).toMatchObject({ reason: 'unreachable' })
  })

  test('that comes back earlier says at once that it knows of nothing', () => {
    const play = off(
      stage()
        .tell('client/a', stream('server/b', OPENED, 'w'))
        .wait(5),
    ).wait(1_000)
    strike(play, { op: 'powerOn', host: 'b' }).wait(0)
    expect(play.last('client/a', 'stream.ended')).toMatchObject({ at: 1_005, event: { reason: 'reset' } })
    expect(play.wait(HEALTH_CHECK_MS).heard('client/a')).toHaveLength(1)
    expect(play.world.inside.inbound.size).toBe(0)
  })

  test('closes its own streams as a lost peer does: later', () => {
    const play = strike(
      stage()
        .tell('client/a', stream('server/b', OPENED, 'w'))
        .wait(5),
      { op: 'powerOff', host: 'a' },
    )
    expect(play.wait(1_000).heard('server/b')).toEqual(['opened'])
    expect(play.wait(HEALTH_CHECK_MS).heard('server/b')).toEqual(['opened', 'stream.closed'])
  })

  test('tells a role outside in the same way', () => {
    const play = stage()
    const taken: string[] = []
    play.world.bindOutside('gate/outside', ({ event }) => taken.push(event.type))
    play.world.operate({ op: 'call', to: 'server/b', from: 'gate/outside', event: ASKED })
    off(play.wait(5)).wait(1_000)
    expect(taken).toEqual([])
    play.wait(HEALTH_CHECK_MS)
    expect(taken).toEqual(['call.lost'])
  })

  test('starts what it is to start when the power comes on, once', () => {
    const play = stage()
    play.world.addHost('c', { address: 'unit/c', machine: 'puppet', input: {} })
    expect([play.world.isUp('c'), play.plays('unit/c')]).toEqual([false, false])
    strike(strike(play, { op: 'powerOn', host: 'c' }), { op: 'powerOn', host: 'c' })
    expect([play.world.isUp('c'), play.plays('unit/c')]).toEqual([true, true])
    strike(strike(play, { op: 'powerOff', host: 'c' }), { op: 'powerOff', host: 'c' })
    expect([play.world.isUp('c'), play.plays('unit/c')]).toEqual([false, false])
  })

  test('loses nothing that is synced, and of the rest keeps a prefix', () => {
    const kept = Array.from({ length: 30 }, (_, seed) => {
      const play = new Stage(['server/b'], { seed }).tell('server/b', write('1', 1), sync()).wait(5)
      play.tell('server/b', write('2', 2), write('3', 3), sync()).wait(1)
      off(play).world.operate({ op: 'powerOn', host: 'b' })
      play.world.spawn('server/b', 'puppet', {})
      return play
        .context('server/b')
        ?.disk?.map(([key]) => key)
        .join('')
    })
    expect(new Set(kept)).toEqual(new Set(['1', '12', '123']))
    const play = stage().tell('server/b', write('1', 1), write('2', 2))
    strike(play, { op: 'powerOff', host: 'b', kept: 1 })
    expect(play.world.inside.disks.get('server/b')?.written.toJSON()).toEqual({ 1: 1 })
  })
})

describe('a clock', () => {
  test('can be wrong on one host, and timers do not mind', () => {
    const play = strike(stage(), { op: 'skew', host: 'b', ms: -60_000 })
    for (const address of ['client/a', 'server/b']) play.tell(address, wake('t', 100, { type: 'tick' }))
    play.wait(100)
    expect([play.last('client/a', 'tick').at, play.last('server/b', 'tick').at]).toEqual([100, -59_900])
    expect(play.world.clock('a') - play.world.clock('b')).toBe(60_000)
  })
})

describe('a delay', () => {
  test('makes one way longer, and 0 takes it away', () => {
    const play = strike(stage(), { op: 'delay', from: 'a', to: 'b', ms: 200 })
    play.tell('client/a', send('server/b', HELLO)).tell('server/b', send('client/a', HELLO)).wait(300)
    expect([play.last('server/b', 'hello').at, play.last('client/a', 'hello').at]).toEqual([201, 1])
    strike(play, { op: 'delay', from: 'a', to: 'b', ms: 0 }).tell('client/a', send('server/b', NEWS)).wait(10)
    expect([play.last('server/b', 'news').at, play.world.inside.network.delays.size]).toEqual([301, 0])
  })
})

describe('a disk', () => {
  test('can be slow', () => {
    const play = strike(stage(), { op: 'slowDisk', host: 'b', ms: 700 })
      .tell('server/b', write('k', 1), sync('x'))
      .wait(699)
    expect([play.heard('server/b'), play.world.inside.disks.get('server/b')?.synced.size]).toEqual([[], 0])
    expect(play.wait(1).last('server/b', 'disk.synced').event).toEqual({ type: 'disk.synced', key: 'x' })
  })

  test('can be lost: the next life finds nothing, and a sync from before makes nothing of it safe', () => {
    const play = stage().tell('server/b', write('1', 1), write('2', 2), sync())
    strike(strike(play, { op: 'loseDisk', process: 'server/b' }), { op: 'crash', process: 'server/b' })
    play.world.spawn('server/b', 'puppet', {})
    expect(play.context('server/b')?.disk).toEqual([])
    play.tell('server/b', write('3', 3)).wait(5)
    expect(play.world.inside.disks.get('server/b')?.synced.size).toBe(0)
    expect(() => strike(play, { op: 'loseDisk', process: 'nobody/b' })).not.toThrow()
  })

  test('can be full: the next sync is the end of the process, in strict mode too, and nothing of the rest is there', () => {
    const play = stage().tell('client/a', monitor('server/b')).tell('server/b', write('1', 1), sync()).wait(5)
    const crashes: (string | undefined)[] = []
    play.world.observe(({ crash }) => crash !== undefined && crashes.push(crash.split('\n')[0]))
    strike(play, { op: 'fillDisk', host: 'b' }).tell('server/b', write('2', 2))
    expect(play.plays('server/b')).toBe(true)
    play.tell('server/b', sync(), send('client/a', HELLO)).wait(5)
    expect([play.plays('server/b'), crashes]).toEqual([false, ['Error: no space left on device']])
    expect(play.heard('client/a')).toEqual(['peer.lost'])
    strike(play, { op: 'freeDisk', host: 'b' }).world.spawn('server/b', 'puppet', {})
    expect(play.context('server/b')?.disk).toEqual([['1', 1]])
    expect(play.tell('server/b', write('2', 2), sync()).wait(5).heard('server/b')).toEqual(['disk.synced'])
  })
})

test('what strikes elsewhere leaves the rest alone', () => {
  const play = new Stage(['client/a', 'server/b', 'other/c']).tell('client/a', call('other/c', ASKED))
  for (const op of ['cut', 'reset'] as const) strike(play, { op, from: 'a', to: 'b' })
  const number = play.wait(HEALTH_CHECK_MS * 2).last('other/c', 'asked').call
  play.tell('other/c', answer('client/a', number, { type: 'answered' })).wait(5)
  expect(play.heard('client/a')).toEqual(['answered'])
})

test('a host that nobody named is up, and its disk is as fast as any', () => {
  expect(hostAt(stage().world.inside, 'unknown')).toMatchObject({ up: true, diskMs: 5, skewMs: 0, boots: 0 })
})
