/**
 * The scheduling queue (backend/queue): pods that may be tried now, by priority and age; pods that wait out their
 * back-off; pods that nothing but a change in the cluster can help. Every pod lies in exactly one place.
 */
import { Tree } from '../../runtime/tree.ts'
import { keyOf, type Pod } from '../protocol/objects.ts'

export interface Queue {
  readonly pods: Tree<QueuedPod>
  /** Keys of pods, by priority, then time, then arrival. */
  readonly active: Tree<string>
  /** By the end of their back-off. */
  readonly backingOff: Tree<string>
  /** By the end of their last attempt; gated ones are not among them. */
  readonly unschedulable: Tree<string>
  /** Keys of the unschedulable and gated pods by each plugin that rejected them. */
  readonly rejectedBy: Tree<Tree<true>>
  readonly arrivals: number
  readonly backOff: BackOff
}
/** podInitialBackoffSeconds and podMaxBackoffSeconds. */
export interface BackOff {
  readonly initialMs: number
  readonly maxMs: number
}
export const DEFAULT_BACK_OFF: BackOff = { initialMs: 1_000, maxMs: 10_000 }
/** `inFlight`: being tried, or on its way to be bound. */
export type Lane = 'active' | 'backingOff' | 'unschedulable' | 'gated' | 'inFlight'
export interface QueuedPod {
  readonly key: string
  readonly pod: Pod
  readonly lane: Lane
  /** When it came, or its last attempt ended. */
  readonly since: number
  readonly arrival: number
  readonly attempts: number
  readonly rejectedBy: readonly string[]
}

export const EMPTY_QUEUE: Queue = {
  pods: Tree.of(),
  active: Tree.of(),
  backingOff: Tree.of(),
  unschedulable: Tree.of(),
  rejectedBy: Tree.of(),
  arrivals: 0,
  backOff: DEFAULT_BACK_OFF,
}
/** How long a pod lies unschedulable before it is tried anyway. */
const MAX_UNSCHEDULABLE_MS = 300_000

/** Add: a pod that is new here. Gated: a PreEnqueue plugin holds it back. */
export function arrived(queue: Queue, pod: Pod, at: number, gatedBy?: string): Queue {
  const key = keyOf(pod)
  const arrival = queue.arrivals
  const queued: QueuedPod = { key, pod, lane: 'inFlight', since: at, arrival, attempts: 0, rejectedBy: [] }
  const entered = { ...removed(queue, key), arrivals: arrival + 1 }
  return gatedBy === undefined
    ? put(entered, { ...queued, lane: 'active' })
    : put(entered, { ...queued, lane: 'gated', rejectedBy: [gatedBy] })
}

/** The object changed; where the pod lies does not. */
export function updated(queue: Queue, pod: Pod): Queue {
  const queued = queue.pods.get(keyOf(pod))
  if (queued === undefined) return queue
  // The priority of a pod cannot change, so neither does its place.
  return { ...queue, pods: queue.pods.set(queued.key, { ...queued, pod }) }
}

/** Delete, or bound. */
export function removed(queue: Queue, key: string): Queue {
  const queued = queue.pods.get(key)
  return queued === undefined ? queue : { ...taken(queue, queued), pods: queue.pods.delete(key) }
}

/** Pop: the first of the active ones is in flight from now on. */
export function popped(queue: Queue): readonly [QueuedPod, Queue] | undefined {
  const key = firstOf(queue.active)
  const queued = key === undefined ? undefined : queue.pods.get(key)
  if (queued === undefined) return undefined
  const trying: QueuedPod = { ...queued, lane: 'inFlight', attempts: queued.attempts + 1, rejectedBy: [] }
  return [trying, put(taken(queue, queued), trying)]
}

/** AddUnschedulableIfNotPresent. Without a rejecting plugin something failed, and the pod is tried again after its back-off. */
export function rejected(queue: Queue, key: string, plugins: readonly string[], at: number): Queue {
  const queued = queue.pods.get(key)
  if (queued === undefined || queued.lane !== 'inFlight') return queue
  const waiting = { ...queued, since: at, rejectedBy: plugins }
  return put(queue, { ...waiting, lane: plugins.length === 0 ? 'backingOff' : 'unschedulable' })
}

/** Something happened that may help this pod: it goes to the active ones, or waits out its back-off first. */
export function hopeful(queue: Queue, key: string, at: number): Queue {
  const queued = queue.pods.get(key)
  if (queued === undefined || (queued.lane !== 'unschedulable' && queued.lane !== 'gated')) return queue
  const lane = backOffEnd(queued, queue.backOff) > at ? 'backingOff' : 'active'
  return put(taken(queue, queued), { ...queued, lane })
}

