import { describe, expect, test } from 'vitest'
import { bySeed } from '../../../runtime/drivers/by-seed.ts'
import { logLine } from '../../../runtime/inspect/log.ts'
import { Rewind, type RewindOptions } from '../../../runtime/rewind.ts'
import type { World } from '../../../runtime/world.ts'
import { leaseWorld } from '../../kit/worlds/start.ts'

function logged(world: World): string[] {
  const lines: string[] = []
  world.observe((record) => lines.push(logLine(record)))
  return lines
}
function lived(options: RewindOptions): { world: World; rewind: Rewind; log: readonly string[]; first: number } {
  const world = leaseWorld()
  const first = world.counts.count
  const log = logged(world)
  const rewind = new Rewind(world, options)
  rewind.run(8_000)
  world.operate({ op: 'powerOff', host: 'a' })
  rewind.run(70_000)
  world.operate({ op: 'powerOn', host: 'a' })
  rewind.run(100_000)
  return { world, rewind, log, first }
}

describe('a rewound world', () => {
  test.each<[string, RewindOptions]>([
    ['many', { every: 7 }],
    ['few', { every: 3, most: 4 }],
    ['none but the first', { every: 1_000_000 }],
    ['any, driven by a seed', { every: 5, next: bySeed(4) }],
  ])('goes on to the same log as the run did, whatever is kept: %s', (_, options) => {
    const { world, rewind, log, first } = lived(options)
    for (let count = first; count <= world.counts.count; count += 11) {
      const past = rewind.to(count)
      expect(past.counts.count).toBe(count)
      const again = logged(past)
      past.run(7_000)
      if (options.next === undefined) expect(again).toEqual(log.slice(count - first, count - first + again.length))
    }
  })

  test('leaves the run alone', () => {
    const { world, rewind } = lived({ every: 10 })
    const before = [world.now, world.counts.count, world.recorded.length]
    rewind.to(20).operate({ op: 'crash', process: 'keeper/k' })
    expect([world.now, world.counts.count, world.recorded.length]).toEqual(before)
    expect(rewind.to(world.counts.count).now).toBe(world.now)
  })

  test('is kept in no more forks than asked for, spread over the whole run', () => {
    const { world, rewind, first } = lived({ every: 2, most: 6 })
    const { marks } = rewind
    expect(marks.length).toBeLessThanOrEqual(6)
    expect(marks[0]).toBe(first)
    expect(marks.at(-1)).toBeGreaterThan(world.counts.count / 2)
  })

  test('is neither before the beginning nor in the future', () => {
    const { rewind, first, world } = lived({})
    expect(() => rewind.to(first - 1)).toThrow(`delivery ${first - 1} is before the first that is kept, ${first}`)
    expect(() => rewind.to(world.counts.count + 1)).toThrow('has not come yet')
  })
})
