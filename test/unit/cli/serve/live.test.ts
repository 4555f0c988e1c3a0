/** How the live clock goes while somebody outside thinks. The day is a pretended one. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Live } from '../../../../cli/serve/live.ts'
import { World } from '../../../../runtime/world.ts'

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] }),
)
afterEach(() => void vi.useRealTimers())

const fail = (error: unknown): void => {
  throw error
}

test('while somebody outside thinks time stands still, and then catches up with the day', () => {
  const world = new World(new Map())
  let thinking = 0
  const live = new Live(world, {
    pace: { times: 10 },
    quietMs: 20,
    asking: () => 0,
    outside: () => thinking,
    failed: fail,
  })
  live.begin()
  vi.advanceTimersByTime(1_000)
  const before = world.now
  expect(before).toBeGreaterThan(9_000)
  thinking = 1
  vi.advanceTimersByTime(500)
  const held = world.now
  expect(held - before).toBeLessThan(300)
  thinking = 0
  live.again()
  vi.advanceTimersByTime(100)
  expect(world.now).toBeGreaterThan(15_500)
  live.stop()
})
