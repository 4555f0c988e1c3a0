/** What a namespace may use. */
import type { Cluster } from '../../../machines/cluster/cluster.ts'
import type { ResourceQuota } from '../../../machines/lib/quota/usage.ts'
import { changes, deletes, local, makes, podsRun } from '../objects.ts'
import type { World } from '../worlds.ts'

const pod = (name: string, cpu: string) =>
  local('v1', 'Pod', name, { spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }] } })
const quota = local('v1', 'ResourceQuota', 'small', {
  spec: { hard: { pods: '4', 'requests.cpu': '2', configmaps: '5' } },
})
const used = (cluster: Cluster): string => {
  const { hard, used: all } = cluster.object<ResourceQuota>('resourcequotas', 'small')?.status ?? {}
  return `${all?.pods} pods of ${hard?.pods}, ${all?.['requests.cpu']} cpu, ${all?.['configmaps']} maps`
}

export const resourceQuota: World = {
  given: [pod('a', '500m'), local('v1', 'ConfigMap', 'settings')],
  acts: [
    makes('resourcequotas', quota),
    makes('pods', pod('b', '250m'), (cluster) => used(cluster).startsWith('1 pods')),
    makes('pods', pod('c', '250m')),
    deletes({ resource: 'pods', name: 'a' }, undefined, { gracePeriodSeconds: 0 }),
    deletes({ resource: 'configmaps', name: 'settings' }),
    changes({ resource: 'resourcequotas', name: 'small' }, { spec: { hard: { pods: '3' } } }),
  ],
  hands: [podsRun],
  wanted: 'the status tells what is used, and the limits that hold now',
  holds: (cluster) => used(cluster) === '2 pods of 3, 500m cpu, 0 maps',
}
