/** Members under random schedules keep their promises; with an error of old put back, the search finds it soon. */
import { describe, expect, test } from 'vitest'
import { lived } from '../../../../../machines/cluster/etcd-alone/trial.ts'
import { ofBug, scheduleOf, WHERE_MET } from '../../../../../machines/cluster/etcd-alone/weather.ts'
import { ANSWERED_BEFORE_SYNC, BUGS } from '../../../../../machines/etcd/bug.ts'

const seeds = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1)

describe('under random schedules of requests and faults', () => {
  test.each([
    [1, 60],
    [3, 110],
    [5, 30],
  ])('%i members are linearizable and their watches whole, in %i schedules', (members, count) => {
    let answered = 0
    for (const seed of seeds(count)) {
      const { broken, history } = lived(scheduleOf(seed, { members }))
      expect(broken, `seed ${seed}`).toEqual([])
      answered += [...history.asked.values()].filter(({ answer }) => answer?.type === 'etcd.answered').length
    }
    // A history in which little was answered would prove little.
    expect(answered).toBeGreaterThan(count * 20)
  })

  test("raft's guarantees hold after every step", () => {
    for (const seed of seeds(8))
      expect(lived(scheduleOf(seed, { members: 3 }), { invariants: true }).broken).toEqual([])
    const early = lived(ofBug(ANSWERED_BEFORE_SYNC, 1), { invariants: true })
    expect(early.broken.join()).toContain('applied what is not committed')
  })

  test('the same seed gives the same schedule and the same history', () => {
    const [one, other] = [7, 7].map((seed) => lived(scheduleOf(seed, { members: 3 })).history)
    expect([...(one?.asked ?? [])]).toEqual([...(other?.asked ?? [])])
    expect(scheduleOf(8, { members: 3 }).moves).not.toEqual(scheduleOf(7, { members: 3 }).moves)
  })
})

describe.each(BUGS)('the error %s', (bug) => {
  test('is found within a few hundred schedules, the first of which that shows it shows nothing without it', () => {
    const found = seeds(400).find((seed) => lived(ofBug(bug, seed)).broken.length > 0)
    expect(found).toBeDefined()
    const { of, ...rest } = ofBug(bug, found as number)
    expect(lived({ ...rest, of: { ...of, bug: undefined } }).broken).toEqual([])
    expect(WHERE_MET[bug].requests).toBeGreaterThan(0)
  })
})
