import { describe, expect, test } from 'vitest'
import { byScript } from '../../../../runtime/drivers/by-script.ts'
import { shortestPaths, worldLogic } from '../../../../runtime/explore/graph.ts'
import { explore } from '../../../../runtime/explore/search.ts'
import type { World } from '../../../../runtime/world.ts'
import { counterWorld, leaseWorld, requestWorld } from '../../../kit/worlds/start.ts'

describe("XState's own path functions", () => {
  test.each([
    ['a request', requestWorld],
    ['a counter', counterWorld],
    ['a lease', leaseWorld],
  ])('reach as many worlds as the search does: %s', (_, begin) => {
    for (const timing of ['any', 'ordered'] as const) {
      const beyond = (world: World) => world.counts.count > 14
      const question = { timing, beyond }
      expect(shortestPaths(begin(), question)).toHaveLength(explore(begin(), question).states)
    }
  })

  test('give paths in words that lead there again', () => {
    for (const { state, steps } of shortestPaths(requestWorld(), { timing: 'any' })) {
      const world = requestWorld()
      const next = byScript(steps)
      while (next(world));
      expect(world.snapshot('asker/a')).toEqual(state.snapshot('asker/a'))
      expect(world.snapshot('server/b')).toEqual(state.snapshot('server/b'))
    }
  })
})

test('what is said to have happened has to be possible', () => {
  const logic = worldLogic(requestWorld(), { timing: 'any' })
  const start = logic.getInitialSnapshot({} as never, undefined as never)
  const happened = (choice: string) => ({ type: 'happened', choice }) as const
  const after = logic.transition(start, happened('asker/a → server/b: asked'), {} as never)
  expect((after.world.snapshot('server/b')?.context as { answers: number }).answers).toBe(1)
  expect(() => logic.transition(start, happened('pigs fly'), {} as never)).toThrow('"pigs fly" is not possible here')
  expect(logic.getPersistedSnapshot(start)).toBe(start)
})
