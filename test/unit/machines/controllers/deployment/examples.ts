/** Deployments, their ReplicaSets and the caches that hold them, for tests. */
import { newReplicaSet } from '../../../../../machines/controllers/deployment/new-replica-set.ts'
import { emptyCache, replaced } from '../../../../../machines/controllers/kit/store.ts'
import type { Cache, View } from '../../../../../machines/protocol/cache.ts'
import type { ApiObject, apps, Deployment, Pod, ReplicaSet } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'

export const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image }] },
})
const ROLLING = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } }

export const deployment = (
  spec: Partial<apps.DeploymentSpec> = {},
  status: object = {},
  metadata: object = {},
): Deployment =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default', uid: 'd', generation: 1, resourceVersion: '3', ...metadata },
    spec: {
      replicas: 4,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { app: 'web' } },
      strategy: ROLLING,
      template: template('img:1'),
      ...spec,
    },
    status,
  }) as Deployment

/** The ReplicaSet that a Deployment with this image has, with what it has of pods. */
export function setOf(
  image: string,
  size: number,
  status: { readonly replicas?: number; readonly readyReplicas?: number; readonly availableReplicas?: number } = {
    replicas: size,
    readyReplicas: size,
    availableReplicas: size,
  },
  { revision = 1, desired = 4, created = 0, max = 5, ...metadata }: Record<string, unknown> = {},
): ReplicaSet {
  const set = newReplicaSet(deployment({ template: template(image) }), [])
  return {
    ...set,
    metadata: {
      ...set.metadata,
      annotations: {
        'deployment.kubernetes.io/revision': String(revision),
        'deployment.kubernetes.io/desired-replicas': String(desired),
        'deployment.kubernetes.io/max-replicas': String(max),
      },
      uid: `uid-${image}`,
      resourceVersion: '4',
      generation: 1,
      creationTimestamp: `1970-01-01T00:00:0${created}Z`,
      ...metadata,
    },
    spec: { ...set.spec, replicas: size },
    status: { replicas: 0, observedGeneration: 1, ...status },
  } as ReplicaSet
}
export const NAME_1 = setOf('img:1', 0).metadata.name
export const NAME_2 = setOf('img:2', 0).metadata.name

export const cacheOf = (resource: string, objects: readonly ApiObject[]): Cache =>
  replaced(emptyCache(resource, ['owner', 'namespace']), {
    view: '',
    resourceVersion: '10',
    objects: Tree.of(objects.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each] as const)),
  }).cache

export const viewOf = (
  deployments: readonly Deployment[],
  sets: readonly ReplicaSet[] = [],
  pods: readonly Pod[] = [],
): View =>
  ({
    'deployments.apps': cacheOf('deployments.apps', deployments),
    'replicasets.apps': cacheOf('replicasets.apps', sets),
    pods: cacheOf('pods', pods),
  }) as unknown as View

/** A pod of one of these ReplicaSets. */
export const podOf = (set: ReplicaSet, name: string, phase = 'Running'): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      labels: { app: 'web' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set.metadata.name, uid: set.metadata.uid, controller: true },
      ],
    },
    spec: { containers: [] },
    status: { phase },
  }) as unknown as Pod
