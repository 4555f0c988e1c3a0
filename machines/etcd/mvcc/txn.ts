/** Transactions (etcdserver's applier, Txn): all comparisons first, on the store as it was; then the branches they chose. */
import type {
  Compare,
  DeleteRangeReply,
  DeleteRangeRequest,
  EtcdFailed,
  KeyValue,
  Operation,
  OperationReply,
  PutReply,
  PutRequest,
  RangeReply,
  RangeRequest,
  TxnReply,
  TxnRequest,
} from '../../protocol/etcd.ts'
import * as failures from '../failures.ts'
import { type Leases, leaseOf } from '../lease/leases.ts'
import { ranged } from './range.ts'
import { boundsOf, type History, isAlive, latestOf, type Store, unreadable, versionAt, visit } from './store.ts'
import { current, deleteRange, put, revisionOf, type Transaction } from './transaction.ts'

/** What a transaction will do: which of its branches, and of those inside. */
export interface Path {
  readonly succeeded: boolean
  /** One per operation of the branch; undefined for what is no transaction. */
  readonly inner: readonly (Path | undefined)[]
}

/** Changes nothing and asks for nothing newer than what has been applied. */
export function isReadOnly({ success, failure }: TxnRequest): boolean {
  return [...success, ...failure].every(
    (operation) => operation.type === 'etcd.Range' || (operation.type === 'etcd.Txn' && isReadOnly(operation)),
  )
}
export function isSerializable({ success, failure }: TxnRequest): boolean {
  return [...success, ...failure].every((operation) =>
    operation.type === 'etcd.Txn'
      ? isSerializable(operation)
      : operation.type === 'etcd.Range' && operation.serializable === true,
  )
}

export function chosenPath(store: Store, request: TxnRequest): Path {
  const succeeded = request.compare.every((compare) => holds(store, compare))
  const branch = succeeded ? request.success : request.failure
  return {
    succeeded,
    inner: branch.map((operation) => (operation.type === 'etcd.Txn' ? chosenPath(store, operation) : undefined)),
  }
}
const branchOf = ({ success, failure }: TxnRequest, { succeeded }: Path): readonly Operation[] =>
  succeeded ? success : failure

/** Why the chosen branches cannot be done, so that none is begun: puts first, then reads (checkRequests). */
export function obstacle(store: Store, leases: Leases, request: TxnRequest, path: Path): EtcdFailed | undefined {
  const chosen = flattened(request, path)
  for (const operation of chosen) {
    const wrong = operation.type === 'etcd.Put' ? putObstacle(store, leases, operation) : undefined
    if (wrong !== undefined) return wrong
  }
  for (const operation of chosen) {
    const wrong = operation.type === 'etcd.Range' ? rangeObstacle(store, operation) : undefined
    if (wrong !== undefined) return wrong
  }
  return undefined
}

/** A negative revision is one long past; outside a transaction it means the current one. */
const rangeObstacle = (store: Store, { revision = 0 }: RangeRequest): EtcdFailed | undefined =>
  revision < 0 && revision < store.compactRevision ? failures.compacted : unreadable(store, revision)

function flattened(request: TxnRequest, path: Path): readonly Operation[] {
  const branch = branchOf(request, path)
  if (!branch.some(({ type }) => type === 'etcd.Txn')) return branch
  return branch.flatMap((operation, i) =>
    operation.type === 'etcd.Txn' ? flattened(operation, path.inner[i] as Path) : [operation],
  )
}

/** In a transaction the key is looked for first, then the lease; a put alone is refused for its lease first. */
function putObstacle(store: Store, leases: Leases, { key, lease = 0, ...keep }: PutRequest): EtcdFailed | undefined {
  const keeps = keep.ignoreValue === true || keep.ignoreLease === true
  const history = keeps ? store.keys.get(key) : undefined
  if (keeps && (history === undefined || !isAlive(latestOf(history)))) return failures.keyNotFound
  return leaseObstacle(leases, lease)
}
export const leaseObstacle = (leases: Leases, lease = 0): EtcdFailed | undefined =>
  lease !== 0 && leaseOf(leases, lease) === undefined ? failures.leaseNotFound : undefined

