/** What a client is answered when all went well: the object, a Status, or the Scale of it. */
import type { ResourceFacts } from '../lib/schema.ts'
import type { ApiAnswered, ApiRequest } from '../protocol/api.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { scaleOf } from './registry/scale.ts'
import { strategyOf } from './registry/strategy.ts'
import { detailsOf, succeeded } from './statuses.ts'

export function reply(request: ApiRequest, object: ApiObject, created: boolean): ApiAnswered {
  const { subresource } = request
  if (subresource === 'binding' || subresource === 'eviction') return done(201)
  if (subresource === 'token') return answered(201, object)
  return answered(created ? 201 : 200, subresource === 'scale' ? scaleOf(object) : object)
}

/** Of a deletion that took the object away: most kinds are answered with a Status. */
export function replyOfRemoval(request: ApiRequest, facts: ResourceFacts, object: ApiObject): ApiAnswered {
  if (request.verb !== 'delete' || strategyOf(facts).returnsDeleted) return reply(request, object, false)
  const { name, uid } = object.metadata
  return done(200, { ...detailsOf(request.resource, name), ...(uid === undefined ? {} : { uid }) })
}

const answered = (code: number, object: ApiObject): ApiAnswered => ({ type: 'api.answered', code, object })
const done = (code: number, details?: Parameters<typeof succeeded>[1]): ApiAnswered => ({
  type: 'api.answered',
  code,
  status: succeeded(code, details),
})
