import { describe, expect, test } from 'vitest'
import { AT_ANY_STEP, allAlong } from '../../../../../machines/cluster/examination/disturbances.ts'
import { Sitting } from '../../../../../machines/cluster/examination/sitting.ts'
import { examOf, good } from './toys.ts'

const exam = examOf(good)
const all = [...AT_ANY_STEP, ...allAlong(exam)]

describe('disturbances', () => {
  test('are all that may come between: crashes, breaks, freezes, silence, repetition and another order', () => {
    const said = all.map(({ words }) => words).join('; ')
    for (const word of [
      'crashes',
      'unobserved',
      'twice',
      'heard of last',
      'reordered',
      'lags',
      'time-out',
      'frozen',
      'breaks',
    ])
      expect(said).toContain(word)
    expect(new Set(all.map(({ words }) => words)).size).toBe(all.length)
  })

  test.each(all.map((each) => [each.words, each] as const))('%s: leave everything whole', (_, { strokes, reads }) => {
    const sitting = Sitting.begun(exam).employ(reads)
    sitting.run(30_000)
    const { cluster } = sitting
    for (const { afterMs, strike } of strokes.toSorted((a, b) => a.afterMs - b.afterMs)) {
      sitting.run(30_000 + afterMs)
      strike(cluster)
    }
    sitting.run(cluster.now + 60_000)
    const { holding, paused } = cluster.world.inside
    expect([holding.size, paused.size]).toEqual([0, 0])
    expect(cluster.state('good-controller/manager')).toBe('running')
    expect(sitting.isOver).toBe(true)
  })
})
