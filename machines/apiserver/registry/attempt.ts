/** One try of a request at an object: what is known, what is proposed, and what came of it. All plain data. */
import { settle } from '../../lib/schema/settled.ts'
import type { Profile, ResourceFacts } from '../../lib/schema.ts'
import type { ApiRequest, Status } from '../../protocol/api.ts'
import type { ApiObject, ResourceName } from '../../protocol/objects.ts'
import type { WatchCache } from '../watch-cache.ts'

/** What a strategy or an admission plugin may look at. */
export interface Attempt {
  readonly request: ApiRequest
  readonly facts: ResourceFacts
  readonly profile: Profile
  /** The server's caches as they were when the request came. */
  readonly cache: WatchCache
  /** Found by asking etcd, because the cache did not have them (yet). */
  readonly found: Found
  readonly at: number
  readonly dice: number
  /** Counts the objects that this server has named after the same prefix. */
  readonly ordinal: number
  /** How many names, addresses or ports of its draw were taken already. */
  readonly attempt: number
}
export interface Found {
  /** By name; null when etcd has none either. */
  readonly namespace?: ApiObject | null
  readonly serviceAccount?: ApiObject | null
  /** What a token is to be bound to, and the node of that pod. */
  readonly bound?: ApiObject | null
  readonly boundNode?: ApiObject | null
}

/** An object on its way through admission and validation. */
export interface Draft {
  readonly does: 'draft'
  readonly object: ApiObject
}
export interface Refusal {
  readonly does: 'refuse'
  readonly status: Status
}
/** Something must be asked of etcd first: the cache does not have it. */
export interface LookUp {
  readonly does: 'lookUp'
  readonly what: keyof Found
  readonly resource: ResourceName
  readonly key: string
}
export interface Keep {
  readonly does: 'keep'
  readonly object: ApiObject
}
export interface Store {
  readonly does: 'store'
  readonly value: ApiObject
  /** A deletion without grace removes what it has written; an eviction goes on to the deletion. */
  readonly next: 'answer' | 'remove' | 'go on'
}
export interface Remove {
  readonly does: 'remove'
  /** What the client is answered: the object as it was, or as the client wrote it when that emptied the finalizers. */
  readonly object: ApiObject
}
export type Outcome = Refusal | Keep | Store | Remove

/** What is stored and answered. The spec of what also has a status is met again, as it is. @param value decoded, defaulted, frozen */
export function store({ schema, custom }: ResourceFacts, value: ApiObject): Store {
  const { spec, status } = schema.properties ?? {}
  if (custom !== true && spec !== undefined && status !== undefined) settle(spec, (value as { spec?: unknown }).spec)
  return { does: 'store', value, next: 'answer' }
}

export const refuse = (status: Status): Refusal => ({ does: 'refuse', status })
export const draft = (object: ApiObject): Draft => ({ does: 'draft', object })