/** Keys of the waiting pods that any of these plugins rejected. */
export function waitingFor(queue: Queue, plugins: readonly string[]): readonly string[] {
  const keys = new Set<string>()
  for (const plugin of plugins) queue.rejectedBy.get(plugin)?.each((_, key) => keys.add(key))
  return [...keys].sort()
}

/** flushBackoffQCompleted. */
export function backOffFlushed(queue: Queue, at: number): Queue {
  const over: string[] = []
  queue.backingOff.range('', sortable(at) + AFTER_ALL, (key) => over.push(key) > 0)
  return over.reduce((left, key) => {
    const queued = left.pods.get(key) as QueuedPod
    return put(taken(left, queued), { ...queued, lane: 'active' })
  }, queue)
}

/** flushUnschedulablePodsLeftover: longer than five minutes is long enough. */
export function unschedulableFlushed(queue: Queue, at: number): Queue {
  const over: string[] = []
  queue.unschedulable.range('', sortable(at - MAX_UNSCHEDULABLE_MS), (key) => over.push(key) > 0)
  return over.reduce((left, key) => hopeful(left, key, at), queue)
}

/** When the pod that has lain unschedulable for longest may be flushed; undefined: there is none. */
export function firstFlushable(queue: Queue): number | undefined {
  const key = firstOf(queue.unschedulable)
  return key === undefined ? undefined : (queue.pods.get(key) as QueuedPod).since + MAX_UNSCHEDULABLE_MS
}

/** calculateBackoffDuration: 1, 2, 4, 8, 10 s; nothing before the first attempt. */
export const backOffMs = (attempts: number, { initialMs, maxMs }: BackOff = DEFAULT_BACK_OFF): number =>
  attempts === 0 ? 0 : Math.min(maxMs, initialMs * 2 ** Math.min(attempts - 1, 30))
const backOffEnd = ({ since, attempts }: QueuedPod, backOff: BackOff): number => since + backOffMs(attempts, backOff)

function put(queue: Queue, queued: QueuedPod): Queue {
  const { key, lane } = queued
  const pods = queue.pods.set(key, queued)
  if (lane === 'active') return { ...queue, pods, active: queue.active.set(activeOrder(queued), key) }
  if (lane === 'backingOff')
    return { ...queue, pods, backingOff: queue.backingOff.set(backOffOrder(queued, queue.backOff), key) }
  if (lane === 'inFlight') return { ...queue, pods }
  let { rejectedBy } = queue
  for (const plugin of queued.rejectedBy)
    rejectedBy = rejectedBy.update(plugin, (keys) => (keys ?? Tree.of<true>()).set(key, true))
  const unschedulable = lane === 'gated' ? queue.unschedulable : queue.unschedulable.set(waitOrder(queued), key)
  return { ...queue, pods, rejectedBy, unschedulable }
}

/** Out of its lane; it stays among the pods. */
function taken(queue: Queue, queued: QueuedPod): Queue {
  const { key, lane } = queued
  if (lane === 'active') return { ...queue, active: queue.active.delete(activeOrder(queued)) }
  if (lane === 'backingOff')
    return { ...queue, backingOff: queue.backingOff.delete(backOffOrder(queued, queue.backOff)) }
  if (lane === 'inFlight') return queue
  let { rejectedBy } = queue
  for (const plugin of queued.rejectedBy)
    rejectedBy = rejectedBy.update(plugin, (keys) => {
      const left = keys?.delete(key)
      return left === undefined || left.size === 0 ? undefined : left
    })
  return { ...queue, rejectedBy, unschedulable: queue.unschedulable.delete(waitOrder(queued)) }
}

/** PrioritySort: higher priority first, then the longer wait. */
const activeOrder = ({ pod, since, arrival }: QueuedPod): string =>
  `${padded(HIGHEST - (pod.spec.priority ?? 0), 10)} ${sortable(since)} ${padded(arrival, 12)}`
const backOffOrder = (queued: QueuedPod, backOff: BackOff): string =>
  `${sortable(backOffEnd(queued, backOff))} ${padded(queued.arrival, 12)}`
const waitOrder = ({ since, arrival }: QueuedPod): string => `${sortable(since)} ${padded(arrival, 12)}`

const HIGHEST = 2_147_483_647
/** Sorts after every order key that begins with the same instant. */
const AFTER_ALL = '~'
const padded = (n: number, width: number): string => String(n).padStart(width, '0')
/** Microseconds, as text that sorts. */
const sortable = (ms: number): string => padded(Math.round(Math.max(0, ms) * 1_000), 17)

function firstOf(lane: Tree<string>): string | undefined {
  let first: string | undefined
  lane.range('', undefined, (key) => {
    first = key
    return false
  })
  return first
}
