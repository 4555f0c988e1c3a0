/**
 * The conversation with an API server. A request is a `call` answered by `api.answered`; a watch is a `stream` of
 * `watch.events`. The same words come from simulated clients and, through HTTP, from a real kubectl.
 */
import type { Tree } from '../../runtime/tree.ts'
import type { ApiObject, ResourceName } from './objects.ts'
import type { LogLine } from './workload.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'
export type Subresource = 'status' | 'scale' | 'binding' | 'eviction' | 'token' | 'finalize' | 'log' | 'exec'

/** Who asks, as authentication found out: `system:kube-scheduler`, `system:node:node-1`, `kubernetes-admin`. */
export interface User {
  readonly name: string
  readonly groups: readonly string[]
}

export interface ApiRequest {
  readonly type: 'api.request'
  readonly user: User
  readonly verb: Verb
  readonly resource: ResourceName
  readonly subresource?: Subresource
  readonly namespace?: string
  /** Absent for list, watch and deletecollection, and for a create with `generateName`. */
  readonly name?: string
  /** The object of a create or update, the patch of a patch, the Binding, Eviction, Scale, TokenRequest or PodLogOptions of a subresource. */
  readonly body?: unknown
  readonly patchType?: PatchType
  readonly options?: RequestOptions
}
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

/** The query parameters of the API, and DeleteOptions, by their own names. */
export interface RequestOptions {
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  readonly limit?: number
  readonly continue?: string
  readonly timeoutSeconds?: number
  readonly allowWatchBookmarks?: boolean
  readonly sendInitialEvents?: boolean
  readonly dryRun?: boolean
  readonly fieldManager?: string
  readonly force?: boolean
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

/** What comes back of a call: the object (or the listing) with a code below 300, or a Status that says why not. */
export interface ApiAnswered {
  readonly type: 'api.answered'
  readonly code: number
  readonly object?: ApiObject
  readonly list?: Listing
  readonly status?: Status
  readonly warnings?: readonly string[]
  /** Of GET …/log: all lines of the container's log; the object is its pod. */
  readonly log?: readonly LogLine[]
}

/** metav1.Status of a failure. */
export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly status: 'Failure' | 'Success'
  readonly message: string
  readonly reason: string
  readonly code: number
  readonly details?: StatusDetails
}
export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field?: string }[]
  readonly retryAfterSeconds?: number
}

/** A list by reference: the server's own persistent map when nothing was filtered out. Keys as `keyOf`. */
export interface Listing {
  /** Marks a big value: the log and the fingerprint record this text instead of the content. `pods@123`. */
  readonly view: string
  readonly objects: Tree<ApiObject>
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly key: string
  /** Of a deletion: the last state, with the resourceVersion of the deletion. */
  readonly object: ApiObject
}
/** What one revision or several changed, in order; no changes is a bookmark. */
export interface WatchEvents {
  readonly type: 'watch.events'
  readonly changes: readonly Change[]
  readonly resourceVersion: string
  /** Set on the bookmark that ends the initial events of `sendInitialEvents`. */
  readonly initialEventsEnd?: true
}
/** An ERROR event: the stream ends after it. Code 410 (`Expired`) means: list again. */
export interface WatchFailed {
  readonly type: 'watch.failed'
  readonly status: Status
}

/** A probe of /readyz or /livez: a call. */
export interface ApiHealth {
  readonly type: 'api.health'
  readonly path: '/readyz' | '/livez'
}
export interface ApiHealthAnswered {
  readonly type: 'api.healthAnswered'
  readonly ok: boolean
}
