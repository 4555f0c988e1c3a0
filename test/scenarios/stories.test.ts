/** The stories of docs/examples/scenarios: each once in fine weather, and under a few seeds in bad weather. */
import { describe, expect, test } from 'vitest'
import { drainedNode } from '../../docs/examples/scenarios/drained-node.ts'
import { lostLeader } from '../../docs/examples/scenarios/lost-leader.ts'
import { rollback } from '../../docs/examples/scenarios/rollback.ts'
import { shop } from '../../docs/examples/scenarios/shop.ts'
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { disturb, FAULT_KINDS, type Struck } from '../../machines/cluster/disturb.ts'
import { play, type Scenario } from '../../machines/cluster/scenario.ts'

const WEATHER = { kinds: FAULT_KINDS, everyMs: 15_000, untilMs: 300_000 }

/** With how many seeds each is played in bad weather. */
const STORIES: readonly (readonly [Scenario, number])[] = [
  [shop, 2],
  [lostLeader, 6],
  [drainedNode, 6],
  [rollback, 6],
]

describe.each(STORIES)('$0.name', (story, seeds) => {
  test('comes out well, and shows what it is about', () => {
    const { broken, seen } = play(story)
    expect(broken).toEqual([])
    expect(Object.values(seen)).not.toContain(false)
  })

  test('comes out well in bad weather', () => {
    for (let seed = 1; seed <= seeds; seed++) {
      let struck: readonly Struck[] = []
      const before = (cluster: Cluster): void => {
        struck = disturb(cluster, WEATHER)
      }
      const { broken } = play(story, { seed, before })
      expect(broken, `seed ${seed}: ${struck.map(({ at, words }) => `${at} ms ${words}`).join(', ')}`).toEqual([])
    }
  })
})
