import { expect, test } from 'vitest'
import { fullBucket, taken, waitMs } from '../../../../machines/kube-proxy/runner.ts'

test('two runs are free, the third waits for the rest of the second', () => {
  const once = taken(fullBucket(0), 0)
  const twice = taken(once, 100)
  expect([waitMs(once, 100), waitMs(twice, 100), waitMs(twice, 600), waitMs(twice, 1_000)]).toEqual([0, 900, 400, 0])
})
