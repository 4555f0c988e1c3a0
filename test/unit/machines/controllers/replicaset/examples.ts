/** ReplicaSets, their pods and the caches that hold them, for tests. */
import { emptyCache, replaced } from '../../../../../machines/controllers/kit/store.ts'
import type { View } from '../../../../../machines/protocol/cache.ts'
import type { ApiObject, apps, Pod, ReplicaSet } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'

export const LABELS = { app: 'web' }
export const replicaSet = (
  spec: Partial<apps.ReplicaSetSpec> = {},
  status: object = { replicas: 0 },
  metadata: object = {},
): ReplicaSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default', uid: 'set', generation: 1, resourceVersion: '5', ...metadata },
    spec: {
      replicas: 2,
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: { containers: [{ name: 'c' }] } },
      ...spec,
    },
    status,
  }) as ReplicaSet

export interface About {
  readonly labels?: object
  readonly owner?: string | undefined
  readonly ready?: boolean
  readonly since?: string
  readonly phase?: string
  readonly node?: string
  readonly deleted?: boolean
  readonly version?: number
  readonly annotations?: object
  readonly restarts?: number
  readonly created?: string
}
export const pod = (name: string, about: About = {}): Pod => {
  const { labels = LABELS, owner = 'set', ready = true, phase = 'Running', node = 'node-1' } = about
  const references = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: owner, controller: true }]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      labels,
      creationTimestamp: about.created ?? '1970-01-01T00:00:00Z',
      resourceVersion: `${about.version ?? 1}`,
      ...('owner' in about && about.owner === undefined ? {} : { ownerReferences: references }),
      ...(about.annotations === undefined ? {} : { annotations: about.annotations }),
      ...(about.deleted === true ? { deletionTimestamp: '1970-01-01T00:00:01Z' } : {}),
    },
    spec: { containers: [], ...(node === '' ? {} : { nodeName: node }) },
    status: {
      phase,
      conditions: [
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          lastTransitionTime: about.since ?? '1970-01-01T00:00:00Z',
        },
      ],
      containerStatuses: [{ restartCount: about.restarts ?? 0 }],
    },
  } as unknown as Pod
}

const cacheOf = (resource: string, objects: readonly ApiObject[], version: string) =>
  replaced(emptyCache(resource, ['owner', 'namespace']), {
    view: '',
    resourceVersion: version,
    objects: Tree.of(objects.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each] as const)),
  }).cache

export const viewOf = (sets: readonly ReplicaSet[], pods: readonly Pod[], version = '10'): View =>
  ({
    'replicasets.apps': cacheOf('replicasets.apps', sets, version),
    pods: cacheOf('pods', pods, version),
  }) as unknown as View
