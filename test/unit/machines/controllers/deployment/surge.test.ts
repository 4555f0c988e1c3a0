import { expect, test } from 'vitest'
import { maxSurge, maxUnavailable } from '../../../../../machines/controllers/deployment/surge.ts'
import { deployment } from './examples.ts'

test.each([
  ['25%', '25%', 4, 1, 1],
  ['25%', '25%', 10, 3, 2],
  [1, 0, 4, 1, 0],
  [0, '10%', 4, 0, 1],
  ['100%', 0, 3, 3, 0],
  [0, '100%', 3, 0, 3],
  [1, 9, 3, 1, 3],
  ['25%', '25%', 0, 0, 0],
])('surge %s, unavailable %s of %i replicas: %i and %i', (surge, unavailable, replicas, more, fewer) => {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } }
  const rolling = deployment({ replicas, strategy })
  expect([maxSurge(rolling), maxUnavailable(rolling)]).toEqual([more, fewer])
})

test('a Deployment that re-creates has neither', () => {
  const recreating = deployment({ strategy: { type: 'Recreate' } })
  expect([maxSurge(recreating), maxUnavailable(recreating)]).toEqual([0, 0])
})
