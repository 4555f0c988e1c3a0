/** What an API server and its own readers say to each other. */
import type { WatchCache } from './watch-cache.ts'

/** A reader waits for the cache to reach a revision: a call, answered when it has. */
export interface CacheAwaited {
  readonly type: 'cache.awaited'
  readonly revision: number
}
export interface CacheReached {
  readonly type: 'cache.reached'
  readonly cache: WatchCache
}
/** A request was granted a lease for Events: those of the next minute may share it. */
export interface LeaseGranted {
  readonly type: 'lease.granted'
  readonly id: number
}
/** It waits no longer. */
export interface CacheForgotten {
  readonly type: 'cache.forgotten'
  readonly revision: number
}
