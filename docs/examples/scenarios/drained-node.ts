/**
 * A node is drained for maintenance and taken back: its pods are evicted and start elsewhere, one at a time, as their
 * budget demands, and meanwhile the others carry the load.
 */
import { type Cache, type Cluster, isReady, type Node, type Pod, scenario } from '../../../machines/index.ts'
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
    const early = new Set<string>()
    always('nothing that came after the scheduler had heard of it is started on the node that is to be empty', () => {
      if (!hasHeard(cluster)) for (const { metadata } of cluster.get<Pod>('pods')) early.add(metadata.name)
      return on('node-1').every(({ metadata }) => early.has(metadata.name))
    })
    sometimes('a pod of the node is told to stop', () =>
      on('node-1').some(({ metadata }) => metadata.deletionTimestamp !== undefined),
    )
    sometimes('the budget holds an eviction up', () =>
      on('node-1').some(
        ({ metadata }) => isCordoned(cluster) && allowedBy(cluster) === 0 && !metadata.deletionTimestamp,
      ),
    )
    const drain = (): void => {
      patiently(() => kubectl.drain('node-1', { timeout: '15m' }))
      runUntil(isWell, { within: '10m' })
    }
    drain()
    // Nobody asked the scheduler: before it hears of it, it may place here whoever comes in the stead of the first to go.
    if (on('node-1').length > 0) drain()
    runUntil(() => on('node-1').length === 0 && isWell(cluster), { within: '10m' })
    run('1m')
    patiently(() => kubectl.uncordon('node-1'))
    runUntil(isFree, { within: '10m' })
    patiently(() => kubectl.scale('deployment/web', 9))
    // A pod stays where it was placed: what was placed while the scheduler thought the node away is never made up for.
    let wasAway = false
    const arePlaced = (): boolean => {
      wasAway ||= !isFree(cluster)
      return cluster.get<Pod>('pods').filter(({ spec }) => spec.nodeName !== undefined).length >= 9
    }
    runUntil(arePlaced, { within: '10m' })
    eventually('the node is used again', () => isWell(cluster) && (wasAway || on('node-1').length > 0))
  },
)

const isCordoned = (cluster: Cluster): boolean => isUnschedulable(cluster.node('node-1').object)
const isUnschedulable = (node: Node | undefined): boolean => node?.spec?.unschedulable === true

/** The node in the scheduler's view. After a crash of the API server its reflectors begin anew, each in its own time. */
function seen(cluster: Cluster): Node | undefined {
  const reflector = cluster.world.snapshot('reflector/cp-1/kube-scheduler/nodes')?.context
  return (reflector as { readonly cache: Cache<Node> } | undefined)?.cache.objects.get('node-1')
}
const hasHeard = (cluster: Cluster): boolean => isUnschedulable(seen(cluster))
/** Nothing keeps the scheduler from it. */
function isFree(cluster: Cluster): boolean {
  const node = seen(cluster)
  return isReady(node) && !isUnschedulable(node) && (node?.spec?.taints ?? []).length === 0
}
