/** What `kubectl drain --ignore-daemonsets --delete-emptydir-data --force` does with each pod of a node (pkg/drain/filters.go). */
import type { Tree } from '../../runtime/tree.ts'
import type { ApiObject, Pod } from '../protocol/objects.ts'

const MIRROR = 'kubernetes.io/config.mirror'

/** The pods that have to go: not those of DaemonSets, not mirror pods. In the order of their names. */
export function toEvict(pods: Tree<ApiObject>): readonly Pod[] {
  return (pods.values() as Pod[]).filter(
    ({ metadata }) => metadata.annotations?.[MIRROR] === undefined && !isOfDaemonSet(metadata),
  )
}

const isOfDaemonSet = ({ ownerReferences }: Pod['metadata']): boolean =>
  ownerReferences?.some(({ controller, kind }) => controller === true && kind === 'DaemonSet') === true

/** Those of them that are still there: the same pod, not one that took its name. */
export function stillThere(evicted: readonly Pod[], pods: Tree<ApiObject>): readonly Pod[] {
  const uids = new Set(pods.values().map(({ metadata }) => metadata.uid))
  return evicted.filter(({ metadata }) => uids.has(metadata.uid))
}

export const evictionOf = ({ metadata }: Pod, gracePeriodSeconds: number | undefined) => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name: metadata.name, namespace: metadata.namespace },
  ...(gracePeriodSeconds === undefined ? {} : { deleteOptions: { gracePeriodSeconds } }),
})

export const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`
