/** Where a request goes: refused at once, answered from the cache, or handed on. The rules, without the chart. */
import { type Address, answer, type Effect, end, push } from '../../runtime/contract.ts'
import type { ResourceFacts } from '../lib/schema.ts'
import type { ApiAnswered, ApiRequest, Status } from '../protocol/api.ts'
import { isAuthenticated, may, refusedTo } from './authorization.ts'
import { malformedOptions } from './list-options.ts'
import { isPaged, malformedPage } from './pages.ts'
import { got, listed, revisionAsked } from './reads.ts'
import { reply } from './replies.ts'
import { EVERYTHING, isSelection, selectionOf } from './selection.ts'
import { factsOf, type OwnKinds } from './served.ts'
import { methodNotAllowed, noSuchResource, refusal, unauthorized } from './statuses.ts'
import type { WatchCache } from './watch-cache.ts'

/** What is wrong with a request on its face; undefined when it can be served. */
export function objection(ownKinds: OwnKinds, request: ApiRequest): Status | undefined {
  const { verb, user } = request
  const facts = factsOf(ownKinds, request.resource)
  if (!isAuthenticated(user)) return unauthorized()
  if (!may(user)) return refusedTo(request)
  if (facts === undefined) return noSuchResource()
  if (isVirtual(facts)) return noSuchResource()
  const why = verbRefused(facts, request)
  if (why !== undefined || !COLLECTIVE.has(verb)) return why ?? badVersionIn(request)
  const selection = selectionOf(request, facts)
  return isSelection(selection)
    ? (malformedOptions(request) ?? malformedPage(request) ?? badVersionIn(request))
    : selection
}
const COLLECTIVE: ReadonlySet<string> = new Set(['list', 'watch', 'deletecollection'])
/** What is only asked and never kept (reviews of tokens and of access); not served. */
const isVirtual = ({ name, verbs }: ResourceFacts): boolean => !verbs.includes('get') && name !== 'bindings'

/** POST …/bindings is the old form of POST …/pods/<name>/binding. */
export function canonical(request: ApiRequest): ApiRequest {
  if (request.resource !== 'bindings') return request
  const { metadata } = (request.body ?? {}) as { readonly metadata?: { readonly name?: string } }
  return { ...request, resource: 'pods', subresource: 'binding', name: metadata?.name ?? '' }
}

const badVersionIn = (request: ApiRequest): Status | undefined => {
  const asked = revisionAsked(request)
  return typeof asked === 'object' ? asked : undefined
}

function verbRefused(facts: ResourceFacts, { verb, subresource }: ApiRequest): Status | undefined {
  if (subresource === undefined) return facts.verbs.includes(verb) ? undefined : methodNotAllowed()
  const below = facts.subresourceFacts.find(({ name }) => name === subresource)
  if (below === undefined) return noSuchResource()
  if (!below.verbs.includes(verb)) return methodNotAllowed()
  return SERVED.has(subresource) ? undefined : noSuchResource()
}
const SERVED: ReadonlySet<string> = new Set(['status', 'scale', 'binding', 'eviction', 'finalize', 'log', 'token'])

export const isRefused = (ownKinds: OwnKinds, request: ApiRequest): boolean =>
  objection(ownKinds, request) !== undefined

export function refusalOf(ownKinds: OwnKinds, request: ApiRequest, from: Address, number: number): readonly Effect[] {
  const status = objection(ownKinds, request) as Status
  return turnedAway(request, from, number, status)
}

/** A watch is turned away by an ERROR event and its end, everything else by its answer. */
export function turnedAway({ verb }: ApiRequest, from: Address, number: number, status: Status): readonly Effect[] {
  return verb === 'watch'
    ? [push(number, { type: 'watch.failed', status }), end(number)]
    : [answer(from, number, refusal(status))]
}

/** Version 0 is content with any state, version n with one that is not older. */
export function answersFromCache(cache: WatchCache, request: ApiRequest): boolean {
  if ((request.verb !== 'get' && request.verb !== 'list') || isPaged(request)) return false
  const asked = revisionAsked(request)
  return typeof asked === 'number' && asked <= cache.revision
}

export function answerFromCache(cache: WatchCache, ownKinds: OwnKinds, request: ApiRequest): ApiAnswered {
  if (request.verb === 'get') {
    const answered = got(cache, request)
    return answered.object === undefined ? answered : reply(request, answered.object, false)
  }
  const facts = factsOf(ownKinds, request.resource)
  const selection = facts === undefined ? EVERYTHING : selectionOf(request, facts)
  return listed(cache, request.resource, isSelection(selection) ? selection : EVERYTHING)
}
