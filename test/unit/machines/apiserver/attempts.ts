/** Attempts to test strategies and admission plugins with. */

import { unversioned } from '../../../../machines/apiserver/frozen.ts'
import type { Attempt, Outcome } from '../../../../machines/apiserver/registry/attempt.ts'
import { factsOf, served } from '../../../../machines/apiserver/served.ts'
import { filled, type WatchCache } from '../../../../machines/apiserver/watch-cache.ts'
import type { ResourceFacts } from '../../../../machines/lib/schema.ts'
import type { ApiRequest } from '../../../../machines/protocol/api.ts'
import type { ApiObject } from '../../../../machines/protocol/objects.ts'

export const AT = 1_767_225_600_000

export const facts = (resource: string): ResourceFacts => factsOf([], resource) as ResourceFacts

/** By etcd key; stored as it is there: without the version, which is etcd's revision. */
export const cacheWith = (objects: Readonly<Record<string, unknown>> = {}): WatchCache => {
  const kvs = Object.entries(objects).map(([key, value]) => ({
    key: `/registry/${key}`,
    value: unversioned(value as ApiObject),
    createRevision: 1,
    modRevision: 2,
    version: 1,
  }))
  return filled(kvs, 10, served([]).prefixes)
}

export function attempt(
  request: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>,
  more: Partial<Attempt> = {},
): Attempt {
  return {
    request: { type: 'api.request', user: { name: 'a', groups: [] }, namespace: 'default', name: 'x', ...request },
    facts: facts(request.resource),
    profile: served([]).profile,
    cache: cacheWith(),
    found: {},
    at: AT,
    dice: 7,
    ordinal: 0,
    attempt: 0,
    ...more,
  }
}

export const object = (
  kind: string,
  more: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): ApiObject =>
  ({
    apiVersion: 'v1',
    kind,
    metadata: {
      name: 'x',
      namespace: 'default',
      uid: 'u-1',
      resourceVersion: '5',
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
    ...more,
  }) as unknown as ApiObject

export const messageOf = (outcome: { readonly does: string }): string | undefined =>
  outcome.does === 'refuse' ? (outcome as Extract<Outcome, { does: 'refuse' }>).status.message : undefined
