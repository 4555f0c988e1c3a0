import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  agreementBefore,
  appended,
  compacted,
  emptyLog,
  entriesFrom,
  entryAt,
  firstNew,
  type Log,
  lacks,
  segmentKey,
  segmentOf,
  termAt,
  truncated,
  upToDate,
} from '../../../../../machines/etcd/raft/log.ts'
import type { Entry } from '../../../../../machines/protocol/raft.ts'

/** `log(1, 1, 2)`: three entries of those terms. */
const entries = (first: number, ...terms: readonly number[]): Entry[] =>
  terms.map((term, i) => ({ index: first + i, term, data: undefined }))
const log = (...terms: readonly number[]): Log => appended(emptyLog(), entries(1, ...terms))
const terms = (of: Log): readonly number[] => entriesFrom(of, of.compacted.index + 1, 1_000).map(({ term }) => term)

test('entries are appended without a gap', () => {
  expect(terms(appended(log(1, 1), entries(3, 2, 2)))).toEqual([1, 1, 2, 2])
  expect(() => appended(log(1, 1), entries(4, 2))).toThrow('entries 4 to 4 follow 2')
  expect(appended(log(1), [])).toEqual(log(1))
})

test('a place is known while it is in the log, or just before it', () => {
  const later = compacted(log(1, 1, 2, 3), 2)
  expect([0, 1, 2, 3, 4, 5].map((index) => termAt(later, index))).toEqual([undefined, undefined, 1, 2, 3, undefined])
  expect([2, 3].map((index) => lacks(later, index))).toEqual([true, false])
  expect(entryAt(later, 1)).toBeUndefined()
  expect(compacted(later, 1)).toBe(later)
})

test('at most so many entries are read, and none behind the end', () => {
  expect(entriesFrom(log(1, 1, 2), 2, 1)).toMatchObject([{ index: 2 }])
  expect(entriesFrom(log(1, 1, 2), 4, 9)).toEqual([])
})

test('what a leader sends is new from the first entry that differs', () => {
  expect(firstNew(log(1, 1, 1), entries(2, 1, 1))).toBeUndefined()
  expect(firstNew(log(1, 1, 1), entries(2, 1, 2, 2))).toBe(3)
  expect(firstNew(log(1), entries(2, 2))).toBe(2)
})

test('two logs cannot agree where one has a later term than the other ends with', () => {
  expect(agreementBefore(log(1, 1, 4, 4), 4, 3)).toBe(2)
  expect(agreementBefore(log(1, 1, 4, 4), 9, 4)).toBe(4)
  expect(agreementBefore(log(5, 5), 2, 1)).toBe(0)
})

describe('a log is as good as another', () => {
  test.each([
    [2, 9, true],
    [3, 3, true],
    [3, 2, false],
    [2, 3, false],
  ])('that ends in term %i at %i: %s', (term, index, wanted) => {
    const ours = term === 2 && index === 9 ? log(1, 1, 2) : log(1, 2, 3)
    expect(upToDate(ours, { index, term })).toBe(wanted)
  })
})

test('a log over many segments is what the plain list is', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('append' as const), by: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ do: fc.constant('truncate' as const), by: fc.nat(100) }),
    fc.record({ do: fc.constant('compact' as const), by: fc.nat(100) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let ours = emptyLog()
      let plain: number[] = []
      for (const [i, { do: verb, by }] of steps.entries()) {
        const { compacted: before, last } = ours
        if (verb === 'append') {
          ours = appended(ours, entries(last.index + 1, ...Array.from({ length: by }, () => i)))
          plain = [...plain, ...Array.from({ length: by }, () => i)]
        } else if (verb === 'truncate' && last.index - by > before.index) {
          ours = truncated(ours, last.index - by)
          plain = plain.slice(0, plain.length - by)
        } else if (verb === 'compact' && before.index + by <= last.index) {
          ours = compacted(ours, before.index + by)
          plain = plain.slice(by)
        }
      }
      expect(terms(ours)).toEqual(plain)
      expect(ours.segments.size).toBeLessThanOrEqual(segmentOf(ours.last.index) - segmentOf(ours.compacted.index) + 1)
    }),
  )
})

test('a segment is named by the least index that it may hold', () => {
  expect(segmentKey(segmentOf(63))).toBe('0000000000')
  expect(segmentKey(segmentOf(130))).toBe('0000000128')
})
