/** Clusters with storage, for the tests of the volume plugins. */
import type { Node, Pod } from '../../../../../machines/protocol/objects.ts'
import type { Cache } from '../../../../../machines/scheduler/cache.ts'
import { podSeen } from '../../../../../machines/scheduler/cache.ts'
import { STORAGE_RESOURCES, storageChanged } from '../../../../../machines/scheduler/storage.ts'
import { cacheWith } from '../cluster.ts'

type Kind = (typeof STORAGE_RESOURCES)[number]

/** Objects by resource; what has a namespace is in `default`. */
export function storing(
  nodes: readonly Node[],
  pods: readonly Pod[],
  objects: Partial<Record<Kind, readonly object[]>>,
): Cache {
  let cache = cacheWith(nodes)
  for (const resource of STORAGE_RESOURCES)
    for (const object of objects[resource] ?? []) {
      const now = { apiVersion: 'v1', kind: 'Any', spec: {}, ...object } as never as Pod
      const key = resource === 'persistentvolumeclaims' ? `default/${now.metadata.name}` : now.metadata.name
      cache = { ...cache, storage: storageChanged(cache.storage, resource, { key, was: undefined, now }) }
    }
  return pods.reduce(podSeen, cache)
}
export const named = (name: string, more: object = {}) => ({ metadata: { name, namespace: 'default' }, ...more })
export const claiming = (...names: readonly string[]) => ({
  volumes: names.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
})
