/** A short story of a cluster whose nodes kwok pretends to run: they come, are given work, lose kwok and are taken over. */
import { type Cluster, type ClusterOptions, createCluster } from '../../machines/index.ts'

/** @param begun called with the cluster at power-on */
export function pretended(options: Partial<ClusterOptions>, begun: (cluster: Cluster) => void): Cluster {
  const cluster = createCluster({ nodes: 0, fakeNodes: 3, ready: false, ...options })
  begun(cluster)
  cluster.runUntil(({ revision }) => revision > 0 && cluster.node('kwok-node-2').ready, { within: '1m' })
  cluster.apply(WEB)
  cluster.runUntil(() => cluster.deployment('web').available, { within: '1m' })
  cluster.kubectl.scale('deployment/web', 2)
  cluster.run('15s')
  cluster.faults.crash('kwok/kwok')
  cluster.run('70s')
  cluster.kubectl.delete('deployment/web')
  cluster.run('5s')
  return cluster
}

const WEB = `
  apiVersion: apps/v1
  kind: Deployment
  metadata: { name: web }
  spec:
    replicas: 9
    selector: { matchLabels: { app: web } }
    template:
      metadata: { labels: { app: web } }
      spec: { containers: [{ name: web, image: nginx }] }
`
