import { describe, expect, test } from 'vitest'
import {
  advanced,
  electionTicks,
  headStartMs,
  leaderIsFresh,
  overAt,
  patienceAt,
  voteIsFree,
  waiting,
} from '../../../../../machines/etcd/raft/election.ts'

const clock = { heardAt: 0, ticks: 10, tickedAt: 30, checkAt: 0 }

test('a timeout is from 10 to 19 ticks', () => {
  const all = new Set(Array.from({ length: 100 }, (_, i) => electionTicks(i)))
  expect([...all].toSorted((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
})

test('a member that starts has most of its first wait behind it', () => {
  expect([1, 3, 5].map(headStartMs)).toEqual([900, 800, 800])
})

describe('patience', () => {
  test('is over at the tick that is the last of its timeout', () => {
    expect(overAt(waiting(clock, 1_000, 10))).toBe(1_930)
    expect(overAt(waiting(clock, 1_030, 10))).toBe(2_030)
    expect(overAt(waiting(clock, 1_129, 12))).toBe(2_230)
  })
  test('keeps a leader fresh for ten ticks', () => {
    const heard = waiting(clock, 1_000, 15)
    expect(leaderIsFresh(heard, 1_929)).toBe(true)
    expect(leaderIsFresh(heard, 1_930)).toBe(false)
  })
  test('is put forward, and at most to now', () => {
    const wait = waiting(clock, 1_000, 12)
    expect(advanced(wait, 800, 1_050)).toEqual({ ...wait, heardAt: 200, checkAt: 1_330 })
    expect(advanced(wait, 800, 1_500).checkAt).toBe(1_500)
  })
  test('does not count time in which the process did not run', () => {
    const heard = { ...waiting(clock, 1_000, 10), heardAt: 1_600 }
    expect(patienceAt(heard, 1_935)).toBe(heard)
    expect(patienceAt(heard, 6_930).heardAt).toBe(6_600)
    expect(patienceAt(heard, 900).heardAt).toBe(570)
  })
})

test('a vote is free once in a term, or for the one who has it', () => {
  expect(voteIsFree('', '', 'a')).toBe(true)
  expect(voteIsFree('a', '', 'a')).toBe(true)
  expect(voteIsFree('b', '', 'a')).toBe(false)
  expect(voteIsFree('', 'b', 'a')).toBe(false)
})
