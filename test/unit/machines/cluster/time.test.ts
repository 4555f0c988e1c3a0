import { expect, test } from 'vitest'
import { toMs } from '../../../../machines/cluster/time.ts'

test.each([
  ['90s', 90_000],
  ['2m', 120_000],
  ['1m30s', 90_000],
  ['500ms', 500],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
  ['0.5s', 500],
  [250, 250],
])('%s is %i ms', (duration, ms) => expect(toMs(duration)).toBe(ms))

test.each(['', '10', 'ten', '5 m', '3x', 'm'])('"%s" is no duration, and it is said what is one', (text) => {
  expect(() => toMs(text)).toThrow(`"${text}" is no duration; write for example 90s`)
})
