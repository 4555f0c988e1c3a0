import { expect, test } from 'vitest'
import { feasibleNodesToFind } from '../../../../machines/scheduler/sampling.ts'

test.each([
  [99, 0, 99],
  [100, 0, 100],
  [205, 0, 100],
  [250, 0, 120],
  [3_000, 0, 780],
  [5_000, 0, 500],
  [5_625, 0, 281],
  [50_000, 0, 2_500],
  [1_000, 100, 1_000],
  [1_000, 1, 100],
])('of %i nodes at %i %%, %i that fit are enough', (nodes, percentage, wanted) => {
  expect(feasibleNodesToFind(nodes, percentage)).toBe(wanted)
})
