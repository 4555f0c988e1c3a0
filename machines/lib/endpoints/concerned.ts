/** Which Services a change of a pod concerns (endpointslice/util GetServicesToUpdateOnPodChange). */
import type { Tree } from '../../../runtime/tree.ts'
import { keyOf, type Pod, type Service } from '../../protocol/objects.ts'
import { changeOf } from './pod.ts'
import { servicesSelecting } from './selected.ts'

interface Moved {
  readonly was: Pod | undefined
  readonly now: Pod | undefined
}

/** The keys of Services whose endpoints may have to change. `services` are those of the pod's namespace. */
export function concernedServices(services: Tree<Service> | undefined, { was, now }: Moved): readonly string[] {
  const of = (pod: Pod): readonly string[] => servicesSelecting(services, pod.metadata.labels).map(keyOf)
  if (was === undefined || now === undefined) {
    const pod = now ?? was
    return pod === undefined ? [] : of(pod)
  }
  const changed = changeOf(was, now)
  if (!changed.labels) return changed.pod ? of(now) : []
  const before = of(was)
  const after = of(now)
  if (changed.pod) return [...new Set([...before, ...after])]
  return [...before.filter((key) => !after.includes(key)), ...after.filter((key) => !before.includes(key))]
}
