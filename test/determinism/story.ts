/**
 * One short story of a shop, told so that every run of it can be compared with every other: in Node, in a browser, from
 * a token, stepped by XState or compiled. Runs in a browser as it stands; the library is handed in.
 */
import type { Cluster, ClusterOptions, createCluster } from '../../machines/index.ts'
import type { TraceRecord } from '../../runtime/trace.ts'

export interface Library {
  readonly createCluster: typeof createCluster
  readonly logLine: (record: TraceRecord) => string
}
export interface Telling {
  readonly options?: Partial<ClusterOptions>
  /** Into how many pieces each stretch of time is cut. */
  readonly pieces?: number
  /** Takes the log as it comes, line by line. */
  readonly line: (line: string) => void
}

export const SETTING: Partial<ClusterOptions> = { nodes: 2, controlPlanes: 1, seed: 7, ready: false }
const DEPLOYMENTS = ['cart', 'api', 'web']

/** @param manifests the shop, file by file */
export function tell({ createCluster, logLine }: Library, manifests: readonly string[], telling: Telling): Cluster {
  const { options = {}, pieces = 1, line } = telling
  const cluster = createCluster({ ...SETTING, ...options })
  cluster.world.observe((record) => line(logLine(record)))
  const pass = (seconds: number): void => {
    const { now } = cluster
    for (let i = 1; i <= pieces; i++) cluster.world.run(now + (seconds * 1_000 * i) / pieces)
  }
  pass(12)
  for (const manifest of manifests) cluster.apply(manifest)
  cluster.runUntil(available, { within: '5m' })
  cluster.faults.crash('kubelet/node-1')
  cluster.kubectl.scale('deployment/web', 4, { namespace: 'shop' })
  pass(30)
  cluster.runUntil(available, { within: '5m' })
  cluster.kubectl.setImage('deployment/api', { api: 'registry.example.com/shop/api:1.5.0' }, { namespace: 'shop' })
  pass(32)
  return cluster
}

export const available = (cluster: Cluster): boolean =>
  DEPLOYMENTS.every((name) => cluster.deployment(name, 'shop').available)
