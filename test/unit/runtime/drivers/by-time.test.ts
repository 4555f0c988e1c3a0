import { expect, test } from 'vitest'
import { byTime } from '../../../../runtime/drivers/by-time.ts'
import { requestWorld } from '../../../kit/worlds/start.ts'

test('one thing happens at each call, what is due first, until nothing is left', () => {
  const world = requestWorld()
  const moments: number[] = []
  while (byTime(world)) moments.push(world.now)
  expect(moments).toEqual([...moments].sort((a, b) => a - b))
  expect(moments).toHaveLength(world.counts.steps)
  expect(world.snapshot('asker/a')?.value).toBe('content')
})
