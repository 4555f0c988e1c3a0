/**
 * A node is drained for maintenance and taken back: its pods are evicted and start elsewhere, one at a time, as their
 * budget demands, and meanwhile the others carry the load.
 */
import { type Cluster, type Pod, scenario } from '../../../machines/index.ts'
import { allowedBy, budget, evictionsAreGranted } from './budget.ts'
import { web } from './web.ts'

export const drainedNode = scenario(
  'a node is drained, and taken back',
  { nodes: 3, controlPlanes: 1 },
  ({ cluster, kubectl, apply, patiently, run, runUntil, always, eventually, sometimes }) => {
    const on = (node: string): readonly Pod[] => cluster.get<Pod>('pods').filter(({ spec }) => spec.nodeName === node)
    const isWell = (c: Cluster): boolean => c.deployment('web').available

    apply([web({ replicas: 6, image: 'nginx:1.27' }), budget({ maxUnavailable: 1 })])
    always('nobody is evicted whom the budget did not let go', evictionsAreGranted())
    runUntil(isWell, { within: '5m' })
    always('nothing is started on the node that is to be empty', () =>
      on('node-1').every(({ metadata }) => before.has(metadata.name) || !isCordoned(cluster)),
    )
    sometimes('a pod of the node is told to stop', () =>
      on('node-1').some(({ metadata }) => metadata.deletionTimestamp !== undefined),
    )
    sometimes('the budget holds an eviction up', () =>
      on('node-1').some(
        ({ metadata }) => isCordoned(cluster) && allowedBy(cluster) === 0 && !metadata.deletionTimestamp,
      ),
    )
    const before = new Set(on('node-1').map(({ metadata }) => metadata.name))
    patiently(() => kubectl.drain('node-1', { timeout: '15m' }))
    runUntil(() => on('node-1').length === 0 && isWell(cluster), { within: '10m' })
    run('1m')
    patiently(() => kubectl.uncordon('node-1'))
    // A pod stays where it was placed: what comes while the node is away is never made up for.
    runUntil(isFree, { within: '10m' })
    patiently(() => kubectl.scale('deployment/web', 9))
    eventually('the node is used again', () => isWell(cluster) && on('node-1').length > 0)
  },
)

const isCordoned = (cluster: Cluster): boolean => cluster.node('node-1').object?.spec?.unschedulable === true
/** Nothing keeps the scheduler from it. */
function isFree(cluster: Cluster): boolean {
  const { ready, object } = cluster.node('node-1')
  return ready && !isCordoned(cluster) && (object?.spec?.taints ?? []).length === 0
}
