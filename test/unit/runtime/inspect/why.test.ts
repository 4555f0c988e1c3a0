import { describe, expect, test } from 'vitest'
import { lastChangeOf, Memory } from '../../../../runtime/inspect/why.ts'
import type { TraceRecord } from '../../../../runtime/trace.ts'
import { leaseWorld, requestWorld } from '../../../kit/worlds/start.ts'

const inWords = ({ to, event }: TraceRecord): string => `${to} ${event.type}`
function remembered(capacity?: number) {
  const world = leaseWorld()
  const memory = new Memory(capacity)
  world.observe(memory.sink)
  world.run(60_000)
  return { world, memory }
}

describe('why an actor is in its state', () => {
  test('is the chain of deliveries that led to it, oldest first', () => {
    const world = requestWorld()
    const memory = new Memory()
    world.observe(memory.sink)
    world.run(10_000)
    const last = memory.last(lastChangeOf('asker/a')) as TraceRecord
    expect(memory.why(last).map(inWords)).toEqual(['server/b asked', 'asker/a answered'])
  })

  test('goes back through timers as far as anything is remembered', () => {
    const { memory } = remembered()
    const chain = memory.why(memory.last(lastChangeOf('contender/b')) as TraceRecord)
    expect(chain.length).toBeGreaterThan(10)
    for (const [i, { n, cause }] of chain.entries()) {
      if (i > 0) expect(cause).toBe(chain[i - 1]?.n)
      expect(cause).toBeLessThan(n)
    }
  })
})

describe('a memory', () => {
  test('finds a record by its number', () => {
    const { memory } = remembered()
    const some = memory.all[7] as TraceRecord
    expect(memory.at(some.n)).toBe(some)
    expect([memory.at(0), memory.at(1_000_000)]).toEqual([undefined, undefined])
  })

  test('of a size forgets what is oldest, and still finds the rest', () => {
    const { memory, world } = remembered(10)
    expect(memory.all.length).toBeGreaterThanOrEqual(10)
    expect(memory.all.length).toBeLessThan(20)
    expect(memory.all.at(-1)?.n).toBe(world.counts.count)
    for (const record of memory.all) expect(memory.at(record.n)).toBe(record)
    const chain = memory.why(memory.all.at(-1) as TraceRecord)
    expect(chain.length).toBeLessThan(20)
  })
})

test('only what changes the state of an actor is a change of it', () => {
  const record = { to: 'a/b', before: 'x', after: 'x' } as TraceRecord
  expect(lastChangeOf('a/b')(record)).toBe(false)
  expect(lastChangeOf('a/b')({ ...record, after: { x: 'y' } })).toBe(true)
  expect(lastChangeOf('a/c')({ ...record, after: 'y' })).toBe(false)
})
