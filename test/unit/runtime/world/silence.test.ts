import { describe, expect, test } from 'vitest'
import { answer, call, dialled, send, stream } from '../../../../runtime/contract.ts'
import { HEALTH_CHECK_MS } from '../../../../runtime/world/faults.ts'
import { CONNECT_MS, HANDSHAKE_MS } from '../../../../runtime/world/silence.ts'
import type { Operation } from '../../../../runtime/world.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'

const HELLO = { type: 'hello' }
const NEWS = { type: 'news' }
const ASKED = { type: 'asked' }
const OPENED = { type: 'opened' }
const stage = (checks: Readonly<Record<string, number | null>> = {}) => new Stage(['client/a', 'server/b'], { checks })
const strike = (play: Stage, operation: Operation): Stage => {
  play.world.operate(operation)
  return play
}
const SILENCES = {
  'a host without power': [
    { op: 'powerOff', host: 'b' },
    { op: 'powerOn', host: 'b' },
  ],
  'a host that is cut off': [
    { op: 'cut', from: 'a', to: 'b' },
    { op: 'heal', from: 'a', to: 'b' },
  ],
  'a host whose answers are cut off': [
    { op: 'cut', from: 'b', to: 'a', oneWay: true },
    { op: 'heal', from: 'b', to: 'a' },
  ],
} satisfies Record<string, readonly [Operation, Operation]>
const lost = (play: Stage) =>
  play.all('client/a').map(({ at, event }) => {
    const { type, line, reason } = event as { type: string; line?: string; reason?: string }
    return [type, line, reason, at]
  })

describe.each(Object.entries(SILENCES))('%s', (name, [begin, end]) => {
  const silent = () => strike(stage(), begin)

  test('a question on a connection that stood is lost with the connection', () => {
    const play = silent()
      .wait(1_000)
      .tell('client/a', call('server/b', ASKED, 'q'), stream('server/b', OPENED, 's'))
    play.wait(HEALTH_CHECK_MS - 1_001)
    expect(lost(play)).toEqual([])
    play.wait(1)
    expect(lost(play)).toEqual([
      ['call.lost', 'q', 'reset', HEALTH_CHECK_MS],
      ['stream.ended', 's', 'reset', HEALTH_CHECK_MS],
    ])
    expect([play.world.inside.streams.size, play.world.inside.inbound.size]).toEqual([0, 0])
  })

  test('one that comes after that needs a connection, and does not get it', () => {
    const play = silent()
      .wait(60_000)
      .tell('client/a', call('server/b', ASKED, 'q'), stream('server/b', OPENED, 's'))
    play.wait(CONNECT_MS + 0.9)
    expect(lost(play)).toEqual([])
    play.wait(0.1)
    expect(lost(play)).toEqual([
      ['call.lost', 'q', 'refused', 60_001 + CONNECT_MS],
      ['stream.ended', 's', 'refused', 60_001 + CONNECT_MS],
    ])
    strike(play, end).wait(10)
    expect(play.heard('server/b')).not.toContain('asked')
    expect([play.world.inside.streams.size, play.world.inside.inbound.size]).toEqual([0, 0])
  })

  test('so does one of a process that began in the silence', () => {
    const play = silent().wait(1_000)
    play.world.spawn('newcomer/a', 'puppet', {})
    play.tell('newcomer/a', call('server/b', ASKED)).wait(CONNECT_MS + 1)
    expect(play.last('newcomer/a', 'call.lost')).toMatchObject({ at: 1_001 + CONNECT_MS, event: { reason: 'refused' } })
  })

  test('who asks can have less patience, on a connection of its own', () => {
    const play = silent()
      .tell('client/a', dialled(call('server/b', ASKED, 'q'), 5_000))
      .wait(5_001)
    expect(lost(play)).toEqual([['call.lost', 'q', 'refused', 5_001]])
    play.tell('client/a', dialled(stream('server/b', OPENED, 's'), 5_000)).wait(HEALTH_CHECK_MS * 2)
    expect(lost(play)[1]).toEqual(['stream.ended', 's', 'refused', 10_002])
    expect(play.all('client/a')).toHaveLength(2)
  })

  test('a role outside is told as well', () => {
    const play = silent().wait(60_000)
    const taken: [string, number][] = []
    play.world.bindOutside('gate/a', ({ event }) => taken.push([event.type, play.world.now]))
    play.world.operate({ op: 'call', to: 'server/b', from: 'gate/a', event: ASKED })
    play.wait(CONNECT_MS * 2)
    expect(taken).toEqual([['call.lost', 60_001 + CONNECT_MS]])
  })

  test('when it ends before, a question is answered or refused, and not lost later', () => {
    const play = silent()
      .wait(60_000)
      .tell('client/a', call('server/b', ASKED, 'q'))
      .wait(10_000)
    strike(play, end)
    play.wait(5)
    if (name === 'a host without power') expect(lost(play)).toEqual([['call.lost', 'q', 'refused', 70_000]])
    else {
      const number = play.last('server/b', 'asked').call
      play
        .wait(CONNECT_MS * 2)
        .tell('server/b', answer('client/a', number, { type: 'answered' }))
        .wait(5)
      expect(play.heard('client/a')).toEqual(['answered'])
    }
  })

  test('what hung up is not told', () => {
    const play = silent()
      .wait(60_000)
      .tell('client/a', call('server/b', ASKED, 'q'))
    play.wait(5).tell('client/a', call('server/b', { type: 'tock' }, 'q'))
    play.wait(CONNECT_MS * 2)
    expect(play.heard('client/a')).toEqual(['call.lost'])
  })
})

