/** Whether a pod costs the same in a large cluster as in a small one: with ten times the pods, with ten times the nodes. */
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { atMost, type Measured, quietMs, rounded } from './bench.ts'
import { deployed, perPod, pretending } from './control-plane.ts'

export function podsGrow(): Measured {
  deployed(pretending(100), 2_000)
  const few = least(3, () => deployed(pretending(100), 1_000)) / 1_000
  const many = least(2, () => deployed(pretending(100), 10_000)) / 10_000
  return {
    benchmarks: [atMost(15, 'time per pod, from 1,000 to 10,000 pods', (many / few - 1) * 100, '% more')],
    notes: [`1,000 pods on 100 fake nodes: ${perPod(few, 1)}; 10,000 pods: ${perPod(many, 1)}`],
  }
}

const PODS = 3_000

/** With more nodes there is more to choose among, and more that reports: both are told apart from the rest. */
export function nodesGrow(): Measured {
  deployed(pretending(100), PODS)
  const [few, many] = [100, 1_000].map(split) as [Split, Split]
  const rest = ({ all, scheduling, heartbeats }: Split): number => all - scheduling - heartbeats
  const inWords = ({ all, scheduling, heartbeats }: Split): string =>
    `${perPod(all, PODS)}, of which the scheduler ${perPod(scheduling, PODS)} and heartbeats ${perPod(heartbeats, PODS)}`
  return {
    benchmarks: [
      atMost(
        30,
        'time per pod, from 100 to 1,000 nodes, but for scheduling and heartbeats',
        (rest(many) / rest(few) - 1) * 100,
        '% more',
      ),
    ],
    notes: [
      `${PODS} pods on 100 fake nodes: ${inWords(few)}; on 1,000: ${inWords(many)}; all in all ${rounded((many.all / few.all - 1) * 100)} % more`,
    ],
  }
}

interface Split {
  readonly all: number
  /** The deliveries to the scheduler's loop. */
  readonly scheduling: number
  /** What the nodes cost in the same time when nothing else happens. */
  readonly heartbeats: number
}

function split(nodes: number): Split {
  const idle = pretending(nodes)
  const cluster = idle.fork()
  const observed = idle.fork()
  const all = deployed(cluster, PODS)
  const lasted = cluster.now - idle.now
  const heartbeats = quietMs(() => idle.run(lasted))
  return { all, scheduling: all * shareOf('scheduler', observed), heartbeats }
}

/** The part of the time between one delivery's end and the next that ends in a delivery to this machine. */
function shareOf(machine: string, cluster: Cluster): number {
  let [its, all, last] = [0, 0, performance.now()]
  const stop = cluster.world.observe((record) => {
    const now = performance.now()
    if (record.machine === machine) its += now - last
    all += now - last
    last = now
  })
  deployed(cluster, PODS)
  stop()
  return its / all
}

function least(times: number, measure: () => number): number {
  return Math.min(...Array.from({ length: times }, measure))
}
