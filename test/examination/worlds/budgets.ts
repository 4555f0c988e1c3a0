/** Budgets of disruptions: how many pods may go, and pods that were told to go and did not. */

import type { Cluster } from '../../../machines/cluster/cluster.ts'
import type { Act } from '../../../machines/cluster/examination/exam.ts'
import { EXAMINER_USER } from '../../../machines/cluster/examination/sitting.ts'
import { create } from '../../../machines/lib/requests.ts'
import type { Pod, PodDisruptionBudget } from '../../../machines/protocol/objects.ts'
import { changes, local, makes, podsRun, running } from '../objects.ts'
import type { World } from '../worlds.ts'

const LABELS = { app: 'web' }
const selector = { matchLabels: LABELS }
const BUDGETS = 'poddisruptionbudgets.policy'
const spec = { containers: [{ name: 'c', image: 'i' }] }
const web = local('apps/v1', 'ReplicaSet', 'web', {
  spec: { replicas: 3, selector, template: { metadata: { labels: LABELS }, spec } },
})

/** Expected, desired and healthy pods, and how many may go: of the wishes of now, when nobody is on the way. */
const countsOf = (cluster: Cluster): string => {
  const { metadata, status } = cluster.object<PodDisruptionBudget>(BUDGETS, 'web') ?? {}
  if (status === undefined || status.observedGeneration !== metadata?.generation) return ''
  const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed, disruptedPods = {} } = status
  return [expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed, ...Object.keys(disruptedPods)].join()
}
const counts =
  (wanted: string) =>
  (cluster: Cluster): boolean =>
    countsOf(cluster) === wanted

const evictsTheFirst: Act = {
  words: 'evict the first pod',
  request: (cluster) => {
    const { name, namespace } = (cluster.get<Pod>('pods')[0] as Pod).metadata
    const place = { resource: 'pods', name, namespace, subresource: 'eviction' } as const
    return create(EXAMINER_USER, place, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } })
  },
  when: counts('3,2,3,1'),
}

export const disruption: World = {
  companions: ['replicaset'],
  acts: [
    makes('replicasets.apps', web),
    makes(BUDGETS, local('policy/v1', 'PodDisruptionBudget', 'web', { spec: { maxUnavailable: '30%', selector } })),
    evictsTheFirst,
    changes({ resource: BUDGETS, name: 'web' }, { spec: { maxUnavailable: 2 } }, counts('3,2,3,1')),
    changes({ resource: BUDGETS, name: 'web' }, { spec: { maxUnavailable: null, minAvailable: 2 } }),
    changes({ resource: 'replicasets.apps', name: 'web' }, { spec: { replicas: 5 } }),
  ],
  hands: [podsRun],
  wanted: 'two of five pods have to stay, and three may go',
  holds: counts('5,2,5,3'),
}

const LONG_AGO = '2025-12-31T23:00:00Z'
const told = {
  ...{ type: 'DisruptionTarget', status: 'True', lastTransitionTime: LONG_AGO, lastProbeTime: null },
  ...{ reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' },
}
const statusWith = (...more: readonly object[]) => {
  const status = running('10.244.0.1') as { readonly conditions: readonly object[] }
  return { ...status, conditions: [...status.conditions, ...more] }
}
const mayStay = (cluster: Cluster, name: string): boolean =>
  cluster
    .object<Pod>('pods', name)
    ?.status?.conditions?.some(({ type, status }) => type === 'DisruptionTarget' && status === 'False') === true

export const podDisruption: World = {
  given: [
    local('v1', 'Pod', 'a', { spec, status: statusWith(told) }),
    local('v1', 'Pod', 'b', { spec, status: statusWith() }),
  ],
  acts: [changes({ resource: 'pods', name: 'b' }, { status: statusWith(told) }, undefined, 'status')],
  wanted: 'both pods that were told to go an hour ago are told that they may stay',
  holds: (cluster) => ['a', 'b'].every((name) => mayStay(cluster, name)),
}
