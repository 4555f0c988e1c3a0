/** From a body to an object of its kind: what does not belong is dropped, what is missing gets its default. */

import { joined } from '../../lib/joined.ts'
import { decoded as decodedBody } from '../../lib/schema/decoding.ts'
import { defaulted } from '../../lib/schema/defaults.ts'
import type { ResourceFacts } from '../../lib/schema.ts'
import type { ApiRequest } from '../../protocol/api.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { badRequest } from '../statuses.ts'
import { type Draft, draft, type Refusal, refuse } from './attempt.ts'

export function decoded(body: unknown, facts: ResourceFacts, request: ApiRequest): Draft | Refusal {
  if (typeof body !== 'object' || body === null)
    return refuse(badRequest('the body of the request was in an unknown format'))
  const given = body as Partial<ApiObject>
  if (given.kind !== undefined && given.kind !== facts.kind) return refuse(wrongKind(given, facts))
  const metadata = given.metadata ?? ({} as ApiObject['metadata'])
  const why = misplaced(metadata, request, facts)
  if (why !== undefined) return refuse(badRequest(why))
  const { value, error } = decodedBody(
    facts.schema,
    whole(given, placed(metadata, request, facts), facts),
    facts.custom,
  )
  if (error !== undefined) return refuse(unreadable(facts, error))
  return draft(defaulted(facts, value as ApiObject) as ApiObject)
}

/** What says all this of itself already is taken as it is. */
function whole(given: Partial<ApiObject>, metadata: ApiObject['metadata'], { apiVersion, kind }: ResourceFacts) {
  const isWhole = given.metadata === metadata && given.kind === kind && given.apiVersion === apiVersion
  return isWhole ? given : joined(given, { apiVersion, kind, metadata })
}

/** The names that stand in the path. */
function placed(metadata: ApiObject['metadata'], request: ApiRequest, facts: ResourceFacts): ApiObject['metadata'] {
  const name = metadata.name ?? (request.verb === 'create' ? undefined : (request.name ?? ''))
  const namespace = facts.namespaced ? (request.namespace ?? 'default') : metadata.namespace
  if (name === metadata.name && namespace === metadata.namespace) return metadata
  return joined(metadata, {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  }) as ApiObject['metadata']
}

const unreadable = ({ kind, version }: ResourceFacts, error: string) =>
  badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${error}`)

const wrongKind = ({ apiVersion, kind }: Partial<ApiObject>, facts: ResourceFacts) =>
  badRequest(
    `${kind} in version "${lastOf(apiVersion ?? facts.apiVersion)}" cannot be handled as a ${facts.kind}: no kind "${kind}" is registered for version "${apiVersion ?? facts.apiVersion}"`,
  )
const lastOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1)

/** The names in the body and in the path must be the same: endpoints/handlers and rest.EnsureObjectNamespaceMatches. */
function misplaced(metadata: ApiObject['metadata'], request: ApiRequest, facts: ResourceFacts): string | undefined {
  const { name, namespace } = metadata
  if (request.verb !== 'create' && name !== undefined && name !== request.name) {
    return `the name of the object (${name}) does not match the name on the URL (${request.name})`
  }
  if (facts.namespaced && namespace !== undefined && namespace !== '' && namespace !== request.namespace) {
    return 'the namespace of the provided object does not match the namespace sent on the request'
  }
  return undefined
}