test('what is only sent across a cut waits for a connection no longer than it takes to give one up', () => {
  const play = strike(stage(), { op: 'cut', from: 'a', to: 'b' }).tell('client/a', send('server/b', { type: 'tick' }))
  play.wait(60_000).tell('client/a', send('server/b', HELLO)).wait(CONNECT_MS)
  play.tell('client/a', send('server/b', NEWS)).wait(1_000)
  strike(play, { op: 'heal', from: 'a', to: 'b' }).wait(5)
  expect(play.heard('server/b')).toEqual(['news'])
})

describe('a frozen process', () => {
  const FREEZE: Operation = { op: 'pause', process: 'server/b' }
  const THAW: Operation = { op: 'resume', process: 'server/b' }

  test('is given up by its clients, and learns it when it thaws', () => {
    const play = stage()
      .tell('client/a', call('server/b', ASKED, 'q'), stream('server/b', OPENED, 's'))
      .wait(5)
    const { call: number } = play.last('server/b', 'asked')
    strike(play, FREEZE).wait(HEALTH_CHECK_MS - 1)
    expect(lost(play)).toEqual([])
    play.wait(1)
    expect(lost(play).map(([, line, reason]) => [line, reason])).toEqual([
      ['q', 'reset'],
      ['s', 'reset'],
    ])
    expect(play.heard('server/b')).toEqual(['asked', 'opened'])
    strike(play, THAW)
      .wait(0)
      .tell('server/b', answer('client/a', number, { type: 'answered' }))
      .wait(5)
    expect(play.heard('server/b')).toEqual(['asked', 'opened', 'stream.closed'])
    expect(play.heard('client/a')).not.toContain('answered')
  })

  test('that thaws in time was never missed', () => {
    const play = strike(stage().tell('client/a', call('server/b', ASKED, 'q')), FREEZE).wait(30_000)
    strike(strike(play, THAW).wait(5), FREEZE).wait(30_000)
    expect(play.heard('client/a')).toEqual([])
    expect(play.wait(15_000).heard('client/a')).toEqual(['call.lost'])
  })

  test('accepts connections, on which nobody shakes hands', () => {
    const play = strike(stage(), FREEZE)
      .wait(60_000)
      .tell('client/a', call('server/b', ASKED, 'q'))
    expect(lost(play.wait(HANDSHAKE_MS + 1))).toEqual([['call.lost', 'q', 'refused', 60_001 + HANDSHAKE_MS]])
    expect(strike(play, THAW).wait(5).heard('server/b')).toEqual([])
  })

  test('keeps what it has open itself: servers do not ping', () => {
    const play = stage()
      .tell('server/b', stream('client/a', OPENED, 's'))
      .wait(5)
    expect(
      strike(play, FREEZE)
        .wait(HEALTH_CHECK_MS * 2)
        .heard('client/a'),
    ).toEqual(['opened'])
    expect(play.world.inside.streams.size).toBe(1)
  })

  test('is given up sooner, or never, where its clients ping otherwise', () => {
    const soon = stage({ server: 40_000 })
      .tell('client/a', call('server/b', ASKED, 'q'))
      .wait(5)
    expect(lost(strike(soon, FREEZE).wait(60_000)).map(([, , , at]) => at)).toEqual([40_005])
    const never = stage({ server: null })
      .tell('client/a', call('server/b', ASKED, 'q'))
      .wait(5)
    strike(never, FREEZE).wait(60_000).world.spawn('newcomer/b', 'puppet', {})
    never.tell('newcomer/b', call('server/b', ASKED)).wait(60_000)
    expect([never.heard('client/a'), never.heard('newcomer/b')]).toEqual([[], []])
    expect(strike(never, THAW).wait(5).heard('server/b')).toEqual(['asked', 'asked'])
  })

  test('a fork of the world goes on alike', () => {
    const play = strike(stage(), FREEZE)
      .wait(60_000)
      .tell('client/a', call('server/b', ASKED, 'q'))
      .wait(5_000)
    const fork = play.fork()
    for (const each of [play, fork]) expect(each.wait(HANDSHAKE_MS).heard('client/a')).toEqual(['call.lost'])
  })
})
