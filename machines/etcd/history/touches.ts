/**
 * A history of requests, taken apart by keys: what each request asked of one key, and what it was told of it. What
 * touches many keys touches each of them at one moment; that it is the same moment for all is not asked here, so a
 * history may pass that should not, and none fails that should pass.
 */
import type {
  Compare,
  EtcdFailed,
  KeyRange,
  KeyValue,
  Operation,
  OperationReply,
  RangeReply,
  RangeRequest,
  TxnReply,
  TxnRequest,
} from '../../protocol/etcd.ts'
import { boundsOf } from '../mvcc/store.ts'
import { isIn } from '../mvcc/watch.ts'
import type { Asked, History } from './recorded.ts'

/** What is done to a key, one thing after the other. */
export type Deed =
  | { readonly does: 'put'; readonly value: unknown; readonly keepsValue: boolean }
  | { readonly does: 'delete'; readonly deleted: boolean | undefined }
  /** `found` is what the answer says; undefined: the key was not there. */
  | { readonly does: 'read'; readonly found: KeyValue | undefined; readonly keysOnly: boolean }
  /** Nobody knows: an inner transaction that was never answered. */
  | { readonly does: 'anything' }
/** One request, as one key sees it. */
export interface Touch {
  readonly object: string
  readonly began: number
  readonly ended: number | undefined
  readonly asked: Asked
  /** The comparisons with this key, and whether there are others. */
  readonly compare: readonly Compare[]
  readonly comparesOthers: boolean
  /** Undefined when no answer tells. */
  readonly succeeded: boolean | undefined
  readonly success: readonly Deed[]
  readonly failure: readonly Deed[]
  /** The store's revision when it was done, as its answer says, or as readers of what it wrote were told. */
  readonly revision: number | undefined
  /** Of one without an answer: others of its key that do the same have the same. */
  readonly kind: string | undefined
  /** Writes stand in the order of the revisions they made, and what only read behind the write it has seen. */
  readonly rank: number | undefined
  readonly onlyReads: boolean
}

/** Codes with which etcd says that nothing was done. Any other failure may have been done, or be done yet. */
const DEFINITE: ReadonlySet<number> = new Set([3, 5, 8, 9, 11])

export function touchesOf({ asked }: Pick<History, 'asked'>): readonly Touch[] {
  const counted = [...asked.values()].filter(isOfInterest)
  const keys = [...new Set(counted.flatMap(({ request }) => keysWritten(request as Operation)))].sort()
  return named(counted.flatMap((each) => touches(each, keys)))
}

/**
 * What was never answered, seen from what was read: who wrote what somebody read wrote it at the revision that the
 * reader was told; and values that nobody ever read are all alike.
 */
function named(all: readonly Touch[]): readonly Touch[] {
  const { read, written } = valuesIn(all)
  return all.map((touch) => {
    if (touch.ended !== undefined) return touch
    const was = valuesOf(read, touch.object)
    const values = [...touch.success, ...touch.failure].flatMap((deed) => (deed.does === 'put' ? [deed.value] : []))
    const [seen] = values.filter((value) => was.has(value))
    if (seen === undefined)
      return { ...touch, kind: JSON.stringify([touch.compare, touch.success, touch.failure].map(unread)) }
    return {
      ...touch,
      ...ofRevision(valuesOf(written, touch.object).get(seen) === 1 ? was.get(seen) : undefined, true),
    }
  })
}
const unread = (part: readonly (Compare | Deed)[]) =>
  part.map((each) => ('does' in each && each.does === 'put' ? { ...each, value: undefined } : each))

type Values = Map<string, Map<unknown, number>>

/** At which revision each value was read, and how often it was written, by key. */
function valuesIn(all: readonly Touch[]): { readonly read: Values; readonly written: Values } {
  const [read, written]: [Values, Values] = [new Map(), new Map()]
  for (const { object, success, failure } of all) {
    for (const deed of [...success, ...failure]) {
      if (deed.does === 'read' && deed.found !== undefined)
        valuesOf(read, object).set(deed.found.value, deed.found.modRevision)
      else if (deed.does === 'put')
        valuesOf(written, object).set(deed.value, (valuesOf(written, object).get(deed.value) ?? 0) + 1)
    }
  }
  return { read, written }
}
function valuesOf(table: Values, key: string): Map<unknown, number> {
  const known = table.get(key) ?? new Map<unknown, number>()
  table.set(key, known)
  return known
}

/** Not those that surely changed nothing and told nothing of what is true now. */
function isOfInterest({ request, answer }: Asked): boolean {
  if (answer?.type === 'etcd.failed') return writes(request as Operation) && !DEFINITE.has((answer as EtcdFailed).code)
  return answer !== undefined || writes(request as Operation)
}
function writes(request: Operation): boolean {
  if (request.type !== 'etcd.Txn') return request.type !== 'etcd.Range'
  return [...request.success, ...request.failure].some(writes)
}

function keysWritten(request: Operation): readonly string[] {
  if (request.type === 'etcd.Txn') return [...request.success, ...request.failure].flatMap(keysWritten)
  if (request.type === 'etcd.Range') return isSingle(request) ? [request.key] : []
  return request.type === 'etcd.Put' || isSingle(request) ? [request.key] : []
}
const isSingle = ({ rangeEnd = '' }: KeyRange): boolean => rangeEnd === ''

