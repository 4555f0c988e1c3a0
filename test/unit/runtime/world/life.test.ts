import { describe, expect, test } from 'vitest'
import { monitor, send, spawn, spawnProcess, stop, sync, wake, write } from '../../../../runtime/contract.ts'
import { subtree } from '../../../../runtime/world/life.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'

const HELLO = { type: 'hello' }
const FINISH = { type: 'finish' }
const crash = (play: Stage, process: string): Stage => {
  play.world.operate({ op: 'crash', process })
  return play
}
/** `boss/a` with two parts, one of which has a part of its own, and a process that it started. */
const family = () =>
  new Stage(['boss/a', 'friend/b'])
    .tell(
      'boss/a',
      spawn('left/a', 'puppet', {}),
      spawn('right/a', 'puppet', {}),
      spawnProcess('child/a', 'puppet', {}),
    )
    .tell('left/a', spawn('under/a', 'puppet', {}))

describe('what an actor spawns inside its process', () => {
  test('ends with it, and what that spawned, too', () => {
    const play = family().tell('boss/a', stop('left/a'))
    expect(play.world.addresses).toEqual(['boss/a', 'friend/b', 'right/a', 'child/a'])
    expect(subtree(play.world.inside, 'boss/a')).toEqual(['boss/a', 'right/a'])
  })

  test('ends when the chart of its spawner is final', () => {
    const play = family().give('left/a', FINISH)
    expect([play.plays('under/a'), play.plays('boss/a')]).toEqual([false, true])
  })

  test('ends with the crash of the process', () => {
    expect(crash(family(), 'boss/a').world.addresses).toEqual(['friend/b', 'child/a'])
  })

  test('may be started again at once under the same address, as another life', () => {
    const play = family()
    const before = play.context('left/a')?.dice
    play.tell('boss/a', stop('left/a'), spawn('left/a', 'puppet', {}))
    expect(play.plays('under/a')).toBe(false)
    expect(play.context('left/a')?.dice).not.toBe(before)
    expect(play.world.inside.incarnations.get('left/a')).toBe(2)
  })

  test('has the same dice in the same life of every run with one seed', () => {
    expect(family().context('left/a')?.dice).toBe(family().context('left/a')?.dice)
    expect(family().context('left/a')?.dice).not.toBe(new Stage(['left/a'], { seed: 7 }).context('left/a')?.dice)
  })
})

describe('a process', () => {
  test('outlives who started it, however that ends', () => {
    expect(family().give('boss/a', FINISH).plays('child/a')).toBe(true)
    expect(crash(family(), 'boss/a').plays('child/a')).toBe(true)
  })

  test('may be stopped by who started it', () => {
    expect(family().tell('boss/a', stop('child/a')).plays('child/a')).toBe(false)
  })

  test('finds at its birth what its address wrote, which its parts do not', () => {
    const play = family().tell('left/a', write('k', 1)).tell('boss/a', write('l', 2))
    crash(play, 'boss/a').world.spawn('boss/a', 'puppet', {})
    expect(play.context('boss/a')?.disk).toEqual([
      ['k', 1],
      ['l', 2],
    ])
    expect(play.tell('boss/a', spawn('left/a', 'puppet', {})).context('left/a')?.disk).toBeUndefined()
  })

  test('has what its parts wrote made safe, though who asked for it is gone', () => {
    const play = family().tell('left/a', write('k', 1), sync()).tell('boss/a', stop('left/a')).wait(5)
    expect(play.world.inside.disks.get('boss/a')?.synced.toJSON()).toEqual({ k: 1 })
    expect([...play.world.inside.disks.keys()]).toEqual(['boss/a'])
    expect(play.world.counts.deadLetters).toBe(0)
  })
})

describe('timers', () => {
  test('die with a life: the next one at the address does not hear them', () => {
    const play = family()
      .tell('friend/b', wake('t', 100, { type: 'tick' }))
      .wait(50)
    crash(play, 'friend/b').world.spawn('friend/b', 'puppet', {})
    play.tell('friend/b', wake('t', 100, { type: 'tock' })).wait(200)
    expect(play.all('friend/b').map(({ type, at }) => [type, at])).toEqual([['tock', 150]])
    expect(play.world.counts.deadLetters).toBe(0)
  })
})

describe('mail', () => {
  test('for one life is a dead letter to the next, and refused as to nobody', () => {
    const play = family().tell('friend/b', send('boss/a', HELLO))
    crash(play, 'boss/a').world.spawn('boss/a', 'puppet', {})
    play.wait(5)
    expect([play.heard('boss/a'), play.heard('friend/b')]).toEqual([[], ['send.refused']])
  })
})

describe('a monitor', () => {
  const watched = () => family().tell('friend/b', monitor('boss/a'), monitor('boss/a'))

  test('is told once that an actor ended, crashed, or is unreachable', () => {
    const ended = watched().give('boss/a', FINISH).wait(5)
    const crashed = crash(watched(), 'boss/a').wait(5)
    const gone = watched()
    gone.world.operate({ op: 'powerOff', host: 'a' })
    gone.wait(60_000)
    for (const [play, reason] of [
      [ended, 'ended'],
      [crashed, 'crashed'],
      [gone, 'unreachable'],
    ] as const) {
      expect(play.heard('friend/b')).toEqual(['peer.lost'])
      expect(play.last('friend/b', 'peer.lost').event).toEqual({ type: 'peer.lost', address: 'boss/a', reason })
    }
  })

  test('of nobody is told so at once', () => {
    const play = family().tell('friend/b', monitor('nobody/a')).wait(5)
    expect(play.last('friend/b', 'peer.lost').event).toMatchObject({ address: 'nobody/a', reason: 'ended' })
    expect(play.world.inside.monitors.size).toBe(0)
  })

  test('dies with the life that asked for it', () => {
    const play = crash(watched(), 'friend/b')
    play.world.spawn('friend/b', 'puppet', {})
    crash(play, 'boss/a').wait(5)
    expect(play.heard('friend/b')).toEqual([])
  })

  test('asked for again by the next life is told once', () => {
    const play = crash(watched(), 'friend/b')
    play.world.spawn('friend/b', 'puppet', {})
    crash(play.tell('friend/b', monitor('boss/a')), 'boss/a').wait(5)
    expect(play.heard('friend/b')).toEqual(['peer.lost'])
  })

  test('hears of the end after all that was said before it', () => {
    const play = watched().tell('left/a', send('friend/b', HELLO), send('friend/b', { type: 'news' }))
    crash(play, 'boss/a').wait(5)
    expect(play.heard('friend/b')).toEqual(['hello', 'news', 'peer.lost'])
  })

  test('inside a process is told without delay', () => {
    const play = family().tell('boss/a', monitor('left/a')).give('left/a', FINISH).wait(0)
    expect(play.heard('boss/a')).toEqual(['peer.lost'])
  })
})

test('a machine that nobody registered, and a role that is taken, are named in a sentence', () => {
  const play = family()
  expect(() => play.world.spawn('new/a', 'no-such-machine', {})).toThrow(
    'no machine is registered as "no-such-machine"',
  )
  expect(() => play.world.spawn('boss/a', 'puppet', {})).toThrow('boss/a is running already')
})
