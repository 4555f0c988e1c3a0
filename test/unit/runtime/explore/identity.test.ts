import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { call, draw, monitor, send, stream, sync, verbs, wake, write } from '../../../../runtime/contract.ts'
import { enabled, inWords, type Timing, taken } from '../../../../runtime/explore/choices.ts'
import { fingerprint } from '../../../../runtime/explore/identity.ts'
import { choicesOf } from '../../../../runtime/explore/search.ts'
import { compiledLogic, interpreted } from '../../../../runtime/logic.ts'
import { type Operation, World } from '../../../../runtime/world.ts'
import { counter, incrementer } from '../../../kit/worlds/counter.ts'
import { contender, keeper } from '../../../kit/worlds/lease.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'
import { asker, server } from '../../../kit/worlds/request.ts'
import { worldOf } from '../../../kit/worlds/start.ts'

/** Latencies are drawn by how much was sent before, which is no part of a world's identity: here they are what they are. */
const STEADY = { latencies: { loopback: { baseMs: 0.1, jitterMs: 0 }, lan: { baseMs: 1, jitterMs: 0 } } }
const HELLO = { type: 'hello' }
const stage = () => new Stage(['one/a', 'two/a', 'far/b'])
const any = ({ world }: Stage): string => fingerprint(world, 'any')
const strike = (play: Stage, ...operations: readonly Operation[]): Stage => {
  for (const operation of operations) play.world.operate(operation)
  return play
}

describe('two worlds with one fingerprint', () => {
  const faults = (world: World): readonly Operation[] => [
    ...world.hosts.filter((host) => world.isUp(host)).map((host) => ({ op: 'powerOff', host, kept: 0 }) as const),
    ...world.hosts.filter((host) => !world.isUp(host)).map((host) => ({ op: 'powerOn', host }) as const),
    { op: 'cut', from: world.hosts[0] as string, to: world.hosts[1] as string },
    { op: 'heal', from: world.hosts[0] as string, to: world.hosts[1] as string },
    { op: 'reset', from: world.hosts[0] as string, to: world.hosts[1] as string },
  ]

  test.each([
    ['a request', () => worldOf({ 'server/b': server, 'asker/a': asker }, STEADY)],
    ['a counter', () => worldOf({ 'counter/b': counter, 'incrementer/a': incrementer }, STEADY)],
    ['a lease', () => worldOf({ 'keeper/k': keeper, 'contender/a': contender, 'contender/b': contender }, STEADY)],
  ])('enable the same choices, which lead to the same worlds: %s', (_, begin) => {
    for (const timing of ['any', 'ordered'] as const) {
      const known = new Map<string, { readonly world: World; readonly words: readonly string[] }>()
      let met = 0
      for (let walk = 0; walk < 60; walk++) {
        let world = begin()
        for (let step = 0; step < 25; step++) {
          const mayStrike = draw(walk, 'fault', step) % 8 === 0
          const choices = choicesOf(world, mayStrike ? { timing, faults } : { timing })
          const words = enabled(world, timing).map(inWords).sort()
          const print = fingerprint(world, timing)
          const other = known.get(print)
          if (other !== undefined && other.world !== world) {
            met++
            expect(words).toEqual(other.words)
            if (met % 4 === 0) expect(nexts(world, timing)).toEqual(nexts(other.world, timing))
          }
          known.set(print, { world, words })
          const choice = choices[draw(walk, 'choice', step) % Math.max(1, choices.length)]
          if (choice === undefined) break
          world = taken(world, choice, timing)
        }
      }
      expect(met).toBeGreaterThan(timing === 'any' ? 100 : 20)
    }
  })

  test('need not have come to it in the same order', () => {
    const there = stage().tell('one/a', monitor('far/b'), write('k', 1)).tell('two/a', monitor('one/a'), write('k', 1))
    const back = stage().tell('two/a', monitor('one/a'), write('k', 1)).tell('one/a', monitor('far/b'), write('k', 1))
    expect(any(there)).toBe(any(back))
    const timers = ['x', 'y'].map((key) => wake(key, 5, HELLO))
    expect(any(stage().tell('one/a', ...timers))).toBe(any(stage().tell('one/a', ...timers.toReversed())))
    const streams = (first: string, second: string) =>
      [first, second].reduce((play, from) => play.tell(from, stream('far/b', HELLO, 'w')), stage())
    expect(any(streams('one/a', 'two/a'))).toBe(any(streams('two/a', 'one/a')))
  })

  test('may be so at different times, when the clock binds nothing or nothing depends on it', () => {
    const play = stage()
    expect(fingerprint(stage().wait(1_000).world, 'ordered')).toBe(fingerprint(play.world, 'ordered'))
  })
})

/** Where every choice leads, by its words. */
const nexts = (world: World, timing: Timing): readonly string[] =>
  enabled(world, timing)
    .map((choice) => `${inWords(choice)}: ${fingerprint(taken(world, choice, timing), timing)}`)
    .sort()

