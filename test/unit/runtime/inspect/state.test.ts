import { expect, test } from 'vitest'
import { dotted } from '../../../../runtime/inspect/state.ts'

test.each([
  ['idle', 'idle'],
  [{ leading: 'quiet' }, 'leading.quiet'],
  [{ rolling: { scaling: 'up' } }, 'rolling.scaling.up'],
  [{ lamps: 'on', bell: { loud: 'very' } }, 'lamps.on, bell.loud.very'],
  [{ over: {} }, 'over'],
  [{}, ''],
] as const)('%j is said as "%s"', (value, words) => {
  expect(dotted(value)).toBe(words)
})
