import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  add,
  canonicalQuantity,
  compare,
  formatQuantity,
  milli,
  milliOf,
  parseQuantity,
  type Quantity,
  subtract,
  value,
  valueOf,
} from '../../../../machines/lib/quantity.ts'

const of = (text: string): Quantity => parseQuantity(text) as Quantity

describe('a quantity', () => {
  test.each([
    ['1000m', '1'],
    ['0.5', '500m'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['512', '512'],
    ['1000000', '1M'],
    ['2e3', '2e3'],
    ['12E', '9223372036854775807'],
    ['100Ki', '100Ki'],
    ['0.1n', '1n'],
    ['-1', '-1'],
    ['0Gi', '0'],
    ['500Ki', '500Ki'],
    ['1e-3', '1e-3'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical)
  })
  test.each(['', 'x', '1.2.3', '1 Gi', '1kB', '--1', 'Gi', '.'])('"%s" is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined()
    expect(canonicalQuantity(text)).toBeUndefined()
    expect(milliOf(text)).toBe(0)
  })
  test('a number is as good as its text', () => {
    expect(canonicalQuantity(1.5)).toBe('1500m')
  })
  test('thousandths and whole amounts are rounded up', () => {
    expect(milli(of('1n'))).toBe(1n)
    expect(value(of('1100m'))).toBe(2n)
    expect(value(of('-1100m'))).toBe(-2n)
    expect(milliOf('1.5')).toBe(1500)
    expect(valueOf('1Ki')).toBe(1024)
    expect(valueOf(undefined)).toBe(0)
    expect(milliOf(undefined)).toBe(0)
  })
  test('amounts are added, taken away and compared exactly', () => {
    expect(formatQuantity(add(of('100m'), of('0.9')))).toBe('1')
    expect(formatQuantity(add(of('0'), of('1Gi')))).toBe('1Gi')
    expect(formatQuantity(subtract(of('1Gi'), of('512Mi')))).toBe('512Mi')
    expect([compare(of('1'), of('1000m')), compare(of('1'), of('2')), compare(of('2'), of('1'))]).toEqual([0, -1, 1])
  })
  test('its canonical text is canonical', () => {
    const suffix = fc.constantFrom('', 'm', 'k', 'M', 'Ki', 'Mi', 'Gi', 'n', 'e2')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), suffix, (amount, unit) => {
        const once = canonicalQuantity(`${amount}${unit}`) as string
        expect(canonicalQuantity(once)).toBe(once)
        expect(compare(of(once), of(`${amount}${unit}`))).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
})
