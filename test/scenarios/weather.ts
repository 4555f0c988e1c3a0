/** The stories of docs/examples/scenarios in bad weather: which, how bad, and what came of one. */
import { fileURLToPath } from 'node:url'
import { cutOffMinority } from '../../docs/examples/scenarios/cut-off-minority.ts'
import { drainedNode } from '../../docs/examples/scenarios/drained-node.ts'
import { lostControlPlane } from '../../docs/examples/scenarios/lost-control-plane.ts'
import { lostLeader } from '../../docs/examples/scenarios/lost-leader.ts'
import { rollback } from '../../docs/examples/scenarios/rollback.ts'
import { shop } from '../../docs/examples/scenarios/shop.ts'
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { disturb, FAULT_KINDS, type Struck, type Weather } from '../../machines/cluster/disturb.ts'
import { type Played, play, type Scenario } from '../../machines/cluster/scenario.ts'

export const STORIES: Readonly<Record<string, Scenario>> = {
  shop,
  'drained-node': drainedNode,
  'lost-control-plane': lostControlPlane,
  'cut-off-minority': cutOffMinority,
  rollback,
  'lost-leader': lostLeader,
}

/** The file of a story: what a token names. */
export const fileOf = (name: string): string =>
  fileURLToPath(new URL(`../../docs/examples/scenarios/${name}.ts`, import.meta.url))

export const WEATHER: Weather = { kinds: FAULT_KINDS, everyMs: 15_000, untilMs: 300_000 }

/** Under how many seeds each is played at full numbers, and in `npm test`: a fiftieth. */
export const SEEDS = 200
export const A_FIFTIETH = SEEDS / 50

export interface Weathered extends Played {
  readonly struck: readonly Struck[]
}

export function weathered(story: Scenario, seed: number): Weathered {
  let struck: readonly Struck[] = []
  const before = (cluster: Cluster): void => {
    struck = disturb(cluster, WEATHER)
  }
  return { ...play(story, { seed, before, settles: true }), struck }
}

export const inWords = (struck: readonly Struck[]): string =>
  struck.map(({ at, words }) => `${at} ms ${words}`).join('\n')
