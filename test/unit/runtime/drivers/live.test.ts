import { describe, expect, test } from 'vitest'
import { mayReach, type Pace, paceOf, QUIET_MS, type Standing } from '../../../../runtime/drivers/live.ts'

const STANDING: Standing = { nowMs: 5_000, dueMs: 5_100, elapsedMs: 16, asking: 0, asked: 0, silentMs: 10_000 }

describe('virtual time may go', () => {
  test.each<[string, Pace, Partial<Standing>, number]>([
    ['as far as the day went', 'real', {}, 5_016],
    ['ten times as far', { times: 10 }, {}, 5_160],
    ['half as far', { times: 0.5 }, {}, 5_008],
    ['as far as it likes', 'max', {}, Number.POSITIVE_INFINITY],
    ['nowhere while it is paused', 'paused', {}, 5_000],
    ['on while it is paused, for what is asked', 'paused', { asking: 1 }, 5_100],
    ['to the next moment at which something is due, in lockstep with an outside that is silent', 'lockstep', {}, 5_100],
    ['nowhere in lockstep while the outside may still say something', 'lockstep', { silentMs: QUIET_MS - 1 }, 5_000],
    ['nowhere in lockstep while the outside owes an answer', 'lockstep', { asked: 1 }, 5_000],
    ['on in lockstep while the outside waits in silence for an answer', 'lockstep', { asking: 1 }, 5_100],
    ['nowhere in lockstep while it may ask something besides', 'lockstep', { asking: 1, silentMs: 0 }, 5_000],
    [
      'nowhere in lockstep while each waits for the other, and the outside is the one to answer',
      'lockstep',
      { asking: 1, asked: 1 },
      5_000,
    ],
    ['nowhere in lockstep when nothing is due', 'lockstep', { dueMs: undefined }, 5_000],
  ])('%s', (_, pace, how, until) => {
    expect(mayReach(pace, { ...STANDING, ...how })).toBe(until)
  })

  test('in lockstep after any silence that is asked for', () => {
    expect(mayReach('lockstep', { ...STANDING, silentMs: 100 }, 200)).toBe(5_000)
    expect(mayReach('lockstep', { ...STANDING, silentMs: 200 }, 200)).toBe(5_100)
  })
})

test('a pace is named in a word', () => {
  expect(['real', 'max', 'paused', 'lockstep', '10x', '0.5x'].map(paceOf)).toEqual([
    'real',
    'max',
    'paused',
    'lockstep',
    { times: 10 },
    { times: 0.5 },
  ])
  for (const text of ['fast', '0x', '-1x', '10', 'x']) expect(() => paceOf(text)).toThrow(`"${text}" is no pace`)
})
