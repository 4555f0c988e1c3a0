/** What the path of a request names: apiserver/pkg/endpoints/request, RequestInfoFactory.NewRequestInfo. */
import { type Profile, type ResourceFacts, resourceAt } from '../../lib/schema.ts'

/** A resource, or one object of it, or a subresource of that. */
export interface Place {
  readonly facts: ResourceFacts
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
  /** The deprecated form …/watch/…. */
  readonly watched: boolean
}
/** What else a path below /api and /apis may be. */
export type Located = Place | 'noSuchGroup' | 'noSuchResource' | 'noResource'

/** @param path without the query @returns `noResource` when the path is none below a group and version */
export function located(profile: Profile, path: string): Located {
  const parts = path.split('/').slice(1)
  const [root, ...rest] = parts.map(decoded)
  if (root !== 'api' && root !== 'apis') return 'noResource'
  const group = root === 'api' ? '' : (rest.shift() ?? '')
  const version = rest.shift() ?? ''
  if (rest.length === 0 || rest.includes('')) return 'noResource'
  if (root === 'apis' && !profile.resources.some((facts) => facts.group === group)) return 'noSuchGroup'
  const watched = rest[0] === 'watch' && rest.length > 1
  if (watched) rest.shift()
  return placed(profile, group, version, rest, watched) ?? 'noSuchResource'
}

/** The namespaces' own subresources, which are no resources in a namespace. */
const OF_NAMESPACES: ReadonlySet<string> = new Set(['status', 'finalize'])

function placed(
  profile: Profile,
  group: string,
  version: string,
  parts: readonly string[],
  watched: boolean,
): Place | undefined {
  const [first = '', second, third = '', ...below] = parts
  const inNamespace =
    first === 'namespaces' && second !== undefined && third !== '' && !(group === '' && OF_NAMESPACES.has(third))
  if (!inNamespace) return scoped(resourceAt(profile, group, version, first), undefined, parts.slice(1), watched)
  return scoped(resourceAt(profile, group, version, third), second, below, watched)
}

/** Cluster-scoped kinds have no namespace; single objects of the others have one. */
function scoped(
  facts: ResourceFacts | undefined,
  namespace: string | undefined,
  [name, subresource, ...more]: readonly string[],
  watched: boolean,
): Place | undefined {
  if (facts === undefined || (more.length > 0 && subresource !== 'proxy')) return undefined
  if (namespace !== undefined ? !facts.namespaced : facts.namespaced && name !== undefined) return undefined
  return {
    facts,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    watched,
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
