/** What the scheduler makes of what its reflectors tell: the counted cluster and the queue (eventhandlers.go). */
import { Tree } from '../../runtime/tree.ts'
import type { CacheChanged, Delta } from '../protocol/cache.ts'
import { type ApiObject, keyOf, type Namespace, type Node, type Pod, type Service } from '../protocol/objects.ts'
import { type Cache, forget, nodeGone, nodeSeen, podGone, podSeen } from './cache.ts'
import { assignedPodEvents, type ClusterEvent, INTERESTED, nodeEvents, waitingPodEvents } from './cluster-events.ts'
import { type Happened, mayHelp } from './hints.ts'
import { schedulingGates } from './plugins/scheduling-gates.ts'
import { podInfoOf } from './pod-info.ts'
import { arrived, hopeful, type Queue, type QueuedPod, removed, updated, waitingFor } from './queue.ts'

export interface Known {
  readonly cache: Cache
  readonly queue: Queue
}
export interface Intake {
  readonly schedulerName: string
  readonly at: number
}
export function takenIn(known: Known, { resource, deltas }: CacheChanged, intake: Intake): Known {
  if (resource === 'pods') return deltas.reduce((all, delta) => podChanged(all, delta as Delta<Pod>, intake), known)
  if (resource === 'nodes') return deltas.reduce((all, delta) => nodeChanged(all, delta as Delta<Node>, intake), known)
  return { ...known, cache: deltas.reduce((cache, delta) => otherChanged(cache, resource, delta), known.cache) }
}

function nodeChanged(known: Known, { key, was, now }: Delta<Node>, { at }: Intake): Known {
  if (now === undefined)
    return moved({ ...known, cache: nodeGone(known.cache, key) }, [{ event: 'NodeDelete', was }], at)
  const events: readonly ClusterEvent[] = was === undefined ? ['NodeAdd'] : nodeEvents(was, now)
  const seen = { ...known, cache: nodeSeen(known.cache, now) }
  return moved(
    seen,
    events.map((event) => ({ event, was, now })),
    at,
  )
}

/** A pod of the same name and another uid is another pod. */
function podChanged(known: Known, delta: Delta<Pod>, intake: Intake): Known {
  const { key, was, now } = delta
  if (was !== undefined && now !== undefined && was.metadata.uid !== now.metadata.uid) {
    const without = podChanged(known, { key, was, now: undefined }, intake)
    return podChanged(without, { key, was: undefined, now }, intake)
  }
  const wasAssigned = isAssigned(was)
  const isAssignedNow = isAssigned(now)
  const first = isAssignedNow
    ? { ...known, queue: removed(known.queue, key) }
    : waitingPodChanged(known, key, wasAssigned ? undefined : was, now, intake)
  return assignedPodChanged(first, key, wasAssigned ? was : undefined, isAssignedNow ? now : undefined, intake)
}
const isAssigned = (pod: Pod | undefined): boolean => (pod?.spec.nodeName ?? '') !== ''

function assignedPodChanged(
  known: Known,
  key: string,
  was: Pod | undefined,
  now: Pod | undefined,
  { at }: Intake,
): Known {
  if (now !== undefined) {
    const seen = { ...known, cache: podSeen(known.cache, now) }
    const events: readonly ClusterEvent[] = was === undefined ? ['AssignedPodAdd'] : assignedPodEvents(was, now)
    return moved(
      seen,
      events.map((event) => ({ event, was, now })),
      at,
    )
  }
  if (was === undefined) return known
  return moved({ ...known, cache: podGone(known.cache, key) }, [{ event: 'AssignedPodDelete', was }], at)
}

function waitingPodChanged(
  known: Known,
  key: string,
  was: Pod | undefined,
  now: Pod | undefined,
  { schedulerName, at }: Intake,
): Known {
  if (now === undefined) return was === undefined ? known : waitingPodGone(known, was, at)
  if ((now.spec.schedulerName ?? 'default-scheduler') !== schedulerName) return known
  // Assumed: late news of a pod that has its node already.
  const assumed = known.cache.placed.get(key)
  if (assumed?.assumed === true && assumed.info.pod.metadata.uid === now.metadata.uid)
    return { ...known, queue: updated(known.queue, now) }
  if (was === undefined || !known.queue.pods.has(key))
    return { ...known, queue: arrived(known.queue, now, at, gatedBy(now)) }
  return waitingPodUpdated(known, key, was, now, at)
}

/** If it was assumed already, its binding has nothing to bind any more: it gives its place up at once. */
function waitingPodGone({ cache, queue }: Known, was: Pod, at: number): Known {
  const key = keyOf(was)
  const left = removed(queue, key)
  const place = cache.placed.get(key)
  if (place?.assumed !== true || place.info.pod.metadata.uid !== was.metadata.uid) return { cache, queue: left }
  return moved({ cache: forget(cache, key), queue: left }, [{ event: 'AssignedPodDelete', was }], at)
}

/** An update of a waiting pod is news for that pod alone. */
function waitingPodUpdated({ cache, queue }: Known, key: string, was: Pod, now: Pod, at: number): Known {
  const after = updated(queue, now)
  const waiting = after.pods.get(key) as QueuedPod
  const helps = waitingPodEvents(was, now).some((event) => mayHelp(waiting, { event, was, now }, cache))
  return { cache, queue: helps && gatedBy(now) === undefined ? hopeful(after, key, at) : after }
}

const gatedBy = (pod: Pod): string | undefined =>
  schedulingGates.preEnqueue?.(podInfoOf(pod)) === undefined ? undefined : schedulingGates.name

/** moveAllToActiveOrBackoffQueue: every pod that waits for such a thing and may be helped by this one. */
export function moved({ cache, queue }: Known, happened: readonly Happened[], at: number): Known {
  for (const { event, was, now } of happened) {
    for (const key of waitingFor(queue, INTERESTED[event])) {
      const waiting = queue.pods.get(key)
      if (waiting !== undefined && waiting.lane !== 'gated' && mayHelp(waiting, { event, was, now }, cache))
        queue = hopeful(queue, key, at)
    }
  }
  return { cache, queue }
}

function otherChanged(cache: Cache, resource: string, { key, was, now }: Delta): Cache {
  if (resource === 'namespaces')
    return { ...cache, namespaces: cache.namespaces.update(key, () => now as Namespace | undefined) }
  if (resource === 'services') {
    const namespace = (now ?? was)?.metadata.namespace ?? ''
    const services = cache.services.update(namespace, (its) => {
      const left = (its ?? Tree.of<Service>()).update(key, () => now as Service | undefined)
      return left.size === 0 ? undefined : left
    })
    return { ...cache, services }
  }
  return { ...cache, owners: cache.owners.update(`${resource}/${key}`, () => now as ApiObject | undefined) }
}
