/** Lists in pages, and lists of one exact revision: read from etcd as it was. apiserver/pkg/storage/etcd3, GetList. */
import { Tree } from '../../runtime/tree.ts'
import type { ResourceFacts } from '../lib/schema.ts'
import type { ApiAnswered, ApiRequest, Status } from '../protocol/api.ts'
import { prefixEnd, type RangeReply, type RangeRequest } from '../protocol/etcd.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { continueToken, parseContinue } from './continue-token.ts'
import { etcdKey } from './etcd-keys.ts'
import { versioned } from './frozen.ts'
import { listing } from './reads.ts'
import { isUnfiltered, type Selection, selects } from './selection.ts'
import { badRequest } from './statuses.ts'

/** The watch cache keeps no old revisions, and it ignores the limit of a list at version 0. */
export function isPaged({ verb, options }: ApiRequest): boolean {
  if (verb !== 'list' || options === undefined) return false
  if ((options.continue ?? '') !== '' || options.resourceVersionMatch === 'Exact') return true
  return (options.limit ?? 0) > 0 && options.resourceVersion !== '0' && options.resourceVersionMatch !== 'NotOlderThan'
}

/** @returns what is wrong with how a list is asked for. */
export function malformedPage({ verb, options }: ApiRequest): Status | undefined {
  const token = options?.continue ?? ''
  if (verb !== 'list' || token === '') return undefined
  if ((options?.resourceVersion ?? '') !== '') {
    return badRequest('specifying resource version is not allowed when using continue')
  }
  return parseContinue(token) === undefined ? badRequest('continue key is not valid: illegal base64 data') : undefined
}

export function pageRange({ namespace, options }: ApiRequest, facts: ResourceFacts): RangeRequest {
  const all = etcdKey(facts, namespace === undefined ? '' : `${namespace}/`)
  const from = parseContinue(options?.continue ?? '')
  const revision = from?.revision ?? Number(options?.resourceVersion || 0)
  return {
    type: 'etcd.Range',
    key: from === undefined ? all : `${all}${from.after}\0`,
    rangeEnd: prefixEnd(all),
    ...(revision === 0 ? {} : { revision }),
  }
}

export function pageOf(
  { namespace, resource, options }: ApiRequest,
  facts: ResourceFacts,
  selection: Selection,
  { kvs }: RangeReply,
  revision: number,
): ApiAnswered {
  const shown = parseContinue(options?.continue ?? '')?.revision ?? Number(options?.resourceVersion || revision)
  const limit = (options?.limit ?? 0) > 0 ? (options?.limit as number) : Number.POSITIVE_INFINITY
  const prefix = etcdKey(facts, '')
  let objects: Tree<ApiObject> = Tree.of()
  let last = ''
  let seen = 0
  for (const { key, value, modRevision } of kvs) {
    if (objects.size >= limit) break
    const object = versioned(value as ApiObject, modRevision)
    if (selects(selection, object)) objects = objects.set(key.slice(prefix.length), object)
    last = key
    seen++
  }
  const list = listing(resource, objects, shown)
  const remaining = kvs.length - seen
  if (remaining === 0) return { type: 'api.answered', code: 200, list }
  const after = last.slice(etcdKey(facts, namespace === undefined ? '' : `${namespace}/`).length)
  return {
    type: 'api.answered',
    code: 200,
    list: {
      ...list,
      continue: continueToken({ revision: shown, after }),
      ...(isUnfiltered(selection) ? { remainingItemCount: remaining } : {}),
    },
  }
}
