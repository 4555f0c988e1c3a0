import { expect, test } from 'vitest'
import { clock, paint } from '../../../cli/terminal.ts'

test.each([
  [0, '0.000s'],
  [2_300, '2.300s'],
  [59_999.9, '60.000s'],
  [65_000, '1m05.000s'],
  [3_600_000, '60m00.000s'],
])('%i ms are %s', (ms, text) => expect(clock(ms)).toBe(text))

test('what is no terminal has no colours', () => expect(paint('red', 'plain')).toBe('plain'))
