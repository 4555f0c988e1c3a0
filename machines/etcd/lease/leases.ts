/** The leases that all members agree on: which there are, for how long they were granted, what hangs on them. */
import { Tree } from '../../../runtime/tree.ts'

export interface Lease {
  readonly id: number
  readonly ttlSeconds: number
  /** The keys that go when the lease goes. */
  readonly keys: Tree<true>
}
export type Leases = Tree<Lease>

export const noLeases: Leases = Tree.of<Lease>()

/** The shortest that is granted: an election and a half must fit, rounded up (lessor's minLeaseTTL). */
export const MIN_TTL_SECONDS = 2
/** lease.MaxLeaseTTL */
export const MAX_TTL_SECONDS = 9_000_000_000

export const leaseKey = (id: number): string => String(id)
export const leaseOf = (leases: Leases, id: number): Lease | undefined => leases.get(leaseKey(id))

export const granted = (leases: Leases, id: number, ttlSeconds: number): Leases =>
  leases.set(leaseKey(id), { id, ttlSeconds: Math.max(ttlSeconds, MIN_TTL_SECONDS), keys: Tree.of<true>() })
export const revoked = (leases: Leases, id: number): Leases => leases.delete(leaseKey(id))

export const attached = (leases: Leases, id: number, key: string): Leases =>
  leases.update(leaseKey(id), (lease) => lease && withKeys(lease, lease.keys.set(key, true)))
export const detached = (leases: Leases, id: number, key: string): Leases =>
  leases.update(leaseKey(id), (lease) => lease && withKeys(lease, lease.keys.delete(key)))
const withKeys = ({ id, ttlSeconds }: Lease, keys: Lease['keys']): Lease => ({ id, ttlSeconds, keys })
