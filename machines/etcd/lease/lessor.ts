/**
 * The clock of the leases (package lease, lessor). Only the leader's runs: it alone renews, and proposes to revoke what
 * has expired. A new leader gives every lease its whole time again, and an election timeout more.
 */
import { Tree } from '../../../runtime/tree.ts'
import { type Lease, type Leases, leaseKey } from './leases.ts'

/** Invariant: the two trees hold the same leases. Instants are ms of the leader's wall clock. */
export interface Lessor {
  readonly expiresAt: Tree<number>
  /** In order of expiry. */
  readonly queue: Tree<number>
}
export const demoted: Lessor = { expiresAt: Tree.of<number>(), queue: Tree.of<number>() }

/** How often the leader looks for expired leases, and how long until it proposes once more to revoke one. */
export const EXPIRY_LOOP_MS = 500
const REVOKE_RETRY_MS = 3_000
/** leaseRevokeRate / 2: the most that are revoked at one look. */
const REVOKES_AT_ONCE = 500

export function promoted(leases: Leases, at: number, extendMs: number): Lessor {
  let lessor = demoted
  leases.each((lease) => {
    lessor = renewed(lessor, lease, at + extendMs)
  })
  return lessor
}

export const renewed = (lessor: Lessor, { id, ttlSeconds }: Lease, at: number): Lessor =>
  dueAt(lessor, id, at + ttlSeconds * 1_000)

export function dropped({ expiresAt, queue }: Lessor, id: number): Lessor {
  const at = expiresAt.get(leaseKey(id))
  if (at === undefined) return { expiresAt, queue }
  return { expiresAt: expiresAt.delete(leaseKey(id)), queue: queue.delete(queueKey(at, id)) }
}

/** Those whose time is over, each put off until it may have to be proposed again. */
export function expired(lessor: Lessor, at: number): readonly [ids: readonly number[], lessor: Lessor] {
  const ids: number[] = []
  lessor.queue.range('', queueKey(at, -1), (id) => ids.push(id) < REVOKES_AT_ONCE)
  return [ids, ids.reduce((left, id) => dueAt(left, id, at + REVOKE_RETRY_MS), lessor)]
}

/** When the leader must look next: its looks are a fixed time apart, and none is needed before something is due. */
export function nextLookMs(lessor: Lessor, promotedAt: number, at: number): number | undefined {
  let due: number | undefined
  lessor.queue.range('', undefined, (_, key) => {
    due = Number(key.slice(0, INSTANT_DIGITS)) / 1_000
    return false
  })
  if (due === undefined) return undefined
  const looks = Math.floor((Math.max(due, at) - promotedAt) / EXPIRY_LOOP_MS) + 1
  return promotedAt + looks * EXPIRY_LOOP_MS - at
}

/** Whole seconds, cut off; it is never told that the whole time is left. -1: expired, or not known. */
export function remainingSeconds({ expiresAt }: Lessor, id: number, at: number): number {
  const left = (expiresAt.get(leaseKey(id)) ?? at) - at
  return Math.ceil(left / 1_000) - 1
}

function dueAt(lessor: Lessor, id: number, at: number): Lessor {
  const { expiresAt, queue } = dropped(lessor, id)
  return { expiresAt: expiresAt.set(leaseKey(id), at), queue: queue.set(queueKey(at, id), id) }
}
const INSTANT_DIGITS = 20
/** Microseconds, as text that sorts: a millisecond has parts. */
const queueKey = (at: number, id: number): string =>
  `${String(Math.round(at * 1_000)).padStart(INSTANT_DIGITS, '0')}/${id}`