function touches(asked: Asked, keys: readonly string[]): readonly Touch[] {
  const { request, began } = asked
  const answer = asked.answer?.type === 'etcd.answered' ? asked.answer : undefined
  const txn = asTransaction(request as Operation)
  const reply = answer && asReply(request as Operation, answer.reply as OperationReply)
  const touched = keysOf(txn, keys)
  const onlyReads = !writes(txn)
  const ended = answer === undefined ? undefined : asked.ended
  const all = touched.map(
    (key): Touch => ({
      object: key,
      began,
      ended,
      asked,
      compare: txn.compare.filter((compare) => isSingle(compare) && compare.key === key),
      comparesOthers: txn.compare.some((compare) => !isSingle(compare) || compare.key !== key),
      succeeded: reply?.succeeded,
      success: deedsOn(key, txn.success, reply?.succeeded === true ? reply.replies : undefined),
      failure: deedsOn(key, txn.failure, reply?.succeeded === false ? reply.replies : undefined),
      onlyReads,
      ...ofRevision(answer?.revision, reply !== undefined && hasWritten(txn, reply)),
      kind: undefined,
    }),
  )
  return [...all.filter(saysSomething), ...ends(asked, txn)]
}
const ofRevision = (revision: number | undefined, isWrite: boolean) => ({
  revision,
  rank: revision === undefined ? undefined : isWrite ? 2 * revision : 2 * revision + 1,
})
function hasWritten({ success, failure }: TxnRequest, { succeeded, replies }: TxnReply): boolean {
  return (succeeded ? success : failure).some((operation, i) => {
    const reply = replies[i]
    if (operation.type === 'etcd.Put') return true
    if (operation.type === 'etcd.DeleteRange') return reply !== undefined && 'deleted' in reply && reply.deleted > 0
    return operation.type === 'etcd.Txn' && hasWritten(operation, reply as TxnReply)
  })
}
const saysSomething = ({ success, failure, compare }: Touch): boolean =>
  success.length > 0 || failure.length > 0 || compare.length > 0

/** A key on a lease goes at any time after, by nobody's request. */
function ends(asked: Asked, { success, failure }: TxnRequest): readonly Touch[] {
  const bare = {
    asked,
    compare: [],
    comparesOthers: false,
    succeeded: undefined,
    failure: [],
    onlyReads: false,
  }
  return [...success, ...failure].flatMap((operation): readonly Touch[] => {
    if (operation.type === 'etcd.Txn') return ends(asked, operation)
    if (operation.type !== 'etcd.Put' || !operation.lease) return []
    const success: readonly Deed[] = [{ does: 'delete', deleted: undefined }]
    return [
      {
        ...bare,
        object: operation.key,
        began: asked.began,
        ended: undefined,
        success,
        kind: undefined,
        ...ofRevision(undefined, false),
      },
    ]
  })
}

/** Everything is a transaction; a request alone is one without comparisons. */
function asTransaction(request: Operation): TxnRequest {
  if (request.type === 'etcd.Txn') return request
  return { type: 'etcd.Txn', compare: [], success: [request], failure: [] }
}
const asReply = (request: Operation, reply: OperationReply): TxnReply =>
  request.type === 'etcd.Txn' ? (reply as TxnReply) : { succeeded: true, replies: [reply] }

/** The keys that a transaction reads or writes; comparisons alone tell nothing when nothing is done. */
function keysOf({ success, failure, compare }: TxnRequest, keys: readonly string[]): readonly string[] {
  const found = new Set<string>()
  for (const range of [...success, ...failure, ...compare]) {
    if ('type' in range && range.type === 'etcd.Txn') for (const key of keysOf(range, keys)) found.add(key)
    else if (isSingle(range as KeyRange)) found.add((range as KeyRange).key)
    else for (const key of keys) if (isIn(boundsOf(range as KeyRange), key)) found.add(key)
  }
  return [...found]
}

function deedsOn(
  key: string,
  operations: readonly Operation[],
  replies: readonly OperationReply[] | undefined,
): readonly Deed[] {
  return operations.flatMap((operation, i) => deedOn(key, operation, replies?.[i]))
}

function deedOn(key: string, operation: Operation, reply: OperationReply | undefined): readonly Deed[] {
  switch (operation.type) {
    case 'etcd.Put':
      if (operation.key !== key) return []
      return [{ does: 'put', value: operation.value, keepsValue: operation.ignoreValue === true }]
    case 'etcd.DeleteRange': {
      if (!isIn(boundsOf(operation), key)) return []
      const deleted = reply !== undefined && 'deleted' in reply ? reply.deleted : undefined
      return [{ does: 'delete', deleted: isSingle(operation) && deleted !== undefined ? deleted > 0 : undefined }]
    }
    case 'etcd.Range':
      return isIn(boundsOf(operation), key) ? readOn(key, operation, reply as RangeReply | undefined) : []
    case 'etcd.Txn':
      return innerOn(key, operation, reply as TxnReply | undefined)
  }
}

/** What an answer says of one key: that of a filtered or cut list only what it shows, that of a past nothing. */
function readOn(key: string, request: RangeRequest, reply: RangeReply | undefined): readonly Deed[] {
  if (reply === undefined || (request.revision ?? 0) !== 0 || request.serializable === true) return []
  if (request.countOnly === true) return []
  const found = reply.kvs.find((kv) => kv.key === key)
  if (found === undefined && (reply.more || isFiltered(request))) return []
  return [{ does: 'read', found, keysOnly: request.keysOnly === true }]
}
const isFiltered = (request: RangeRequest): boolean =>
  [request.minModRevision, request.maxModRevision, request.minCreateRevision, request.maxCreateRevision].some(Boolean)

/** What an inner transaction does is known where an answer tells which way it went. */
function innerOn(key: string, { success, failure }: TxnRequest, reply: TxnReply | undefined): readonly Deed[] {
  if (reply === undefined) return [...deedsOn(key, [...success, ...failure], undefined)].slice(0, 1).map(() => UNKNOWN)
  return deedsOn(key, reply.succeeded ? success : failure, reply.replies)
}
const UNKNOWN: Deed = { does: 'anything' }
