import { describe, expect, test } from 'vitest'
import { durationText, humanDuration, parseDuration } from '../../../../machines/lib/duration.ts'

const [S, M, H, D] = [1_000, 60_000, 3_600_000, 86_400_000]

test.each([
  ['2m30s', 150_000],
  ['1.5h', 5_400_000],
  ['-10ms', -10],
  ['0', 0],
  ['1h1m1s', 3_661_000],
  ['+5s', 5_000],
  ['100us', 0.1],
])('%s lasts so long', (text, ms) => {
  expect(parseDuration(text)).toBeCloseTo(ms, 9)
})
test.each(['', '5', 's', '1d', '1 s', 'm5'])('"%s" is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})
test.each([
  [0, '0s'],
  [500, '500ms'],
  [1_500, '1.5s'],
  [150_000, '2m30s'],
  [3_600_000, '1h0m0s'],
  [-1_000, '-1s'],
  [0.0005, '500ns'],
  [0.25, '250µs'],
])('Go writes %d ms as it does', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
describe('an age', () => {
  test.each([
    [-3 * S, '<invalid>'],
    [-S, '0s'],
    [119 * S, '119s'],
    [2 * M, '2m'],
    [2 * M + 5 * S, '2m5s'],
    [10 * M + 5 * S, '10m'],
    [179 * M, '179m'],
    [3 * H + 5 * M, '3h5m'],
    [8 * H + 5 * M, '8h'],
    [47 * H, '47h'],
    [2 * D + 5 * H, '2d5h'],
    [8 * D + 5 * H, '8d'],
    [400 * D, '400d'],
    [800 * D, '2y70d'],
    [4000 * D, '10y'],
    [730 * D, '2y'],
  ])('of %d ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text)
  })
})
