/**
 * HTTP ⇄ API: which question a request is, and how its answer is written. Pure: whoever holds the socket calls `routed`
 * with what came in, asks the cluster what that says, and writes what `responseOf` or `framesOf` return.
 * apiserver/pkg/endpoints (request info, negotiation, handlers) and pkg/server/routes.
 */
import type { Profile } from '../lib/schema.ts'
import type { ApiRequest, Status, Subresource, User, Verb } from '../protocol/api.ts'
import { formOf, mediaOf } from './http/accept.ts'
import { bodyOf } from './http/bodies.ts'
import { discovered } from './http/discovery.ts'
import { health } from './http/health.ts'
import { podLogOptions } from './http/log.ts'
import { openApi } from './http/openapi.ts'
import { located, type Place } from './http/paths.ts'
import { isTrue, optionsIn, withDeleteOptions } from './http/query.ts'
import { notAcceptable } from './http/statuses.ts'
import { strictly } from './http/strictness.ts'
import { versionInfo } from './http/version.ts'
import type { Form, HttpRequest, HttpResponse, Routed } from './http/words.ts'
import { statusResponse, written } from './http/writing.ts'
import { methodNotAllowed, noSuchResource } from './statuses.ts'

export { framesOf } from './http/frames.ts'
export { logResponse, logText, type PodLogOptions, stillWrites } from './http/log.ts'
export type { Form, HttpRequest, HttpResponse, Passed, Routed } from './http/words.ts'
export { responseOf, statusResponse } from './http/writing.ts'

/** @param user who asks, as authentication found out */
export function routed(profile: Profile, request: HttpRequest, user: User): Routed {
  const [path = '', search = ''] = split(request.path)
  const query = new URLSearchParams(search)
  const place = located(profile, path)
  if (typeof place === 'object') return asked(profile, request, place, query, user)
  if (place === 'noSuchResource') return answer(statusResponse(noSuchResource()))
  return elsewhere(profile, request, path, query, place === 'noSuchGroup')
}

function split(path: string): readonly [string, string] {
  const at = path.indexOf('?')
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at + 1)]
}

const answer = (response: HttpResponse): Routed => ({ does: 'answer', response })
const refused = (status: Status, form?: Partial<Form>): Routed => answer(statusResponse(status, form))

/** Documents beside the resources. */
function elsewhere(
  profile: Profile,
  { method, headers }: HttpRequest,
  path: string,
  query: URLSearchParams,
  noSuchGroup: boolean,
): Routed {
  const accept = headers['accept'] ?? ''
  const healthy = health(path, query)
  if (healthy !== undefined) return healthy
  const document = noSuchGroup
    ? undefined
    : (discovered(profile, path, { accept, serverAddress: headers['host'] ?? headers[':authority'] ?? '' }) ??
      openApi(profile, path) ??
      versionInfo(path, profile))
  if (document !== undefined) return method === 'GET' ? answer(document) : refused(methodNotAllowed())
  if (isBelowGroup(profile, path)) return refused(noSuchResource())
  return answer(PAGE_NOT_FOUND)
}

const PAGE_NOT_FOUND: HttpResponse = {
  code: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body: '404 page not found\n',
}

/** A version that a group does not have is an API's concern; a group that there is not, nobody's. */
function isBelowGroup(profile: Profile, path: string): boolean {
  const [root, group = '', version] = path.split('/').slice(1)
  if (root === 'api') return group !== ''
  return root === 'apis' && version !== undefined && profile.resources.some((facts) => facts.group === group)
}

const VERBS: Readonly<Record<string, readonly [one: Verb, all: Verb]>> = {
  GET: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
}

function asked(profile: Profile, request: HttpRequest, place: Place, query: URLSearchParams, user: User): Routed {
  const form = formOf(request.headers, query)
  if (mediaOf(request.headers['accept'] ?? '') === undefined) return refused(notAcceptable())
  if ('code' in form) return refused(form)
  const { facts, namespace, name, subresource } = place
  const verb = verbOf(request.method, place, query)
  if (verb === undefined) return refused(methodNotAllowed(), form)
  const read = bodyOf(request, profile, facts)
  if ('code' in read) return refused(read, form)
  const warnings =
    subresource === undefined || subresource === 'status'
      ? strictly(query.get('fieldValidation') ?? '', facts, { method: request.method, ...read })
      : []
  if ('code' in warnings) return refused(warnings, form)
  const isDeletion = request.method === 'DELETE'
  const options = isDeletion ? withDeleteOptions(optionsIn(query), read.body) : optionsIn(query)
  const question: ApiRequest = {
    type: 'api.request',
    user,
    verb,
    resource: facts.name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined || verb === 'watch' ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource: subresource as Subresource }),
    ...(isDeletion || read.body === undefined ? {} : { body: read.body }),
    ...(read.patchType === undefined ? {} : { patchType: read.patchType }),
    ...(verb === 'watch' && name !== undefined ? { options: ofOne(options, name) } : { options }),
  }
  if (verb === 'get' && subresource === 'log') {
    return { does: 'log', request: { ...question, body: podLogOptions(query) }, facts, form, warnings }
  }
  return { does: verb === 'watch' ? 'watch' : 'call', request: question, facts, form, warnings }
}

/** A watch of one object is a watch of those with its name. */
const ofOne = (options: NonNullable<ApiRequest['options']>, name: string): NonNullable<ApiRequest['options']> => ({
  ...options,
  fieldSelector: [
    ...(options.fieldSelector === undefined ? [] : [options.fieldSelector]),
    `metadata.name=${name}`,
  ].join(','),
})

/** undefined when the method is not served there: no collection is put or patched, no object is posted to. */
function verbOf(method: string, { facts, namespace, name, subresource, watched }: Place, query: URLSearchParams) {
  const verbs = VERBS[method]
  if (verbs === undefined) return undefined
  if (name === undefined) {
    if (method === 'PUT' || method === 'PATCH') return undefined
    const everywhere = facts.namespaced && namespace === undefined
    if (everywhere && (method === 'POST' || method === 'DELETE')) return undefined
  } else if (method === 'POST' && subresource === undefined) return undefined
  const asksToWatch = watched || (query.has('watch') && isTrue(query.get('watch') ?? ''))
  if (method === 'GET' && asksToWatch && subresource === undefined) return 'watch'
  return verbs[name === undefined ? 1 : 0]
}

/** Of a user whose certificate or token is not known. */
export const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }
export { written }