describe('a fingerprint tells', () => {
  const differ = (one: Stage, other: Stage): void => expect(any(one)).not.toBe(any(other))

  test('who waits to be told of whose end, unless its life is over', () => {
    differ(stage().tell('one/a', monitor('far/b')), stage())
    const born = (play: Stage): Stage => {
      play.world.spawn('one/a', 'puppet', {})
      return play
    }
    const gone = strike(stage().tell('one/a', monitor('far/b')), { op: 'crash', process: 'one/a' })
    const never = strike(stage(), { op: 'crash', process: 'one/a' })
    expect(born(gone).world.inside.monitors.size).toBe(1)
    expect(born(never).world.inside.monitors.size).toBe(0)
  })

  test('mail for a life that is over from mail for this one', () => {
    const reborn = (play: Stage): Stage => {
      strike(play, { op: 'crash', process: 'far/b' }).world.spawn('far/b', 'puppet', {})
      return play
    }
    differ(reborn(stage().tell('one/a', send('far/b', HELLO))), reborn(stage()).tell('one/a', send('far/b', HELLO)))
  })

  test('mail that was lost with its connection from mail that will arrive', () => {
    const lost = strike(stage().tell('one/a', send('far/b', HELLO)), { op: 'reset', from: 'a', to: 'b' })
    const sound = strike(stage(), { op: 'reset', from: 'a', to: 'b' }).tell('one/a', send('far/b', HELLO))
    differ(lost, sound)
  })

  test('a full disk from one with space, and what is written from what is safe', () => {
    differ(strike(stage(), { op: 'fillDisk', host: 'a' }), stage())
    differ(stage().tell('one/a', write('k', 1)), stage())
    differ(stage().tell('one/a', write('k', 1), sync()), stage().tell('one/a', sync(), write('k', 1)))
  })

  test('what is cut, held and frozen, and what the outside has open', () => {
    differ(
      strike(stage(), { op: 'cut', from: 'a', to: 'b' }),
      strike(stage(), { op: 'cut', from: 'a', to: 'b', oneWay: true }),
    )
    differ(strike(stage(), { op: 'pause', process: 'one/a' }), stage())
    const open = stage()
    const number = open.world.operate({ op: 'call', to: 'far/b', from: 'gate/outside', event: HELLO })
    differ(strike(open.fork(), { op: 'hangUp', number, from: 'gate/outside' }), open)
  })

  test('how slow things are, where the clock binds, and not where it does not', () => {
    const slow: readonly Operation[] = [
      { op: 'delay', from: 'a', to: 'b', ms: 5 },
      { op: 'slowDisk', host: 'a', ms: 70 },
    ]
    for (const operation of slow) {
      const play = strike(stage(), operation)
      expect(any(play)).toBe(any(stage()))
      expect(fingerprint(play.world, 'ordered')).not.toBe(fingerprint(stage().world, 'ordered'))
    }
  })

  test('calls apart, though not by their numbers', () => {
    const asked = (...lines: readonly string[]) =>
      lines.reduce((play, line) => play.tell('one/a', call('far/b', HELLO, line)), stage())
    differ(asked('x', 'y'), asked('x', 'z'))
    const later = stage().tell('two/a', wake('x', 5, HELLO), { do: 'cancel', key: 'x' })
    expect(any(later.tell('one/a', call('far/b', HELLO, 'x')))).toBe(any(asked('x')))
  })
})

test('what a history state remembers is part of the world, compiled or stepped by XState', () => {
  const { update } = verbs<{ readonly turns: number }, { type: 'left' | 'right' | 'away' | 'back' }>()
  const walker = setup({
    types: { context: {} as { turns: number }, events: {} as { type: 'left' | 'right' | 'away' | 'back' } },
    actions: { turn: update(() => ({ turns: 1 })) },
  }).createMachine({
    id: 'walker',
    context: { turns: 0 },
    initial: 'walking',
    states: {
      walking: {
        initial: 'left',
        states: { left: { on: { right: 'right' } }, right: { on: { left: 'left' } }, again: { type: 'history' } },
        on: { away: { target: 'away', actions: 'turn' } },
      },
      away: { on: { back: '#walker.walking.again' } },
    },
  })
  for (const logic of [compiledLogic, interpreted]) {
    const walked = (...types: readonly string[]): string => {
      const world = new World(new Map([['walker', logic(walker)]]))
      world.spawn('walker/a', 'walker', {})
      for (const type of types) world.send('walker/a', { type })
      world.run(100)
      return fingerprint(world, 'any')
    }
    expect(walked('right', 'away')).not.toBe(walked('away'))
    expect(walked('right', 'left', 'away')).toBe(walked('away'))
    expect(walked('right', 'away', 'back')).toBe(walked('away', 'back', 'right', 'away', 'back'))
  }
})
