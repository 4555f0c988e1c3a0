/**
 * client-go's rate-limited, delaying work queue (k8s.io/client-go/util/workqueue) as a value.
 *
 * Its three sets `queue`, `dirty` and `processing` are one map here: a key waits, is in work, or is in work and dirty
 * (to be looked at once more). Invariant: a key is never in the work of two at a time, and waits at most once.
 */
import { Tree } from '../../../runtime/tree.ts'
import { emptyFifo, type Fifo, put, take } from './fifo.ts'
import { fullBucket, type Rate, reserved, type TokenBucket } from './token-bucket.ts'

export interface WorkQueue {
  readonly waiting: Fifo<string>
  readonly standing: Tree<'waiting' | 'in work' | 'in work and dirty'>
  readonly inWork: number
  /** Failures in a row, per key: the exponent of its back-off. */
  readonly failures: Tree<number>
  /** Keys that are to be added later, and when. */
  readonly due: Tree<number>
  readonly bucket: TokenBucket
}

/** DefaultTypedControllerRateLimiter: the greater of a back-off per key and one bucket for all. */
export const BACK_OFF_BASE_MS = 5
export const BACK_OFF_MAX_MS = 1_000_000
export const RETRY_RATE: Rate = { perSecond: 10, burst: 100 }

export const emptyQueue = (at: number): WorkQueue => ({
  waiting: emptyFifo(),
  standing: Tree.of(),
  inWork: 0,
  failures: Tree.of(),
  due: Tree.of(),
  bucket: fullBucket(RETRY_RATE, at),
})

/** Adds a key: it waits, or, when it is in work, is looked at again after that. */
export function added(queue: WorkQueue, key: string): WorkQueue {
  const now = queue.standing.get(key)
  const { waiting, standing, inWork } = queue
  if (now === undefined) return moved(queue, put(waiting, key), standing.set(key, 'waiting'), inWork)
  return now === 'in work' ? moved(queue, waiting, standing.set(key, 'in work and dirty'), inWork) : queue
}

/** Every change of a cache goes through here once or twice: named field by field, the copy costs a tenth. */
const moved = (
  { failures, due, bucket }: WorkQueue,
  waiting: WorkQueue['waiting'],
  standing: WorkQueue['standing'],
  inWork: number,
): WorkQueue => ({ waiting, standing, inWork, failures, due, bucket })

/** The key that waited longest goes into work. */
export function begun(queue: WorkQueue): readonly [key: string, queue: WorkQueue] | undefined {
  const next = take(queue.waiting)
  if (next === undefined) return undefined
  const [key, waiting] = next
  return [key, moved(queue, waiting, queue.standing.set(key, 'in work'), queue.inWork + 1)]
}

/** The work on a key is over; a dirty one waits again. */
export function done(queue: WorkQueue, key: string): WorkQueue {
  const dirty = queue.standing.get(key) === 'in work and dirty'
  const rest = moved(queue, queue.waiting, queue.standing.delete(key), queue.inWork - 1)
  return dirty ? added(rest, key) : rest
}

/**
 * Adds a key after some time (`AddAfter`): of several the earliest counts.
 * @returns how long to wait, or undefined when an earlier one is already due.
 */
export function addedAfter(
  queue: WorkQueue,
  key: string,
  afterMs: number,
  at: number,
): readonly [queue: WorkQueue, wakeMs: number | undefined] {
  const known = queue.due.get(key)
  if (known !== undefined && known <= at + afterMs) return [queue, undefined]
  return [{ ...queue, due: queue.due.set(key, at + afterMs) }, afterMs]
}

/** The time of a delayed key has come. */
export const cameDue = (queue: WorkQueue, key: string): WorkQueue =>
  added({ ...queue, due: queue.due.delete(key) }, key)

/** One more failure of a key, and for how long it is to back off (`RateLimiter.When`). */
export function failed(queue: WorkQueue, key: string, at: number): readonly [queue: WorkQueue, backOffMs: number] {
  const failures = queue.failures.get(key) ?? 0
  const [bucket, waitMs] = reserved(queue.bucket, RETRY_RATE, at)
  return [
    { ...queue, bucket, failures: queue.failures.set(key, failures + 1) },
    Math.max(Math.min(BACK_OFF_BASE_MS * 2 ** failures, BACK_OFF_MAX_MS), waitMs),
  ]
}

export const failuresOf = (queue: WorkQueue, key: string): number => queue.failures.get(key) ?? 0

/** The failures of a key are forgotten (`Forget`). */
export const forgiven = (queue: WorkQueue, key: string): WorkQueue =>
  queue.failures.has(key) ? { ...queue, failures: queue.failures.delete(key) } : queue
