import { describe, expect, test } from 'vitest'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { afflict, disturb, FAULT_KINDS, type Struck } from '../../../../machines/cluster/disturb.ts'

const bases = new Map([1, 2].map((seed) => [seed, createCluster({ nodes: 1, seed })]))
const fresh = (seed: number) => (bases.get(seed) as ReturnType<typeof createCluster>).fork()
const WEATHER = { everyMs: 5_000, untilMs: 120_000, kinds: FAULT_KINDS }

function disturbed(seed: number, weather = WEATHER) {
  const cluster = fresh(seed)
  const struck = disturb(cluster, weather)
  cluster.run('3m')
  return { cluster, struck }
}

describe('the weather', () => {
  test('is the same for the same seed, and another for another', () => {
    const [one, again, other] = [disturbed(1), disturbed(1), disturbed(2)]
    expect(one.struck.length).toBeGreaterThan(2)
    expect(again.struck).toEqual(one.struck)
    expect(again.cluster.world.counts).toEqual(one.cluster.world.counts)
    expect(other.struck).not.toEqual(one.struck)
  })

  test('has at most one lasting fault at a time, and ends', () => {
    const { struck, cluster } = disturbed(1)
    let free = 0
    for (const { at, until } of struck) {
      expect(at).toBeGreaterThanOrEqual(free)
      free = until ?? at
    }
    expect(free).toBeLessThanOrEqual(WEATHER.untilMs)
    const broken = cluster.recording.operations.map(({ operation: { op } }) => op)
    const count = (op: string): number => broken.filter((each) => each === op).length
    expect([count('powerOff'), count('cut'), count('pause')]).toEqual([
      count('powerOn'),
      count('heal'),
      count('resume'),
    ])
    cluster.runUntil((c) => c.node('node-1').ready, { within: '5m' })
  })

  test('is of the kinds that were asked for', () => {
    const { struck } = disturbed(2, { ...WEATHER, kinds: ['crash'] })
    expect(struck.length).toBeGreaterThan(5)
    for (const { kind, words, on } of struck) expect([kind, words]).toEqual(['crash', `crash ${on}`])
  })
})

describe('faults of an earlier play', () => {
  test('strike again at their times', () => {
    const { struck, cluster } = disturbed(1)
    const again = fresh(1)
    afflict(again, struck)
    again.run('3m')
    expect(again.recording.operations).toEqual(cluster.recording.operations)
  })

  test('strike alone too, and are mended', () => {
    const lasting = disturbed(1).struck.find(({ until }) => until !== undefined) as Struck
    const cluster = fresh(1)
    afflict(cluster, [lasting])
    cluster.run('3m')
    const times = cluster.recording.operations.map(({ at }) => at)
    expect(times).toHaveLength(2)
    expect((times[1] as number) - (lasting.until as number)).toBeLessThan(1_000)
  })

  test('whose process is not there are left out', () => {
    const cluster = fresh(1)
    const gone: Struck = { at: 0, words: '', kind: 'crash', on: 'kubelet/node-9', other: '', until: undefined }
    afflict(cluster, [gone])
    cluster.run('10s')
    expect(cluster.recording.operations).toEqual([])
  })
})
