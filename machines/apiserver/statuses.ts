/** The Status objects with which an API server says no, word by word: apimachinery pkg/api/errors. */
import { joined } from '../lib/joined.ts'
import type { ApiAnswered, ApiRequest, Status, StatusDetails } from '../protocol/api.ts'
import type { ResourceName } from '../protocol/objects.ts'

/** A failure as the answer of a request. */
export const refusal = (status: Status): ApiAnswered => ({ type: 'api.answered', code: status.code, status })

export function failure(code: number, reason: string, message: string, details?: StatusDetails): Status {
  const told = details === undefined ? {} : { details }
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code, ...told }
}

/** `{ name, group, kind }` of a resource, as details have it: the kind there is the plural. */
export function detailsOf(resource: ResourceName, name: string | undefined): StatusDetails {
  const dot = resource.indexOf('.')
  const kind = dot < 0 ? resource : resource.slice(0, dot)
  const named = name === undefined || name === '' ? {} : { name }
  return joined(named, dot < 0 ? { kind } : { group: resource.slice(dot + 1), kind })
}
const quoted = (resource: string, name: string | undefined): string =>
  name === undefined || name === '' ? resource : `${resource} "${name}"`

export const notFound = (resource: string, name: string): Status =>
  failure(404, 'NotFound', `${quoted(resource, name)} not found`, detailsOf(resource, name))
/** The object of a request; that of a scale is told with the subresource: `deployments/scale.apps "x" not found`. */
export function missing({ resource, subresource, name = '' }: ApiRequest): Status {
  if (subresource !== 'scale') return notFound(resource, name)
  const dot = resource.indexOf('.')
  return notFound(dot < 0 ? `${resource}/scale` : `${resource.slice(0, dot)}/scale${resource.slice(dot)}`, name)
}
/** No such resource, or no such subresource of it. */
export const noSuchResource = (): Status =>
  failure(404, 'NotFound', 'the server could not find the requested resource', {})
export const methodNotAllowed = (): Status =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

export const alreadyExists = (resource: string, name: string): Status =>
  failure(409, 'AlreadyExists', `${quoted(resource, name)} already exists`, detailsOf(resource, name))
export const beingDeleted = (resource: string, name: string): Status => ({
  ...alreadyExists(resource, name),
  message: `object is being deleted: ${alreadyExists(resource, name).message}`,
})
/** A generated name met an object of that name eight times: registry/generic/registry/store.go. */
export const generatedNameTaken = (resource: string, generateName: string, name: string): Status => ({
  ...alreadyExists(resource, generateName),
  message: `${quoted(resource, name)} already exists, the server was not able to generate a unique name for the object`,
})

export const conflict = (resource: string, name: string, why: string = MODIFIED): Status =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${quoted(resource, name)}: ${why}`,
    detailsOf(resource, name),
  )
const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again'

export const forbidden = (resource: string, name: string | undefined, why: string, causes?: Causes): Status =>
  failure(403, 'Forbidden', `${quoted(resource, name)} is forbidden: ${why}`, {
    ...detailsOf(resource, name),
    ...(causes === undefined ? {} : { causes }),
  })
type Causes = NonNullable<StatusDetails['causes']>

export const badRequest = (message: string): Status => failure(400, 'BadRequest', message)
export const unauthorized = (): Status => failure(401, 'Unauthorized', 'Unauthorized')
/** The error of a part below (etcd, a strategy that is no API error) handed through: 500 without a reason. */
export const internal = (message: string): Status => failure(500, '', message)

/** The handler's own limit of 34 s for mutating requests: endpoints/handlers/finisher. */
export const requestTimedOut = (): Status =>
  failure(504, 'Timeout', 'Timeout: request did not complete within requested timeout - context deadline exceeded', {})
/** The server's `--request-timeout` of 60 s. */
export const readTimedOut = (): Status =>
  failure(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout', {})
export const tooLargeVersion = (asked: number, current: number): Status =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
export const badVersion = (text: string): Status =>
  internal(`resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`)

/** A watch from before the history of the watch cache. */
export const expired = (asked: number, oldest: number): Status =>
  failure(410, 'Expired', `too old resource version: ${asked} (${oldest})`)
export const listExpired = (): Status =>
  failure(410, 'Expired', 'The resourceVersion for the provided list is too old.')

export const notReady = (): Status =>
  failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request', { retryAfterSeconds: 1 })
/** The watch cache is being filled anew: storage/cacher. */
export const initializing = (): Status =>
  failure(429, 'TooManyRequests', 'storage is (re)initializing', { retryAfterSeconds: 1 })

export const succeeded = (code: number, details?: StatusDetails): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Success',
  message: '',
  reason: '',
  code,
  ...(details === undefined ? {} : { details }),
})
