/** From a recorded HTTP request to an ApiRequest, and from an answer to the recorded form of a response: for the judge. */
import { resourceAt, resourceOf } from '../../../../machines/lib/schema.ts'
import profile from '../../../../machines/profiles/v1.32/index.ts'
import type {
  ApiAnswered,
  ApiRequest,
  PatchType,
  RequestOptions,
  Status,
  Subresource,
  Verb,
} from '../../../../machines/protocol/api.ts'

export interface Recorded {
  readonly method: string
  readonly path: string
  readonly user?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const PATCHES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}
const USERS: Readonly<Record<string, readonly string[]>> = {
  alice: ['developers', 'system:authenticated'],
  bob: ['developers', 'testers', 'system:authenticated'],
}

/** @returns undefined of a path that is no resource of the profile. */
export function requestOf({ method, path, user, headers, body }: Recorded): ApiRequest | undefined {
  const url = new URL(path, 'https://kubernetes')
  const found =
    /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))(\/watch)?(?:\/namespaces\/([^/]+)(?=\/[^/]))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      url.pathname,
    )
  if (found === null) return undefined
  let [, core, group = '', version = core, watched, namespace, plural = '', name, subresource] = found
  if (namespace !== undefined && ['status', 'finalize'].includes(plural) && core !== undefined) {
    ;[name, subresource, plural, namespace] = [namespace, plural, 'namespaces', undefined]
  }
  const facts = resourceAt(profile, group, version ?? '', plural)
  if (facts === undefined) return undefined
  const isWatch = watched !== undefined || (url.searchParams.get('watch') === '1' && name === undefined)
  const given = typeof body === 'string' ? parsed(body) : body
  const options = optionsOf(url.searchParams, method === 'DELETE' ? given : undefined)
  return {
    type: 'api.request',
    user:
      user === undefined || user === 'kubernetes-admin'
        ? { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
        : user === 'anonymous'
          ? { name: 'system:anonymous', groups: ['system:unauthenticated'] }
          : { name: user, groups: USERS[user] ?? [] },
    verb: verbOf(method, name, isWatch),
    resource: facts.name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource: subresource as Subresource }),
    ...(method === 'DELETE' || given === undefined ? {} : { body: given }),
    ...(method === 'PATCH' ? { patchType: PATCHES[headers?.['Content-Type'] ?? ''] ?? 'strategic' } : {}),
    options,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function verbOf(method: string, name: string | undefined, isWatch: boolean): Verb {
  if (method === 'GET') return isWatch ? 'watch' : name === undefined ? 'list' : 'get'
  if (method === 'DELETE') return name === undefined ? 'deletecollection' : 'delete'
  return method === 'POST' ? 'create' : method === 'PUT' ? 'update' : 'patch'
}

const NUMBERS = new Set(['limit', 'timeoutSeconds', 'gracePeriodSeconds'])
const FLAGS = new Set(['allowWatchBookmarks', 'sendInitialEvents', 'force'])
function optionsOf(query: URLSearchParams, body: unknown): RequestOptions {
  const options: Record<string, unknown> = {}
  for (const [key, value] of query) {
    if (key === 'watch') continue
    options[key] = NUMBERS.has(key) ? Number(value) : FLAGS.has(key) ? value === 'true' : value
  }
  const { kind: _, apiVersion: __, orphanDependents, dryRun, ...deletion } = (body ?? {}) as Record<string, unknown>
  if (orphanDependents === true) options['propagationPolicy'] = 'Orphan'
  if (dryRun !== undefined || query.has('dryRun')) options['dryRun'] = true
  return { ...options, ...deletion }
}

/** The body as it would be written. */
export function bodyOf({ object, list, status }: ApiAnswered, resource: string): unknown {
  if (object !== undefined) return object
  if (status !== undefined) return statusBody(status)
  const facts = resourceOf(profile, resource)
  const metadata = {
    resourceVersion: list?.resourceVersion,
    ...(list?.continue === undefined ? {} : { continue: list.continue }),
    ...(list?.remainingItemCount === undefined ? {} : { remainingItemCount: list.remainingItemCount }),
  }
  const items = list?.objects.values().map(({ kind: _, apiVersion: __, ...item }) => item)
  return { kind: facts?.listKind, apiVersion: facts?.apiVersion, metadata, items }
}
export function statusBody({ message, reason, code, details, ...rest }: Status): unknown {
  return {
    ...rest,
    metadata: {},
    ...(message === '' ? {} : { message }),
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    ...(details !== undefined && rest.status === 'Success' ? {} : { code }),
  }
}
