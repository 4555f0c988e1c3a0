/** How one tests one's own controller: the same story under many seeds, with processes that crash. */
import { describe, expect, test } from 'vitest'
import {
  afflict,
  type Cluster,
  disturb,
  type Played,
  play,
  type Scenario,
  type Struck,
} from '../../../machines/index.ts'
import { aCoast, aMendedCoast } from './scenario.ts'

const WEATHER = { kinds: ['crash'], everyMs: 10_000, untilMs: 120_000 } as const
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1)

function inBadWeather(scenario: Scenario, seed: number): Played & { readonly struck: readonly Struck[] } {
  let struck: readonly Struck[] = []
  const before = (cluster: Cluster): void => {
    struck = disturb(cluster, WEATHER)
  }
  return { ...play(scenario, { seed, before }), struck }
}

describe('a lighthouse has one keeper', () => {
  test('in fine weather either controller sees to that, and every lighthouse shines', () => {
    for (const scenario of [aCoast, aMendedCoast]) {
      const { broken, seen } = play(scenario)
      expect(broken).toEqual([])
      expect(seen).toEqual({ 'a keeper is on the way': true })
    }
  })

  test('in bad weather the first one hires a second keeper: its cache had not heard of the first', () => {
    const found = SEEDS.map((seed) => inBadWeather(aCoast, seed)).find(({ broken }) => broken.length > 0)
    expect(found?.broken).toEqual([expect.stringMatching(/^always: no lighthouse has two keepers/)])
    const { seed, struck } = found as NonNullable<typeof found>
    const ofApiserver = struck.filter(({ words }) => words === 'crash kube-apiserver/cp-1')
    const again = play(aCoast, { seed, before: (cluster) => afflict(cluster, ofApiserver) })
    expect(again.broken, 'the crash of the API server is all it takes').toHaveLength(1)
  })

  test('the mended one holds in every weather', () => {
    for (const seed of SEEDS) expect(inBadWeather(aMendedCoast, seed).broken, `seed ${seed}`).toEqual([])
  })
})
