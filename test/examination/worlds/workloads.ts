/** Deployments, ReplicaSets and ReplicationControllers: made, rolled, robbed of a pod, made smaller. */
import type { Cluster } from '../../../machines/cluster/cluster.ts'
import type { Deployment, Pod, ReplicaSet } from '../../../machines/protocol/objects.ts'
import { changes, deletes, local, makes, podsRun } from '../objects.ts'
import type { World } from '../worlds.ts'

const LABELS = { app: 'web' }
const template = (image: string) => ({ metadata: { labels: LABELS }, spec: { containers: [{ name: 'c', image }] } })
const WEB = { resource: 'deployments.apps', name: 'web' }

const isOut = (replicas: number, image: string) => (cluster: Cluster) => {
  const { object, rolledOut, image: now } = cluster.deployment('web')
  return rolledOut && now === image && object?.spec.replicas === replicas
}

export const deployment: World = {
  companions: ['replicaset'],
  acts: [
    makes(
      'deployments.apps',
      local('apps/v1', 'Deployment', 'web', {
        spec: { replicas: 3, selector: { matchLabels: LABELS }, template: template('img:1') },
      }),
    ),
    changes(WEB, { spec: { template: template('img:2') } }, isOut(3, 'img:1')),
    changes(WEB, { spec: { replicas: 5 } }),
    changes(WEB, { spec: { paused: true } }, isOut(5, 'img:2')),
    changes(WEB, { spec: { template: template('img:3') } }),
    changes(WEB, { spec: { paused: false, replicas: 2 } }),
  ],
  hands: [podsRun],
  // Of a ReplicaSet that is empty: for which size it was made when it was last looked at.
  free: ['deployment.kubernetes.io/desired-replicas', 'deployment.kubernetes.io/max-replicas'],
  wanted: 'two pods of the third version, and nothing of the others but their empty ReplicaSets',
  holds: (cluster) =>
    isOut(2, 'img:3')(cluster) &&
    cluster.object<Deployment>('deployments.apps', 'web')?.status?.conditions?.length === 2 &&
    cluster.get<Pod>('pods').length === 2,
}

const replicas = (resource: string, apiVersion: string, kind: string, selector: object): World => {
  const has = (count: number) => (cluster: Cluster) => {
    const { readyReplicas, observedGeneration } = cluster.object<ReplicaSet>(resource, 'web')?.status ?? {}
    const generation = cluster.object(resource, 'web')?.metadata.generation
    return (readyReplicas ?? 0) === count && observedGeneration === generation && cluster.get('pods').length === count
  }
  const set = { resource, name: 'web' }
  const orphan = local('v1', 'Pod', 'orphan', { metadata: { labels: LABELS }, spec: template('img:1').spec })
  return {
    given: [orphan],
    acts: [
      makes(resource, local(apiVersion, kind, 'web', { spec: { replicas: 3, selector, template: template('img:1') } })),
      changes(set, { spec: { replicas: 5 } }, has(3)),
      deletes({ resource: 'pods', name: 'orphan' }, has(5)),
      changes(set, { spec: { replicas: 2 } }, (cluster) => isWithoutOrphan(cluster) && has(5)(cluster)),
    ],
    hands: [podsRun],
    wanted: 'two ready pods',
    holds: has(2),
  }
}
const isWithoutOrphan = (cluster: Cluster): boolean => cluster.object('pods', 'orphan') === undefined

export const replicaset = replicas('replicasets.apps', 'apps/v1', 'ReplicaSet', { matchLabels: LABELS })
export const replicationcontroller = replicas('replicationcontrollers', 'v1', 'ReplicationController', LABELS)
