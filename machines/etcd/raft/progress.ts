/**
 * What a leader knows of one follower's log (raft package `tracker`, Progress).
 *
 * - `probe`: where the logs agree is not known; one message at a time until the follower says.
 * - `replicate`: it is known; entries are sent ahead of the acknowledgements, up to a window.
 * - `snapshot`: what it needs is no longer in the log; nothing is sent until the snapshot has arrived.
 *
 * Invariant: match < next; in `replicate`, `inFlight` holds the last index of each unacknowledged message, ascending.
 */
export interface Progress {
  readonly state: 'probe' | 'replicate' | 'snapshot'
  /** Up to here the follower's log is known to be the leader's. */
  readonly match: number
  /** The next entry to send. */
  readonly next: number
  readonly inFlight: readonly number[]
  /** `probe` only: one is under way; wait for its answer or the next heartbeat's. */
  readonly probeSent: boolean
  /** `snapshot` only: the index of the snapshot that was sent. */
  readonly pendingSnapshot: number
  /** It was heard from since the last check of the quorum. */
  readonly recentlyActive: boolean
}

/** `--max-inflight-msgs` of etcd's raft configuration. */
export const MAX_IN_FLIGHT = 512

const reset = { inFlight: [], probeSent: false, pendingSnapshot: 0 }

/** Of a new leader: it supposes that the follower has all that it has itself, and will be told otherwise. */
export const supposed = (lastIndex: number): Progress => ({
  state: 'probe',
  match: 0,
  next: lastIndex + 1,
  recentlyActive: false,
  ...reset,
})

/** After a snapshot it goes on behind that; else from what is known to agree. */
export function probing(progress: Progress): Progress {
  const behind = progress.state === 'snapshot' ? Math.max(progress.match, progress.pendingSnapshot) : progress.match
  return { ...progress, ...reset, state: 'probe', next: behind + 1 }
}
export const replicating = (progress: Progress): Progress => ({
  ...progress,
  ...reset,
  state: 'replicate',
  next: progress.match + 1,
})
export const snapshotting = (progress: Progress, index: number): Progress => ({
  ...progress,
  ...reset,
  state: 'snapshot',
  pendingSnapshot: index,
})

/** Nothing may be sent to it now but heartbeats. */
export function paused(progress: Progress): boolean {
  if (progress.state === 'probe') return progress.probeSent
  return progress.state === 'snapshot' || progress.inFlight.length >= MAX_IN_FLIGHT
}

/** Entries up to `lastIndex` were sent. */
export function sent(progress: Progress, lastIndex: number): Progress {
  if (progress.state === 'probe') return { ...progress, probeSent: true }
  return { ...progress, next: lastIndex + 1, inFlight: [...progress.inFlight, lastIndex] }
}

/** The follower has everything up to `index`. Undefined when that is no news. */
export function acknowledged(progress: Progress, index: number): Progress | undefined {
  if (index <= progress.match) return undefined
  const moved = { ...progress, match: index, next: Math.max(progress.next, index + 1), probeSent: false }
  if (moved.state === 'probe') return replicating(moved)
  if (moved.state === 'snapshot') return index >= moved.pendingSnapshot ? replicating(moved) : moved
  return { ...moved, inFlight: moved.inFlight.filter((last) => last > index) }
}

/**
 * The follower refused what followed `rejected`; `hint` is the last place where the logs may agree. Undefined when the
 * refusal is an old one, of a message that was overtaken.
 */
export function refused(progress: Progress, rejected: number, hint: number): Progress | undefined {
  if (progress.state === 'replicate') return rejected <= progress.match ? undefined : probing(progress)
  if (progress.next - 1 !== rejected) return undefined
  return { ...progress, next: Math.max(Math.min(rejected, hint + 1), 1), probeSent: false }
}

/** A heartbeat was answered: it lives, one more probe may go out, and a full window opens by one. */
export function heard(progress: Progress): Progress {
  const full = progress.state === 'replicate' && progress.inFlight.length >= MAX_IN_FLIGHT
  if (progress.recentlyActive && !progress.probeSent && !full) return progress
  const inFlight = full ? progress.inFlight.slice(1) : progress.inFlight
  return { ...progress, recentlyActive: true, probeSent: false, inFlight }
}
