import { describe, expect, test } from 'vitest'
import { monitor, send, spawn, spawnProcess, write } from '../../../../runtime/contract.ts'
import type { TraceRecord } from '../../../../runtime/trace.ts'
import { MachineCrashed } from '../../../../runtime/world.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'

const HELLO = { type: 'hello' }
const watched = (strict: boolean) => {
  const play = new Stage(['one/a', 'far/b'], { strict }).tell('far/b', monitor('one/a'))
  const records: TraceRecord[] = []
  play.world.observe((record) => records.push(record))
  return { play, records }
}

describe('a machine that throws', () => {
  test('fails a strict world at once, with the address, the moment, the delivery and the seed', () => {
    const { play } = watched(true)
    play.wait(30)
    expect(() => play.give('one/a', { type: 'fail' })).toThrow(MachineCrashed)
    expect(() => watched(true).play.wait(30).give('one/a', { type: 'fail' })).toThrow(
      'one/a (puppet) at 30 ms, delivery 4, seed 42 crashed on fail from director/stage: a string is torn',
    )
  })

  test('crashes its process otherwise, leaves no effect behind, and its stack is in the trace', () => {
    const { play, records } = watched(false)
    play
      .tell('one/a', spawn('part/a', 'puppet', {}))
      .give('part/a', { type: 'fail' })
      .wait(5)
    expect(play.world.addresses).toEqual(['far/b'])
    expect(play.last('far/b', 'peer.lost').event).toMatchObject({ reason: 'crashed' })
    const [crash] = records.filter((record) => record.crash !== undefined)
    expect(crash).toMatchObject({ to: 'part/a', before: 'playing', effects: [] })
    expect(crash?.after).toBeUndefined()
    expect(crash?.crash).toMatch(/a string is torn\n +at /)
  })

  test('at its birth takes along the process in which it is born, or nobody when it begins its own', () => {
    const inside = watched(false)
    inside.play.tell('one/a', spawn('still/a', 'stillborn', {}), send('far/b', HELLO)).wait(5)
    expect([inside.play.plays('one/a'), inside.play.heard('far/b')]).toEqual([false, ['peer.lost']])
    const own = watched(false)
    own.play.tell('one/a', spawnProcess('still/a', 'stillborn', {}), send('far/b', HELLO)).wait(5)
    expect([own.play.plays('one/a'), own.play.heard('far/b')]).toEqual([true, ['hello']])
    expect(() => watched(true).play.tell('one/a', spawn('still/a', 'stillborn', {}))).toThrow('it was never whole')
  })
})

describe('what cannot be', () => {
  const IMPOSSIBLE = [
    ['a machine that nobody registered', spawn('new/a', 'no-such-machine', {}), 'no machine is registered'],
    ['a spawn on another host', spawn('new/b', 'puppet', {}), 'may not spawn new/b: it lives on another host'],
    ['a role that is taken', spawn('one/a', 'puppet', {}), 'one/a is running already'],
    ['a role that is taken by a process', spawnProcess('two/a', 'puppet', {}), 'two/a is running already'],
  ] as const

  test.each(IMPOSSIBLE)('%s fails a strict world with seed and address', (_, effect, sentence) => {
    const { play } = watched(true)
    play.world.spawn('two/a', 'puppet', {})
    expect(() => play.tell('one/a', effect)).toThrow(sentence)
    expect(() => watched(true).play.tell('one/a', IMPOSSIBLE[0][1])).toThrow(
      /^one\/a \(puppet\) at 0 ms, delivery 4, seed 42/,
    )
  })

  test.each(IMPOSSIBLE)('%s crashes the process that asks for it, and nobody else', (_, effect, sentence) => {
    const { play, records } = watched(false)
    play.world.spawn('two/a', 'puppet', {})
    play.tell('one/a', write('k', 1), send('far/b', HELLO), effect, send('far/b', { type: 'news' })).wait(5)
    expect(play.world.addresses).toEqual(['far/b', 'two/a'])
    expect(play.heard('far/b')).toEqual(['hello', 'peer.lost'])
    expect(records.find(({ crash }) => crash?.includes(sentence))).toMatchObject({
      to: 'one/a',
      event: { type: 'crashed' },
    })
    expect(records.map(({ n }) => n)).toEqual(records.map((_, i) => (records[0] as TraceRecord).n + i))
  })
})