/** Does one operation in a transaction that is under way. */
export function done(transaction: Transaction, operation: Operation, path?: Path): OperationReply | EtcdFailed {
  switch (operation.type) {
    case 'etcd.Range':
      return doneRange(transaction, operation)
    case 'etcd.Put':
      return donePut(transaction, operation)
    case 'etcd.DeleteRange':
      return doneDelete(transaction, operation)
    case 'etcd.Txn':
      return doneTxn(transaction, operation, path as Path)
  }
}

function doneRange(transaction: Transaction, request: RangeRequest): RangeReply | EtcdFailed {
  const now = revisionOf(transaction)
  const { revision = 0 } = request
  if (revision > now) return failures.futureRevision
  return { ...ranged(transaction.keys, request, revision > 0 ? revision : now), revision: now }
}

function donePut(transaction: Transaction, request: PutRequest): PutReply | EtcdFailed {
  const { key, lease = 0, ignoreValue = false, ignoreLease = false, prevKv = false } = request
  const before = ignoreValue || ignoreLease || prevKv ? current(transaction, key) : undefined
  if (before === undefined && (ignoreValue || ignoreLease)) return failures.keyNotFound
  put(transaction, key, ignoreValue ? before?.value : request.value, ignoreLease ? (before?.lease ?? 0) : lease)
  const revision = revisionOf(transaction)
  return prevKv && before !== undefined ? { prevKv: before, revision } : { revision }
}

function doneDelete(transaction: Transaction, request: DeleteRangeRequest): DeleteRangeReply {
  const gone = deleteRange(transaction, request)
  const prevKvs = request.prevKv === true ? gone : []
  return { deleted: gone.length, prevKvs, revision: revisionOf(transaction) }
}

function doneTxn(transaction: Transaction, request: TxnRequest, path: Path): TxnReply | EtcdFailed {
  const replies: OperationReply[] = []
  for (const [i, operation] of branchOf(request, path).entries()) {
    const reply = done(transaction, operation, path.inner[i])
    if (failures.isFailure(reply)) return reply
    replies.push(reply)
  }
  return { succeeded: path.succeeded, replies }
}

/** Of several keys, each must satisfy it. A value that is not there compares with nothing. */
function holds({ keys, revision }: Store, compare: Compare): boolean {
  if (compare.rangeEnd === undefined) return holdsOf(keys.get(compare.key), revision, compare)
  let isTrue = true
  let any = false
  visit(keys, boundsOf(compare), revision, (kv) => {
    any = true
    isTrue = satisfies(kv, compare)
    return isTrue
  })
  if (any) return isTrue
  return compare.target !== 'value' && satisfies(NOTHING, compare)
}
function holdsOf(history: History | undefined, revision: number, compare: Compare): boolean {
  const kv = history && versionAt(history, revision)
  return kv === undefined ? compare.target !== 'value' && satisfies(NOTHING, compare) : satisfies(kv, compare)
}
const NOTHING: KeyValue = { key: '', value: '', createRevision: 0, modRevision: 0, version: 0 }

function satisfies(kv: KeyValue, { target, result, than }: Compare): boolean {
  const value = COMPARED[target](kv) as number
  if (result === 'equal') return value === than
  if (result === 'not-equal') return value !== than
  return result === 'greater' ? value > (than as number) : value < (than as number)
}
const COMPARED: Record<Compare['target'], (kv: KeyValue) => unknown> = {
  version: ({ version }) => version,
  create: ({ createRevision }) => createRevision,
  mod: ({ modRevision }) => modRevision,
  value: ({ value }) => value,
  lease: ({ lease = 0 }) => lease,
}
