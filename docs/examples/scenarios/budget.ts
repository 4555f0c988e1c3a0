/** A budget of disruptions for the web server, and what evictions under it have to keep to. */
import { type Cluster, conditionOf, isReady, type Pod, type PodDisruptionBudget } from '../../../machines/index.ts'

export const budget = (spec: { readonly maxUnavailable: number }): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'default' },
  spec: { ...spec, selector: { matchLabels: { app: 'web' } } },
})

export const allowedBy = (cluster: Cluster): number =>
  cluster.object<PodDisruptionBudget>('poddisruptionbudgets.policy', 'web')?.status?.disruptionsAllowed ?? 0

/**
 * Whether whoever is evicted was let go by the budget, which had somebody left to let go: judged by what the API has
 * stored, one version after the other. Pods that are not well take nothing from a budget.
 */
export function evictionsAreGranted(): (cluster: Cluster) => boolean {
  const granted = new Set<string>()
  const evicted = new Set<string>()
  let listed: readonly string[] = []
  let allowed = 0
  return (cluster) => {
    const { status } = cluster.object<PodDisruptionBudget>('poddisruptionbudgets.policy', 'web') ?? {}
    const taken = Object.keys(status?.disruptedPods ?? {}).filter((name) => !listed.includes(name))
    const isCovered = taken.length <= allowed
    for (const name of taken) granted.add(name)
    listed = Object.keys(status?.disruptedPods ?? {})
    allowed = status?.disruptionsAllowed ?? 0
    const now = cluster.get<Pod>('pods').filter((pod) => isEvicted(pod) && !evicted.has(pod.metadata.name))
    for (const { metadata } of now) evicted.add(metadata.name)
    return isCovered && now.every((pod) => granted.has(pod.metadata.name) || !isReady(pod))
  }
}

const isEvicted = (pod: Pod): boolean => conditionOf(pod, 'DisruptionTarget')?.reason === 'EvictionByEvictionAPI'
