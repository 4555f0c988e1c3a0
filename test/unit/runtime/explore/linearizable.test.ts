import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { disorders, type Model, type Operation } from '../../../../runtime/explore/linearizable.ts'

/** A register: a write of a value, or a read of one. */
interface Touch extends Operation {
  readonly does: 'write' | 'read'
  readonly value: number
}
const register: Model<number, Touch> = {
  initial: 0,
  step: (state, { does, value }) => (does === 'write' ? [value] : state === value ? [state] : []),
  keyOf: String,
}
const at = (began: number, ended: number | undefined, does: Touch['does'], value: number, object = 'x'): Touch => ({
  object,
  began,
  ended,
  does,
  value,
})
const isLinear = (...history: readonly Touch[]): boolean => disorders(history, register).length === 0

describe('a history is linearizable', () => {
  test.each([
    ['when nothing happened', []],
    ['when each operation ended before the next began', [at(1, 2, 'write', 1), at(3, 4, 'read', 1)]],
    ['when a read beside a write sees the old value', [at(1, 10, 'write', 1), at(2, 3, 'read', 0)]],
    ['when a read beside a write sees the new value', [at(1, 10, 'write', 1), at(2, 3, 'read', 1)]],
    [
      'when two writes beside each other are seen in either order',
      [at(1, 10, 'write', 1), at(2, 9, 'write', 2), at(11, 12, 'read', 1)],
    ],
    [
      'when a write that was never answered is seen late',
      [at(1, undefined, 'write', 1), at(2, 3, 'read', 0), at(5, 6, 'read', 1)],
    ],
    ['when a write that was never answered is never seen', [at(1, undefined, 'write', 1), at(5, 6, 'read', 0)]],
    [
      'when one of two alike that were never answered is seen twice',
      [
        { ...at(1, undefined, 'write', 1), kind: 'one' },
        { ...at(2, undefined, 'write', 1), kind: 'one' },
        at(3, 4, 'write', 2),
        at(5, 6, 'read', 1),
        at(7, 8, 'write', 3),
        at(9, 10, 'read', 1),
      ],
    ],
    ['when operations that touch at an instant are taken for overlapping', [at(1, 2, 'write', 1), at(2, 3, 'read', 0)]],
    // The example of Herlihy and Wing: each object for itself.
    [
      'when each of its objects is',
      [at(1, 2, 'write', 1, 'x'), at(3, 4, 'read', 0, 'y'), at(1, 2, 'write', 2, 'y2'), at(5, 6, 'read', 1, 'x')],
    ],
  ] as const)('%s', (_, history) => expect(isLinear(...history)).toBe(true))
})

describe('a history is not linearizable', () => {
  test.each([
    [
      'when a read sees what was overwritten before it began',
      [at(1, 2, 'write', 1), at(3, 4, 'write', 2), at(5, 6, 'read', 1)],
    ],
    ['when a read sees what nobody wrote', [at(1, 2, 'write', 1), at(3, 4, 'read', 7)]],
    ['when a read sees what was written after it ended', [at(1, 2, 'read', 1), at(3, 4, 'write', 1)]],
    [
      'when a later read goes back behind an earlier one',
      [at(1, 20, 'write', 1), at(2, 3, 'read', 1), at(4, 5, 'read', 0)],
    ],
    [
      'when two readers disagree on the order of two writes',
      [at(1, 20, 'write', 1), at(1, 20, 'write', 2), at(2, 3, 'read', 1), at(4, 5, 'read', 2), at(6, 7, 'read', 1)],
    ],
    [
      'when a write that was never answered is seen and then not',
      [at(1, undefined, 'write', 1), at(2, 3, 'read', 1), at(4, 5, 'read', 0)],
    ],
    [
      'when a rank says otherwise',
      [{ ...at(1, 9, 'write', 1), rank: 2 }, { ...at(1, 9, 'write', 2), rank: 1 }, at(10, 11, 'read', 2)],
    ],
  ] as const)('%s', (_, history) => expect(isLinear(...history)).toBe(false))

  test('and the object, the longest order and what fits nowhere are told', () => {
    const [first, second, stale] = [at(1, 2, 'write', 1), at(3, 4, 'write', 2), at(5, 6, 'read', 1)]
    const fine = at(1, 2, 'read', 0, 'y')
    expect(disorders([first, second, stale, fine], register)).toEqual([
      { object: 'x', longest: [first, second], stuck: stale, gaveUp: false },
    ])
  })

  test('or the search is given up, which is said', () => {
    const many = Array.from({ length: 12 }, (_, i) => at(1, 100 + i, 'write', i))
    expect(disorders([...many, at(200, 201, 'read', 77)], register, 50)[0]?.gaveUp).toBe(true)
  })
})

/** Every order of the answered operations and some of the others, tried one after the other. */
function byTrial(history: readonly Touch[]): boolean {
  const go = (left: readonly Touch[], state: number): boolean => {
    if (left.every(({ ended }) => ended === undefined)) return true
    const firstEnd = Math.min(...left.map(({ ended }) => ended ?? Number.POSITIVE_INFINITY))
    return left.some((one) => {
      if (one.began > firstEnd) return false
      const next = register.step(state, one)[0]
      return (
        next !== undefined &&
        go(
          left.filter((other) => other !== one),
          next,
        )
      )
    })
  }
  return go(history, register.initial)
}

const touches = fc.array(
  fc
    .record({
      began: fc.nat(20),
      lasts: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
      does: fc.constantFrom('write' as const, 'read' as const),
      value: fc.nat(2),
    })
    .map(({ began, lasts, does, value }) => at(began, lasts === undefined ? undefined : began + lasts, does, value)),
  { maxLength: 7 },
)

test('the search says what trying every order says', () => {
  let [linear, not] = [0, 0]
  fc.assert(
    fc.property(touches, (history) => {
      const expected = byTrial(history)
      if (expected) linear++
      else not++
      const kinds = history.map((one) => ({
        ...one,
        onlyReads: one.does === 'read',
        ...(one.ended === undefined ? { kind: `${one.does} ${one.value}` } : {}),
      }))
      expect(isLinear(...history)).toBe(expected)
      expect(isLinear(...kinds)).toBe(expected)
    }),
    { numRuns: 400, seed: 7 },
  )
  expect(Math.min(linear, not)).toBeGreaterThan(40)
})
