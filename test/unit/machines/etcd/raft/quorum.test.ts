import fc from 'fast-check'
import { expect, test } from 'vitest'
import { committedIndex, majority, tally } from '../../../../../machines/etcd/raft/quorum.ts'

test.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
])('a majority of %i is %i', (voters, wanted) => expect(majority(voters)).toBe(wanted))

test.each([
  [[7], 7],
  [[4, 2, 9], 4],
  [[4, 0, 0], 0],
  [[1, 2, 3, 4, 5], 3],
])('logs that end at %j have committed up to %i', (matches, wanted) => expect(committedIndex(matches)).toBe(wanted))

test('a majority has reached the committed index, and none has reached the next', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 7 }), (matches) => {
      const index = committedIndex(matches)
      const having = (least: number): number => matches.filter((match) => match >= least).length
      return having(index) >= majority(matches.length) && having(index + 1) < majority(matches.length)
    }),
  )
})

test.each([
  [{}, 'pending'],
  [{ a: true, b: true }, 'won'],
  [{ a: true, b: false }, 'pending'],
  [{ b: false, c: false }, 'lost'],
  [{ x: true, y: true }, 'pending'],
] as const)('votes %j of three are %s', (votes, wanted) => expect(tally(votes, ['a', 'b', 'c'])).toBe(wanted))
