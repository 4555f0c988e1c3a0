import { describe, expect, test } from 'vitest'
import { busy, choose, send, spawn, sync, wake, write } from '../../../../runtime/contract.ts'
import { type Choice, enabled, inWords, isVoid, type Timing, take, taken } from '../../../../runtime/explore/choices.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'

const HELLO = { type: 'hello' }
const TICK = { type: 'tick' }
const stage = () => new Stage(['one/a', 'two/a', 'far/b'])
const words = ({ world }: Stage, timing: Timing): readonly string[] => enabled(world, timing).map(inWords)
const named = ({ world }: Stage, timing: Timing, sentence: string): Choice =>
  enabled(world, timing).find((choice) => inWords(choice) === sentence) as Choice

describe('what can happen next', () => {
  test('is the first of each connection, and every timer, when any order is possible', () => {
    const play = stage().tell('one/a', send('far/b', HELLO), send('far/b', TICK), send('two/a', HELLO))
    play.tell('two/a', wake('x', 500, TICK), send('far/b', TICK))
    expect(words(play, 'any')).toEqual([
      'one/a → two/a: hello',
      'one/a → far/b: hello',
      'two/a → far/b: tick',
      'two/a: tick (x)',
    ])
  })

  test('is what is due first when the clock binds, and all of it when several are', () => {
    const play = stage()
      .tell('one/a', send('far/b', HELLO), wake('x', 1, TICK))
      .tell('two/a', send('far/b', TICK))
    expect(words(play, 'ordered')).toEqual(['one/a → far/b: hello', 'one/a: tick (x)', 'two/a → far/b: tick'])
    play.tell('one/a', wake('y', 0.5, TICK))
    expect(words(play, 'ordered')).toEqual(['one/a: tick (y)'])
  })

  test('is the mail inside a process, at once and in order, before anything else', () => {
    const play = stage().tell('one/a', send('far/b', HELLO), spawn('part/a', 'puppet', {}))
    play.tell('one/a', send('part/a', HELLO), send('part/a', TICK))
    for (const timing of ['any', 'ordered'] as const) expect(words(play, timing)).toEqual(['one/a → part/a: hello'])
  })

  test('is a choice that was asked for, and nothing else, with all its options', () => {
    const play = stage().tell('one/a', send('far/b', HELLO), choose('bread', ['rye', 'wheat']))
    expect(words(play, 'any')).toEqual(['one/a chooses bread: rye', 'one/a chooses bread: wheat'])
    const wheat = taken(play.world, named(play, 'any', 'one/a chooses bread: wheat'), 'any')
    expect((wheat.snapshot('one/a')?.context as { heard: readonly { event: object }[] }).heard[0]?.event).toMatchObject(
      {
        option: 'wheat',
      },
    )
  })

  test('is no timer that is void, and no sync of which nobody waits and that makes nothing safe', () => {
    const play = stage().tell('one/a', wake('x', 5, TICK), wake('x', 6, TICK), sync('s'))
    expect(words(play, 'any')).toEqual(['one/a: disk.synced (s)', 'one/a: tick (x)'])
    play.world.operate({ op: 'crash', process: 'one/a' })
    expect(words(play, 'any')).toEqual([])
    expect(play.world.inside.agenda.items.map((item) => isVoid(play.world, item))).toEqual([true, true, true])
    const written = stage().tell('one/a', write('k', 1), sync('s'))
    written.world.operate({ op: 'crash', process: 'one/a' })
    expect(words(written, 'any')).toEqual(['one/a: disk.synced (s)'])
  })

  test('is told in words for health checks, too', () => {
    const play = stage()
    play.world.operate({ op: 'cut', from: 'a', to: 'b' })
    expect(words(play, 'any')).toEqual(['health check of a>b'])
    expect(inWords({ kind: 'fault', operation: { op: 'heal', from: 'a', to: 'b' } })).toBe('heal a b')
  })
})

describe('a choice that is taken', () => {
  test('happens in a copy, or in the world itself', () => {
    const play = stage().tell('one/a', send('far/b', HELLO))
    const choice = named(play, 'any', 'one/a → far/b: hello')
    const after = taken(play.world, choice, 'any')
    expect([play.heard('far/b'), after.counts.delivered - play.world.counts.delivered]).toEqual([[], 1])
    take(play.world, choice, 'any')
    expect(play.heard('far/b')).toEqual(['hello'])
  })

  test('takes no time when any order is possible, and its time when the clock binds', () => {
    const play = stage().tell('one/a', wake('x', 500, TICK))
    const choice = named(play, 'any', 'one/a: tick (x)')
    expect(taken(play.world, choice, 'any').now).toBe(0)
    expect(taken(play.world, choice, 'ordered').now).toBe(500)
  })

  test('may be a fault', () => {
    const play = stage()
    const after = taken(play.world, { kind: 'fault', operation: { op: 'crash', process: 'far/b' } }, 'any')
    expect([after.snapshot('far/b'), play.plays('far/b')]).toEqual([undefined, true])
  })

  test('at an actor that is at work waits there', () => {
    const play = stage().tell('far/b', busy(5)).tell('one/a', send('far/b', HELLO))
    take(play.world, named(play, 'any', 'one/a → far/b: hello'), 'any')
    expect([play.heard('far/b'), words(play, 'any')]).toEqual([[], ['far/b: idle']])
  })
})
