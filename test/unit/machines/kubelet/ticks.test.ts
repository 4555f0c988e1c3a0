import { expect, test } from 'vitest'
import { ticked, untilTick, untilTickFrom } from '../../../../machines/kubelet/ticks.ts'

test('ticks come at whole seconds from the start', () => {
  expect(untilTick(250, 1_000)).toBe(250)
  expect(untilTick(250, 1_250)).toBe(1_000)
  expect(ticked(250, 1_000, 1_249)).toBe(false)
  expect(ticked(250, 1_000, 1_250)).toBe(true)
})
test('what is due waits for the next tick', () => {
  expect(untilTickFrom(250, 5_000, 1_000)).toBe(4_250)
  expect(untilTickFrom(250, 5_250, 1_000)).toBe(4_250)
})
