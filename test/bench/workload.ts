/** The cluster and the Deployment that all benchmarks run: one etcd member, twenty large workers, no client limits. */
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { createCluster } from '../../machines/cluster/create.ts'
import type { ClusterOptions } from '../../machines/cluster/options.ts'

const WORKERS = 20
const CAPACITY = { cpu: '64', memory: '256Gi', pods: '110', 'ephemeral-storage': '100Gi' }

/** A cluster of twenty workers, ready. More pods than `WORKERS × 110` do not fit. */
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
