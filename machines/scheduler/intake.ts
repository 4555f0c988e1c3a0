/** What the scheduler makes of what its reflectors tell: the counted cluster and the queue (eventhandlers.go). */
import { Tree } from '../../runtime/tree.ts'
import type { CacheChanged, Delta } from '../protocol/cache.ts'
import { type ApiObject, keyOf, type Namespace, type Node, type Pod, type Service } from '../protocol/objects.ts'
import { type Cache, forget, nodeGone, nodeSeen, podGone, podSeen } from './cache.ts'
import {
  assignedPodEvents,
  type ClusterEvent,
  type Happened,
  INTERESTED,
  nodeEvents,
  STORAGE_KINDS,
  storageEvents,
  waitingPodEvents,
} from './cluster-events.ts'
import { EXTENDER } from './extender.ts'
import { mayHelp } from './hints.ts'
import { nominated, nominationUpdated, notNominated } from './nominations.ts'
import { schedulingGates } from './plugins/scheduling-gates.ts'
import { podInfoOf } from './pod-info.ts'
import type { PodDisruptionBudget } from './policy.ts'
import type { Profile } from './profile.ts'
import { arrived, hopeful, type Queue, type QueuedPod, removed, updated, waitingFor } from './queue.ts'
import { storageChanged } from './storage.ts'

export interface Known {
  readonly cache: Cache
  readonly queue: Queue
  /** Everything that may help a pod, noted while one is in hand that is decided already. */
  readonly noted?: readonly Happened[]
}
export interface Intake {
  readonly profiles: readonly Pick<Profile, 'schedulerName'>[]
  readonly at: number
}
export function takenIn(known: Known, { resource, deltas }: CacheChanged, intake: Intake): Known {
  if (resource === 'pods') return deltas.reduce((all, delta) => podChanged(all, delta as Delta<Pod>, intake), known)
  if (resource === 'nodes') return deltas.reduce((all, delta) => nodeChanged(all, delta as Delta<Node>, intake), known)
  return deltas.reduce((all, delta) => otherChanged(all, resource, delta, intake), known)
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
    ? { ...known, queue: removed(known.queue, key), cache: unnominated(known.cache, key) }
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
  { profiles, at }: Intake,
): Known {
  if (now === undefined) return was === undefined ? known : waitingPodGone(known, was, at)
  if (profiles.every(({ schedulerName }) => schedulerName !== (now.spec.schedulerName ?? 'default-scheduler')))
    return known
  // Assumed: late news of a pod that has its node already.
  const assumed = known.cache.placed.get(key)
  if (assumed?.assumed === true && assumed.info.pod.metadata.uid === now.metadata.uid)
    return { ...known, queue: updated(known.queue, now) }
  if (was === undefined || !known.queue.pods.has(key)) {
    const nominations = nominated(known.cache.nominations, now)
    return { ...known, queue: arrived(known.queue, now, at, gatedBy(now)), cache: { ...known.cache, nominations } }
  }
  return waitingPodUpdated(known, key, was, now, at)
}

function unnominated(cache: Cache, key: string): Cache {
  const nominations = notNominated(cache.nominations, key)
  return nominations === cache.nominations ? cache : { ...cache, nominations }
}

/** If it was assumed already, its binding has nothing to bind any more: it gives its place up at once. */
function waitingPodGone(known: Known, was: Pod, at: number): Known {
  const key = keyOf(was)
  const left = { ...known, queue: removed(known.queue, key), cache: unnominated(known.cache, key) }
  const place = left.cache.placed.get(key)
  if (place?.assumed !== true || place.info.pod.metadata.uid !== was.metadata.uid) return left
  return moved({ ...left, cache: forget(left.cache, key) }, [{ event: 'AssignedPodDelete', was }], at)
}

/** An update of a waiting pod is news for that pod alone. While it is in hand, its nomination is not touched. */
function waitingPodUpdated(known: Known, key: string, was: Pod, now: Pod, at: number): Known {
  const after = updated(known.queue, now)
  const waiting = after.pods.get(key) as QueuedPod
  const happened = waitingPodEvents(was, now).map((event): Happened => ({ event, was, now }))
  if (waiting.lane === 'inFlight') return { ...withNoted(known, happened), queue: after }
  const nominations = nominationUpdated(known.cache.nominations, was, now)
  const cache = nominations === known.cache.nominations ? known.cache : { ...known.cache, nominations }
  const helps = happened.some((one) => mayHelp(waiting, one, cache))
  return { ...known, cache, queue: helps && gatedBy(now) === undefined ? hopeful(after, key, at) : after }
}

const withNoted = (known: Known, happened: readonly Happened[]): Known =>
  known.noted === undefined ? known : { ...known, noted: [...known.noted, ...happened] }

const gatedBy = (pod: Pod): string | undefined =>
  schedulingGates.preEnqueue?.(podInfoOf(pod)) === undefined ? undefined : schedulingGates.name

/** moveAllToActiveOrBackoffQueue: every pod that waits for such a thing and may be helped by this one. */
export function moved(known: Known, happened: readonly Happened[], at: number): Known {
  const { cache } = known
  let { queue } = known
  for (const { event, was, now } of happened) {
    for (const key of waitingFor(queue, [...INTERESTED[event], EXTENDER])) {
      const waiting = queue.pods.get(key)
      if (waiting !== undefined && waiting.lane !== 'gated' && mayHelp(waiting, { event, was, now }, cache))
        queue = hopeful(queue, key, at)
    }
  }
  return { ...withNoted(known, happened), queue }
}

function otherChanged(known: Known, resource: string, delta: Delta, { at }: Intake): Known {
  const { cache } = known
  const { key, now } = delta
  const kind = STORAGE_KINDS[resource]
  if (kind !== undefined) {
    const seen = { ...known, cache: { ...cache, storage: storageChanged(cache.storage, resource, delta) } }
    return moved(seen, storageEvents(kind, delta), at)
  }
  if (resource === 'namespaces')
    return {
      ...known,
      cache: { ...cache, namespaces: cache.namespaces.update(key, () => now as Namespace | undefined) },
    }
  if (resource === 'poddisruptionbudgets.policy') {
    const budgets = cache.budgets.update(key, () => now as PodDisruptionBudget | undefined)
    return { ...known, cache: { ...cache, budgets } }
  }
  if (resource === 'services') return { ...known, cache: { ...cache, services: servicesAfter(cache.services, delta) } }
  const owners = cache.owners.update(`${resource}/${key}`, () => now as ApiObject | undefined)
  return { ...known, cache: { ...cache, owners } }
}

const servicesAfter = (services: Cache['services'], { key, was, now }: Delta): Cache['services'] =>
  services.update((now ?? was)?.metadata.namespace ?? '', (its) => {
    const left = (its ?? Tree.of<Service>()).update(key, () => now as Service | undefined)
    return left.size === 0 ? undefined : left
  })
