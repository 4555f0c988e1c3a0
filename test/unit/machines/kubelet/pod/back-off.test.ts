import { expect, test } from 'vitest'
import { type BackOff, backsOff, backsOffSince, longer } from '../../../../../machines/kubelet/pod/back-off.ts'

test('10 s, doubled with each failure, at most 5 min', () => {
  let backOff: BackOff | undefined
  const waits: number[] = []
  for (let at = 0; waits.length < 7; at += 1_000) {
    backOff = longer(backOff, at, at)
    waits.push(backOff.ms / 1_000)
  }
  expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300])
})
test('it counts from the end of the container, or from the last failure', () => {
  const backOff: BackOff = { ms: 10_000, at: 5_000 }
  expect(backsOffSince(backOff, 6_000, 15_999)).toBe(true)
  expect(backsOffSince(backOff, 6_000, 16_000)).toBe(false)
  expect(backsOffSince(undefined, 0, 0)).toBe(false)
  expect(backsOff(backOff, 14_999)).toBe(true)
  expect(backsOff(backOff, 15_000)).toBe(false)
})
test('after ten minutes without a failure it begins anew', () => {
  expect(longer({ ms: 160_000, at: 0 }, 600_001, 600_001).ms).toBe(10_000)
  expect(backsOffSince({ ms: 300_000, at: 0 }, 600_001, 600_001)).toBe(false)
})
