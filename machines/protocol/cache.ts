/** The conversations inside one client process: what its reflectors know, who leads, what is to be told as an Event. */

import type { Address } from '../../runtime/contract.ts'
import type { Tree } from '../../runtime/tree.ts'
import type { User } from './api.ts'
import type { ApiObject, ObjectReference, ResourceName, Resources } from './objects.ts'

/**
 * How a reflector can index what it holds, besides by key. `owner` is the uid of the controller owner; what has none
 * stands there under `orphansOf(namespace)`, so that who may adopt need not look through a namespace.
 */
export type IndexName = 'owner' | 'node' | 'namespace'
export const orphansOf = (namespace: string | undefined): string => `/${namespace ?? ''}`

/** One resource as a reflector last knew it: possibly stale, never partial. Passed by reference. */
export interface Cache<T extends ApiObject = ApiObject> {
  /** Marks a big value: `pods@123`. */
  readonly view: string
  readonly resourceVersion: string
  readonly objects: Tree<T>
  readonly by: Readonly<Partial<Record<IndexName, Tree<Tree<T>>>>>
}
/** The caches of one process by resource name; those it asked for are there once they are filled. */
export type View = { readonly [R in keyof Resources]?: Cache<Resources[R]> } & Readonly<
  Record<ResourceName, Cache | undefined>
>

export interface Delta<T extends ApiObject = ApiObject> {
  readonly key: string
  readonly was: T | undefined
  readonly now: T | undefined
}
/** A reflector's cache moved on. The first one, after the list, has `filled` and everything as deltas. */
export interface CacheChanged {
  readonly type: 'cache.changed'
  readonly resource: ResourceName
  readonly cache: Cache
  readonly deltas: readonly Delta[]
  readonly filled: boolean
}

/** Asks a reflector, with a `call`, for its cache as it is now: for who subscribes to deletions only. */
export interface CacheWanted {
  readonly type: 'cache.wanted'
}
export interface CacheTold {
  readonly type: 'cache.told'
  readonly resource: ResourceName
  readonly cache: Cache
}

/** What a reflector is told at birth (machine `reflector`). */
export interface ReflectorInput {
  readonly apiserver: Address
  readonly user: User
  readonly resource: ResourceName
  readonly namespace?: string
  readonly fieldSelector?: string
  readonly labelSelector?: string
  readonly indexes: readonly IndexName[]
  readonly subscribers: readonly Subscriber[]
}
export interface Subscriber {
  readonly to: Address
  /**
   * Wants deletions only, as the Deployment controller does of pods; or also to know which pods are over; or what
   * concerns owners and dependents, as the garbage collector does of everything: most changes leave that as it is.
   */
  readonly only?: 'deletions' | 'endings' | 'ownership'
}

/** What every controller of a process is told at birth (machines `<name>-controller`). */
export interface ControllerInput {
  readonly apiserver: Address
  readonly user: User
  readonly recorder: Address
  /** The reflectors of its process are `<reflectors>/<resource>`. */
  readonly reflectors: Address
}
/** What the actor of one object is told at birth by its supervisor. */
export interface ObjectInput extends ControllerInput {
  readonly key: string
  readonly supervisor: Address
}

/** A supervisor gives an object's actor the whole view to reconcile from. */
export interface SyncRequested {
  readonly type: 'sync.requested'
  readonly view: View
}
/** What came of a sync: done; failed (retry with back-off); gone (the actor ended); or again after so long. */
export interface SyncFinished {
  readonly type: 'sync.finished'
  readonly key: string
  readonly outcome: 'done' | 'failed' | 'gone'
  readonly againAfterMs?: number
}

/** What a leader elector is told at birth (machine `leader-elector`). */
export interface LeaderElectorInput {
  readonly apiserver: Address
  readonly user: User
  /** Name of the Lease in kube-system. */
  readonly lease: string
  /** `<host>_<uuid>` in the real one. */
  readonly identity: string
  readonly tell: Address
  readonly recorder: Address
}
export interface LeadershipGained {
  readonly type: 'leadership.gained'
}
export interface LeadershipLost {
  readonly type: 'leadership.lost'
}

/** What an event recorder is told at birth (machine `event-recorder`). */
export interface EventRecorderInput {
  readonly apiserver: Address
  readonly user: User
  /** `source.component`: `deployment-controller`, `kubelet`. */
  readonly component: string
  /** `source.host`, for kubelets. */
  readonly host?: string
}
/** Something to be written as a Kubernetes Event about an object. */
export interface EventHappened {
  readonly type: 'event.happened'
  readonly about: ObjectReference
  readonly kind: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}
