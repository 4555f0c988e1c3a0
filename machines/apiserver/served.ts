/** What a server serves: the kinds of its Kubernetes version and the user's own. Looked up, never kept in a context. */
import { extended, type OwnResource, type Profile, type ResourceFacts, resourceOf } from '../lib/schema.ts'
import builtIn from '../profiles/v1.32/index.ts'
import type { ResourceName } from '../protocol/objects.ts'
import { type Prefixes, prefixesOf } from './etcd-keys.ts'

export type OwnKinds = readonly OwnResource[]

export interface Served {
  readonly profile: Profile
  readonly prefixes: Prefixes
}

/** Remembered per list of own kinds: the same list gives the same facts. */
export function served(ownKinds: OwnKinds): Served {
  const last = known.get(ownKinds)
  if (last !== undefined) return last
  const profile = extended(builtIn, ownKinds)
  const made = { profile, prefixes: prefixesOf(profile.resources) }
  known.set(ownKinds, made)
  return made
}
const known = new WeakMap<OwnKinds, Served>()

export const factsOf = (ownKinds: OwnKinds, resource: ResourceName): ResourceFacts | undefined =>
  resourceOf(served(ownKinds).profile, resource)
