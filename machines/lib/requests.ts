/** How clients write what they ask of an API server: one function a verb, so that no chart spells out a request. */
import type { ApiAnswered, ApiRequest, PatchType, RequestOptions, Subresource, User } from '../protocol/api.ts'
import type { ApiObject, ResourceName } from '../protocol/objects.ts'

/** One object's place: `{ resource: 'pods', namespace: 'default', name: 'web' }`. */
export interface Place {
  readonly resource: ResourceName
  readonly namespace?: string | undefined
  readonly name: string
  readonly subresource?: Subresource
}
type Rest = Partial<Pick<ApiRequest, 'body' | 'patchType' | 'options'>>

const at = (
  user: User,
  verb: ApiRequest['verb'],
  { resource, namespace, name, subresource }: Place,
  rest: Rest = {},
) => ({
  type: 'api.request' as const,
  user,
  verb,
  resource,
  name,
  ...(namespace === undefined || namespace === '' ? {} : { namespace }),
  ...(subresource === undefined ? {} : { subresource }),
  ...rest,
})
const having = (options: RequestOptions | undefined): Rest => (options === undefined ? {} : { options })

/** The place of an object that is at hand. */
export const placeOf = (resource: ResourceName, { metadata }: ApiObject, subresource?: Subresource): Place => ({
  resource,
  namespace: metadata.namespace,
  name: metadata.name,
  ...(subresource === undefined ? {} : { subresource }),
})
/** The place of a key `namespace/name` or `name`, as caches and queues hold it. */
export function placeAt(resource: ResourceName, key: string): Place {
  const slash = key.indexOf('/')
  return slash < 0 ? { resource, name: key } : { resource, namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}

export const get = (user: User, place: Place): ApiRequest => at(user, 'get', place)
/** A body with `generateName` is given its name by the server: then `place.name` is `''`. */
export const create = (user: User, place: Place, body: unknown): ApiRequest => at(user, 'create', place, { body })
/** Replaces the object; a `resourceVersion` in the body is a precondition (409 when it is not the current one). */
export const update = (user: User, place: Place, body: unknown): ApiRequest => at(user, 'update', place, { body })
export const patch = (user: User, place: Place, patchType: PatchType, body: unknown): ApiRequest =>
  at(user, 'patch', place, { body, patchType })
export const remove = (user: User, place: Place, options?: RequestOptions): ApiRequest =>
  at(user, 'delete', place, having(options))

export interface Collection {
  readonly resource: ResourceName
  readonly namespace?: string | undefined
}
const over = (user: User, verb: 'list' | 'watch' | 'deletecollection', of: Collection, options?: RequestOptions) => ({
  type: 'api.request' as const,
  user,
  verb,
  resource: of.resource,
  ...(of.namespace === undefined ? {} : { namespace: of.namespace }),
  ...having(options),
})
export const list = (user: User, of: Collection, options?: RequestOptions): ApiRequest =>
  over(user, 'list', of, options)
export const watch = (user: User, of: Collection, options?: RequestOptions): ApiRequest =>
  over(user, 'watch', of, options)
export const removeAll = (user: User, of: Collection, options?: RequestOptions): ApiRequest =>
  over(user, 'deletecollection', of, options)

export const succeeded = ({ code }: ApiAnswered): boolean => code < 300
/** The reason of a failure: `NotFound`, `AlreadyExists`, `Conflict`, `Forbidden` …; `''` of a success. */
export const reasonOf = ({ status }: ApiAnswered): string => status?.reason ?? ''

/** How long a client waits for an answer before it gives up: the API server's own `--request-timeout`. */
export const REQUEST_TIMEOUT_MS = 60_000
