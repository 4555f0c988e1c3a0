/** How much faster than the clock a cluster runs in which nothing happens but heartbeats, elections and watches. */
import { createCluster } from '../../machines/cluster/create.ts'
import type { ClusterOptions } from '../../machines/cluster/options.ts'
import { atLeast, type Measured, quietMs, rounded } from './bench.ts'

interface Idle {
  readonly name: string
  readonly goal: number
  readonly nodes: number
  readonly options: Partial<ClusterOptions>
  readonly minutes: number
  /** Longest before the first: for so long the engine still compiles what runs. */
  readonly warmUpMinutes: number
}
const IDLE: readonly Idle[] = [
  { name: 'an idle cluster of 10 nodes', goal: 5_000, nodes: 10, options: {}, minutes: 240, warmUpMinutes: 120 },
  {
    name: 'the same with three control planes',
    goal: 1_000,
    nodes: 10,
    options: { controlPlanes: 3 },
    minutes: 60,
    warmUpMinutes: 10,
  },
  { name: 'an idle cluster of 100 nodes', goal: 500, nodes: 100, options: {}, minutes: 30, warmUpMinutes: 10 },
]

export function idle(): Measured {
  const all = IDLE.map((each) => ({ ...each, real: pace(each, true), fake: pace(each, false) }))
  return {
    benchmarks: all.map(({ name, goal, real }) => atLeast(goal, name, real, '× real time')),
    notes: all.map(({ name, fake }) => `${name}, on kwok instead of kubelets: ${rounded(fake)}× real time`),
  }
}

function pace({ nodes, options, minutes, warmUpMinutes }: Idle, real: boolean): number {
  const cluster = createCluster({ ...options, nodes: real ? nodes : 0, fakeNodes: real ? 0 : nodes })
  cluster.run(warmUpMinutes * 60_000)
  return (minutes * 60_000) / quietMs(() => cluster.run(minutes * 60_000))
}
