/** What one pod costs from its Deployment to Ready, in deliveries and births of actors, and in memory once it runs. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { BORN } from '../../runtime/trace.ts'
import { atMost, type Measured, rounded } from './bench.ts'
import { ask, largeCluster, untilReady } from './workload.ts'

const PODS = 1_000
const GOAL = { deliveries: 220, starts: 30, kilobytes: 40 } as const
/** Longer than two turns of the API server's compaction of etcd (5 min), and than Events are remembered by reflectors. */
const SETTLING = '12m'

export function pods(): Measured {
  warmUp()
  const cluster = largeCluster()
  const heapBefore = heapUsed()
  const { delivered, started } = cluster.world.counts
  const shares = counted(cluster)
  ask(cluster, PODS)
  untilReady(cluster)
  shares.stop()
  const { counts } = cluster.world
  cluster.run(SETTLING)
  const heap = (heapUsed() - heapBefore) / 1_000
  return {
    benchmarks: [
      atMost(GOAL.deliveries, 'deliveries per pod', (counts.delivered - delivered) / PODS, 'deliveries'),
      atMost(GOAL.starts, 'actor starts per pod', (counts.started - started) / PODS, 'starts'),
      atMost(GOAL.kilobytes, 'heap per running pod', heap / PODS, 'kB'),
    ],
    notes: [`deliveries by actor: ${shares.of('deliveries')}`, `starts by actor: ${shares.of('starts')}`],
  }
}

/** Lets the engine compile what will run, so that its code is not counted as the pods'. */
function warmUp(): void {
  const cluster = largeCluster()
  ask(cluster, PODS / 4)
  untilReady(cluster)
}

/** Live bytes, after everything that can be thrown away was. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let i = 0; i < 3; i++) collect()
  return process.memoryUsage().heapUsed
}

interface Shares {
  of(what: 'deliveries' | 'starts'): string
  readonly stop: () => void
}

function counted({ world }: Cluster): Shares {
  const [deliveries, starts] = [new Map<string, number>(), new Map<string, number>()]
  const stop = world.observe(({ event, machine }) => {
    const counts = event.type === BORN ? starts : deliveries
    counts.set(machine, (counts.get(machine) ?? 0) + 1)
  })
  return { of: (what) => inWords(what === 'starts' ? starts : deliveries), stop }
}

/** The actors that make up all but a fiftieth, per pod. */
function inWords(counts: ReadonlyMap<string, number>): string {
  const all = [...counts].sort(([, a], [, b]) => b - a)
  const total = all.reduce((sum, [, count]) => sum + count, 0)
  const large = all.filter(([, count]) => count >= total / 100)
  const rest = total - large.reduce((sum, [, count]) => sum + count, 0)
  const told = large.map(([machine, count]) => `${machine} ${rounded(count / PODS)}`)
  return `${told.join(', ')}; others ${rounded(rest / PODS)}`
}
