/** The cluster as a scheduler would count it, from a dump of its objects (`kubectl get nodes,pods,… -A -o yaml`). */
import { Tree } from '../../runtime/tree.ts'
import { type ApiObject, keyOf, type Pod, type ResourceName } from '../protocol/objects.ts'
import { type Cache, EMPTY_CACHE } from './cache.ts'
import { WATCHED } from './cycle.ts'
import { takenIn } from './intake.ts'
import { EMPTY_QUEUE } from './queue.ts'

export interface Dumped {
  readonly resource: ResourceName
  readonly object: ApiObject
}

/** Pods that are over use nothing. What the scheduler does not look at is left out. */
export function cacheFrom(objects: readonly Dumped[]): Cache {
  const intake = { profiles: [], at: 0 }
  return WATCHED.reduce((cache, resource) => {
    const deltas = objects
      .filter((one) => one.resource === resource && !isOver(one))
      .map(({ object: now }) => ({ key: keyOf(now), was: undefined, now }))
    const told = { view: '', resourceVersion: '', objects: Tree.of<ApiObject>(), by: {} }
    const event = { type: 'cache.changed', resource, cache: told, deltas, filled: true } as const
    return takenIn({ cache, queue: EMPTY_QUEUE }, event, intake).cache
  }, EMPTY_CACHE)
}

const isOver = ({ resource, object }: Dumped): boolean =>
  resource === 'pods' && ['Succeeded', 'Failed'].includes((object as Pod).status?.phase ?? '')
