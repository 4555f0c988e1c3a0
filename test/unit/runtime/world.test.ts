import { describe, expect, test } from 'vitest'
import type { AnyStateMachine } from 'xstate'
import { logLine } from '../../../runtime/inspect/log.ts'
import { compiledLogic, interpreted } from '../../../runtime/logic.ts'
import { MachineCrashed, type Operation, World } from '../../../runtime/world.ts'
import { counter, incrementer } from '../../kit/worlds/counter.ts'
import { contender, keeper } from '../../kit/worlds/lease.ts'
import { puppet, Stage } from '../../kit/worlds/puppets.ts'
import { asker, server } from '../../kit/worlds/request.ts'
import { counterWorld, leaseWorld, requestWorld, worldOf } from '../../kit/worlds/start.ts'

/** The log of a world from now on. */
function logged(world: World): string[] {
  const lines: string[] = []
  world.observe((record) => lines.push(logLine(record)))
  return lines
}
const SMALL: readonly (readonly [string, Readonly<Record<string, AnyStateMachine>>])[] = [
  ['a request', { 'server/b': server, 'asker/a': asker }],
  ['a counter', { 'counter/b': counter, 'incrementer/a': incrementer }],
  ['a lease', { 'keeper/k': keeper, 'contender/a': contender, 'contender/b': contender }],
]
/** What strikes the small worlds in a run, by the moment in ms. */
const STORY: readonly (readonly [number, (hosts: readonly string[]) => Operation])[] = [
  [0.3, ([a, b]) => ({ op: 'cut', from: b as string, to: a as string })],
  [1_500, ([a, b]) => ({ op: 'heal', from: a as string, to: b as string })],
  [1_500.1, ([a, b]) => ({ op: 'delay', from: a as string, to: b as string, ms: 3 })],
  [12_345.678, ([a]) => ({ op: 'powerOff', host: a as string })],
  [70_000, ([a]) => ({ op: 'powerOn', host: a as string })],
  [80_000, ([, b]) => ({ op: 'slowDisk', host: b as string, ms: 50 })],
]
const END_MS = 90_000

/** Lives the story; `run` brings the world to a moment. */
function lived(world: World, run: (world: World, untilMs: number) => void): string[] {
  const lines = logged(world)
  for (const [at, operation] of STORY) {
    run(world, at)
    world.operate(operation(world.hosts))
  }
  run(world, END_MS)
  return [...lines, `ended at ${world.now} with ${JSON.stringify(world.counts)}`]
}
const atOnce = (world: World, untilMs: number): void => world.run(untilMs)
function inSmallSteps(world: World, untilMs: number): void {
  for (let at = world.now + 1; at < untilMs; at += 1) world.run(at)
  world.run(untilMs)
}
function oneByOne(world: World, untilMs: number): void {
  while (world.due !== undefined && world.due <= untilMs) world.step()
  world.sleep(untilMs)
}

describe.each(SMALL)('%s', (_, roles) => {
  const reference = lived(worldOf(roles), atOnce)

  test('gives the same log for any size of steps', () => {
    expect(reference.length).toBeGreaterThan(5)
    expect(lived(worldOf(roles), inSmallSteps)).toEqual(reference)
    expect(lived(worldOf(roles), oneByOne)).toEqual(reference)
  })

  test('gives the same log compiled and stepped by XState', () => {
    expect(lived(worldOf(roles, { byXState: true }), atOnce)).toEqual(reference)
  })

  test('gives another log with another seed', () => {
    expect(lived(worldOf(roles, { seed: 7 }), atOnce)).not.toEqual(reference)
  })

  test('goes on in a fork as it does itself, from any moment', () => {
    for (const at of [0, 0.5, 5_000]) {
      const world = worldOf(roles)
      world.run(at)
      const fork = world.fork()
      const [here, there] = [logged(world), logged(fork)]
      fork.run(END_MS)
      world.run(END_MS)
      expect(there).toEqual(here)
    }
  })
})

describe('a world', () => {
  test('tells what is due next, and when nothing will ever happen again', () => {
    const world = requestWorld()
    expect(world.due).toBeGreaterThan(0)
    world.run(60_000)
    expect([world.due, world.step(), world.now]).toEqual([undefined, false, 60_000])
  })

  test('sleeps, but not over what is due', () => {
    const world = requestWorld()
    const { due } = world
    world.sleep(10_000)
    expect(world.now).toBe(due)
    world.sleep(0)
    expect(world.now).toBe(due)
  })

  test('tells its observers, until they have heard enough, and its fork tells nobody', () => {
    const world = leaseWorld()
    const lines: string[] = []
    const enough = world.observe((record) => lines.push(logLine(record)))
    world.run(3_000)
    const heard = lines.length
    world.fork().run(20_000)
    enough()
    world.run(20_000)
    expect(heard).toBeGreaterThan(3)
    expect(lines).toHaveLength(heard)
  })

  test('counts deliveries, births, dead letters and all that happened', () => {
    const world = counterWorld()
    world.run(1_000)
    expect(world.counts).toEqual({ count: 8, delivered: 6, started: 2, deadLetters: 0, steps: 6 })
    expect(world.addresses).toEqual(['counter/b', 'incrementer/a'])
    expect(world.hosts).toEqual(['b', 'a'])
    expect([world.isUp('a'), world.isUp('b')]).toEqual([true, true])
  })

  test('numbers its records without a gap, each caused by one before it', () => {
    const world = leaseWorld()
    const numbers: (readonly [number, number])[] = []
    world.observe(({ n, cause }) => numbers.push([n, cause]))
    world.run(30_000)
    expect(numbers.map(([n]) => n)).toEqual(numbers.map((_, i) => i + 4))
    expect(numbers.every(([n, cause]) => cause < n)).toBe(true)
  })

  test('shows nothing of a role that nobody plays', () => {
    expect(counterWorld().snapshot('nobody/b')).toBeUndefined()
  })

  test('keeps the dice and the clocks of its options', () => {
    const world = new World(new Map([['puppet', compiledLogic(puppet)]]), { epochMs: 5_000, seed: 3 })
    world.run(250)
    expect([world.clock('anywhere'), world.seed]).toEqual([5_250, 3])
  })

  test('lets a machine crash in its birth from outside with seed and address', () => {
    expect(() => new Stage([]).world.spawn('still/a', 'stillborn', {})).toThrow(MachineCrashed)
    expect(() => new Stage([], { byXState: true }).world.spawn('still/a', 'stillborn', {})).toThrow(
      'still/a (stillborn) at 0 ms, delivery 1, seed 42 crashed on born from : it was never whole',
    )
  })

  test('refuses a chart that is not in order when its logic is made, not when it is met', () => {
    expect(() => compiledLogic({ ...puppet, id: 'Not Kebab' } as unknown as AnyStateMachine)).toThrow()
    expect(interpreted(puppet).id).toBe('puppet')
  })
})
