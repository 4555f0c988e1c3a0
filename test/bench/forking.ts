/** What a copy of a large world costs. */
import type { World } from '../../runtime/world.ts'
import { atMost, type Measured, timed } from './bench.ts'
import { ask, largeCluster, untilReady } from './workload.ts'

const ACTORS = 5_000
const PODS = 2_000
const FORKS = 50
const GOAL_MS = 2
/** A cluster that somebody looks at: so many pods Running. */
const RUNNING = 1_000
const GOAL_RUNNING_MS = 5

export function forking(): Measured {
  const cluster = largeCluster()
  ask(cluster, PODS)
  cluster.runUntil(() => cluster.world.addresses.length >= ACTORS, { within: '1h' })
  const running = largeCluster()
  ask(running, RUNNING)
  untilReady(running)
  return {
    benchmarks: [
      atMost(GOAL_MS, 'fork of a world of 5,000 actors', best(cluster.world), 'ms'),
      atMost(GOAL_RUNNING_MS, 'fork of a cluster of 1,000 pods', best(running.world), 'ms'),
    ],
    notes: [`the forked world has ${cluster.world.addresses.length} actors`],
  }
}

function best(world: World): number {
  const forks: World[] = []
  const each = Array.from({ length: FORKS }, () => timed(() => forks.push(world.fork())))
  return Math.min(...each)
}
