/** The clusters, and what is asked of them, that several benchmarks have in common. */
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { createCluster } from '../../machines/cluster/create.ts'
import type { ClusterOptions } from '../../machines/cluster/options.ts'
import type { ApiObject } from '../../machines/protocol/objects.ts'
import { CLIENTS } from './recorded.ts'

const WORKERS = 20
const CAPACITY = { cpu: '64', memory: '256Gi', pods: '110', 'ephemeral-storage': '100Gi' }

/** A cluster of one etcd member and twenty workers without client limits, ready. More pods than `WORKERS × 110` do not fit. */
export const largeCluster = (options: Partial<ClusterOptions> = {}): Cluster =>
  createCluster({
    nodes: WORKERS,
    controlPlanes: 1,
    etcd: 1,
    capacity: CAPACITY,
    controllerRate: undefined,
    ...options,
  })

/** Asks for so many pods, and does not wait. */
export function ask(cluster: Cluster, replicas: number): void {
  const objects = cluster.read(`
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: ${replicas}
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec:
          containers:
            - { name: web, image: nginx, resources: { requests: { cpu: 100m, memory: 64Mi } } }
  `)
  cluster.kubectl.start({ command: 'apply', objects })
}

export const untilReady = (cluster: Cluster): void =>
  cluster.runUntil(() => cluster.deployment('web').available, { within: '1h' })

/** Makes objects as the recording's client did, many at once and each one after another. @returns begins, and does not wait */
export function making(cluster: Cluster, objects: readonly ApiObject[]): () => void {
  const all = cluster.read(objects)
  const shares = Array.from({ length: CLIENTS }, (_, client) => all.filter((_, at) => at % CLIENTS === client))
  return () => {
    for (const share of shares) cluster.kubectl.start({ command: 'create', objects: share })
  }
}
