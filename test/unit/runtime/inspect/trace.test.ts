import { filter, map, take, toArray } from 'rxjs'
import { expect, test } from 'vitest'
import { trace$ } from '../../../../runtime/inspect/trace.ts'
import { leaseWorld } from '../../../kit/worlds/start.ts'

test('a world can be subscribed to, and what is heard combined as one likes', () => {
  const world = leaseWorld()
  const terms: string[][] = []
  trace$(world)
    .pipe(
      filter(({ after, before }) => after === 'leading' && before !== after),
      map(({ to }) => to),
      take(3),
      toArray(),
    )
    .subscribe((holders) => terms.push(holders))
  world.run(60_000)
  expect(terms).toEqual([[expect.stringMatching(/^contender/), expect.any(String), expect.any(String)]])
})

test('a world is observed only while somebody has subscribed', () => {
  const world = leaseWorld()
  let heard = 0
  const records = trace$(world)
  world.run(5_000)
  const [one, other] = [records.subscribe(() => heard++), records.subscribe(() => heard++)]
  world.run(10_000)
  const both = heard
  one.unsubscribe()
  world.run(15_000)
  other.unsubscribe()
  world.run(20_000)
  const { count } = world.counts
  expect(both).toBeGreaterThan(1)
  expect(both % 2).toBe(0)
  expect(heard).toBeGreaterThan(both)
  expect(heard).toBeLessThan(2 * count)
})
