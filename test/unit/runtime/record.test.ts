import { describe, expect, test } from 'vitest'
import { bySeed } from '../../../runtime/drivers/by-seed.ts'
import { byTime, type Driver } from '../../../runtime/drivers/by-time.ts'
import { logLine } from '../../../runtime/inspect/log.ts'
import { RECORDING_VERSION, type Recording, ReplayDiverged, recordingOf, replay } from '../../../runtime/record.ts'
import type { World } from '../../../runtime/world.ts'
import { counterWorld, leaseWorld, requestWorld } from '../../kit/worlds/start.ts'

function logged(world: World): string[] {
  const lines: string[] = []
  world.observe((record) => lines.push(logLine(record)))
  return lines
}
/** Through JSON, as a file or a token would hold it. */
const kept = (recording: Recording): Recording => JSON.parse(JSON.stringify(recording)) as Recording
function run(world: World, untilMs: number, next: Driver = byTime): void {
  while (world.due !== undefined && world.due <= untilMs) next(world)
  world.sleep(untilMs)
}
/** The power goes, its health check passes unheard, and long after the next fault strikes. */
function stormy(world: World, next: Driver = byTime): World {
  run(world, 1_500, next)
  world.operate({ op: 'powerOff', host: world.hosts[0] as string })
  run(world, 75_000, next)
  world.operate({ op: 'powerOn', host: world.hosts[0] as string })
  run(world, 75_000.5, next)
  world.operate({ op: 'reset', from: world.hosts[0] as string, to: world.hosts[1] as string })
  run(world, 200_000, next)
  return world
}

describe.each([
  ['a request', requestWorld],
  ['a counter', counterWorld],
  ['a lease', leaseWorld],
])('the recording of %s', (_, begin) => {
  test.each([
    ['by time', byTime],
    ['by seed', bySeed(5)],
  ])('replays to the same log, %s', (_, next) => {
    const world = begin()
    const log = logged(world)
    const recording = kept(recordingOf(stormy(world, next), {}))
    const again = begin()
    const relived = logged(again)
    replay(again, recording, undefined, next)
    expect(relived).toEqual(log)
    expect([again.now, again.counts, again.recorded]).toEqual([world.now, world.counts, world.recorded])
  })

  test('replays up to any delivery', () => {
    const world = begin()
    const log = logged(world)
    const recording = recordingOf(stormy(world), {})
    const [first = 0] = [world.counts.count - log.length]
    for (let until = first; until <= first + log.length; until += 3) {
      const again = begin()
      const relived = logged(again)
      replay(again, recording, until)
      expect(relived).toEqual(log.slice(0, until - first))
    }
  })
})

test('a recording is its version, seed, setting, what was done, and its end', () => {
  const world = counterWorld()
  world.run(10)
  expect(recordingOf(world, { small: true })).toEqual({
    version: RECORDING_VERSION,
    seed: 42,
    setting: { small: true },
    operations: [],
    end: { count: world.counts.count, steps: world.counts.steps, at: 10 },
  })
})

test('a replay in another setting is noticed', () => {
  const recording = recordingOf(stormy(leaseWorld()), {})
  expect(() => replay(counterWorld(), recording)).toThrow(ReplayDiverged)
  expect(() => replay(counterWorld(), { ...recording, operations: [] })).toThrow('nothing is left after delivery 8 of')
  const later = leaseWorld()
  later.run(10_000)
  expect(() => replay(later, recording)).toThrow('the setting differs')
})

test('a fork remembers what was done before it, and what is done in it is its own', () => {
  const world = leaseWorld()
  world.operate({ op: 'skew', host: 'a', ms: 5 })
  const fork = world.fork()
  fork.operate({ op: 'skew', host: 'a', ms: 7 })
  expect([world.recorded.length, fork.recorded.length]).toEqual([1, 2])
})

test('what a gateway does the moment it is told something replays without the gateway', () => {
  const world = requestWorld()
  const log = logged(world)
  const ask = (): number =>
    world.operate({ op: 'call', to: 'server/b', from: 'gate/outside', event: { type: 'asked' } })
  let answers = 0
  world.bindOutside('gate/outside', () => {
    answers++
    if (answers < 4) ask()
  })
  ask()
  world.run(5_000)
  const again = requestWorld()
  const relived = logged(again)
  replay(again, kept(recordingOf(world, {})))
  expect([answers, relived]).toEqual([4, log])
})
