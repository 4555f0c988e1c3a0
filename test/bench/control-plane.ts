/**
 * The same work as in the recordings of the real control plane with kwok: how many times faster. Their clock is compared
 * with how long it takes here, where nothing else runs.
 */
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { allReady, createCluster } from '../../machines/cluster/create.ts'
import type { ClusterOptions } from '../../machines/cluster/options.ts'
import { isReady } from '../../machines/cluster/views.ts'
import { fakeNode } from '../../machines/kwok/fake-node.ts'
import type { ApiObject, Deployment, Pod } from '../../machines/protocol/objects.ts'
import { atLeast, type Measured, quietMs, rounded } from './bench.ts'
import { RATE, RECORDED } from './recorded.ts'
import { ask, making, untilReady } from './workload.ts'

/** How often the work is done: the least of the runs counts, and the first, with an engine that still compiles, is told too. */
const RUNS = 5
const BOOTS = 7

/** Fake nodes, and clients as fast as those of the recording. */
export const pretending = (fakeNodes: number, rest: Partial<ClusterOptions> = {}): Cluster =>
  createCluster({ nodes: 0, fakeNodes, controllerRate: RATE, schedulerRate: RATE, ...rest })

export function boot(): Measured {
  const one = (nodes: number, fakeNodes: number) => quietMs(() => createCluster({ nodes, fakeNodes }))
  const cold = one(0, 1)
  const fake = Math.min(...Array.from({ length: BOOTS }, () => one(0, 1)))
  const real = Math.min(...Array.from({ length: BOOTS }, () => one(1, 0)))
  return {
    benchmarks: [faster(50, 'boot to the first Ready node', RECORDED.bootToReadyNode, fake)],
    notes: [
      `boot to the first Ready node: ${told(fake)} on kwok, the best of ${BOOTS} (the first ${told(cold)}); with a real kubelet ${told(real)}, ${ratio(RECORDED.bootToReadyNode, real)}`,
    ],
  }
}

/** One Deployment of 5,000 on 1,000 nodes; the same with kubelets and container runtimes is no row: nothing was recorded. */
export function pods5000(): Measured {
  const ready = pretending(1_000)
  return compared(20, '5,000 pods of one Deployment on 1,000 nodes', RECORDED.pods5000, () =>
    deployed(ready.fork(), 5_000),
  )
}

export function pods5000OnKubelets(): Measured {
  const roomy = { cpu: '32', memory: '256Gi', pods: '110', 'ephemeral-storage': '100Gi' }
  const cluster = createCluster({ nodes: 100, controllerRate: RATE, schedulerRate: RATE, capacity: roomy })
  const real = deployed(cluster, 5_000)
  return {
    benchmarks: [],
    notes: [
      `5,000 pods on 100 nodes with kubelets and container runtimes: ${told(real)}, ${perPod(real, 5_000)}, ${ratio(RECORDED.pods5000, real)}`,
    ],
  }
}

export function deployments1000(): Measured {
  const ready = pretending(1_000)
  const objects = Array.from({ length: 1_000 }, (_, i) => small(`web-${i}`))
  return compared(15, '1,000 Deployments of one pod', RECORDED.deployments1000, () => {
    const cluster = ready.fork()
    const begin = making(cluster, objects)
    return quietMs(() => {
      begin()
      untilAllReady(cluster, 1_000)
    })
  })
}

/** In two steps, as recorded; kwok is there, and has one node. */
export function nodes5000(): Measured {
  const ready = pretending(1)
  return compared(15, '5,000 nodes Ready', RECORDED.nodes5000, () => {
    const cluster = ready.fork()
    return joining(cluster, 1, 1_000) + joining(cluster, 1_000, 5_000)
  })
}

/** @returns what it costs until the fake nodes from this number to that are Ready, in ms */
function joining(cluster: Cluster, from: number, to: number): number {
  const nodes = Array.from({ length: to - from }, (_, i) =>
    fakeNode('kwok-node', from + i, cluster.options.fakeCapacity),
  )
  const names = nodes.map(({ metadata }) => metadata.name)
  const begin = making(cluster, nodes)
  return quietMs(() => {
    begin()
    cluster.runUntil(allReady(cluster, names), { within: '1h' })
  })
}

/** @returns what it costs from the request to the last pod Ready, in ms */
export function deployed(cluster: Cluster, pods: number): number {
  return quietMs(() => {
    ask(cluster, pods)
    untilReady(cluster)
  })
}

/** Counts what is ready as it becomes so: to look at all pods at each write would cost more than the pods. */
function untilAllReady(cluster: Cluster, pods: number): void {
  let looked = 0
  cluster.runUntil(
    () => {
      if (cluster.now - looked < 100) return false
      looked = cluster.now
      const all = cluster.get<Pod>('pods')
      return all.length === pods && all.every(isReady)
    },
    { within: '1h' },
  )
}

const small = (name: string): ApiObject & Pick<Deployment, 'spec'> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
})

function compared(goal: number, name: string, recordedSeconds: number, run: () => number): Measured {
  const runs = Array.from({ length: RUNS }, run)
  const [first, least] = [runs[0] as number, Math.min(...runs)]
  return {
    benchmarks: [faster(goal, name, recordedSeconds, least)],
    notes: [`${name}: ${told(least)}, the best of ${RUNS}; the first ${told(first)}, ${ratio(recordedSeconds, first)}`],
  }
}

const faster = (goal: number, name: string, recordedSeconds: number, ms: number) =>
  atLeast(goal, name, (recordedSeconds * 1_000) / ms, '× recorded')
const ratio = (recordedSeconds: number, ms: number): string => `${rounded((recordedSeconds * 1_000) / ms)}× recorded`
export const told = (ms: number): string => (ms < 1_000 ? `${rounded(ms)} ms` : `${rounded(ms / 1_000)} s`)
export const perPod = (ms: number, pods: number): string => `${rounded((ms * 1_000) / pods)} µs a pod`
