import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTime, rfc3339, rfc3339Micro } from '../../../../machines/lib/time.ts'

test('instants are written as everywhere', () => {
  const ms = fc.integer({ min: -62_000_000_000_000, max: 250_000_000_000_000 })
  fc.assert(
    fc.property(ms, (at) => {
      expect(rfc3339(at)).toBe(`${new Date(Math.floor(at / 1_000) * 1_000).toISOString().slice(0, 19)}Z`)
      expect(parseTime(rfc3339Micro(at))).toBe(at)
    }),
  )
})
test('a zone is taken into account', () => {
  expect(parseTime('2026-01-01T01:30:00+01:30')).toBe(Date.UTC(2026, 0, 1))
  expect(parseTime('2025-12-31T23:00:00.5-01:00')).toBe(Date.UTC(2026, 0, 1) + 500)
})
test('every way to write an instant is read alike', () => {
  const at = Date.UTC(2024, 1, 29, 23, 59, 58) + 123.456
  for (const text of ['2024-02-29T23:59:58.123456Z', '2024-02-29 23:59:58.123456z', '2024-03-01T00:59:58.123456+01:00'])
    expect(parseTime(text)).toBe(at)
  for (const text of ['2024-02-29T23:59:5xZ', '2024-02-29T23:59:58.12345xZ', '2024-02-29T23:59:58,123456Z'])
    expect(parseTime(text)).toBeNaN()
})
test('other text is no instant', () => {
  expect(['', 'yesterday', '2026-01-01', '2026-01-01T00:00:00'].map(parseTime)).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ])
})
