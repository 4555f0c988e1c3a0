/** What is refused before it reaches the log (etcdserver's v3rpc/key.go): the first fault found, in etcd's order. */
import type { EtcdFailed, KeyRange, Operation, PutRequest, TxnRequest } from '../../protocol/etcd.ts'
import * as failures from '../failures.ts'

/** `--max-txn-ops` */
const MAX_OPERATIONS = 128

/** @returns undefined when nothing is wrong. */
export function fault(request: Operation): EtcdFailed | undefined {
  if (request.type !== 'etcd.Txn') return operationFault(request, MAX_OPERATIONS)
  return operationFault(request, MAX_OPERATIONS) ?? duplicates(request)
}

function operationFault(request: Operation, allowed: number): EtcdFailed | undefined {
  if (request.type === 'etcd.Txn') return txnFault(request, allowed)
  if (request.key === '') return failures.emptyKey
  return request.type === 'etcd.Put' ? putFault(request) : undefined
}

function putFault({ value, lease = 0, ignoreValue, ignoreLease }: PutRequest): EtcdFailed | undefined {
  if (ignoreValue === true && value !== undefined && value !== '') return failures.valueProvided
  return ignoreLease === true && lease !== 0 ? failures.leaseProvided : undefined
}

function txnFault({ compare, success, failure }: TxnRequest, allowed: number): EtcdFailed | undefined {
  const operations = Math.max(compare.length, success.length, failure.length)
  if (operations > allowed) return failures.tooManyOperations
  if (compare.some(({ key }) => key === '')) return failures.emptyKey
  for (const operation of [...success, ...failure]) {
    const wrong = operationFault(operation, allowed - operations)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function duplicates({ success, failure }: TxnRequest): EtcdFailed | undefined {
  return touched(success) === undefined || touched(failure) === undefined ? failures.duplicateKey : undefined
}

interface Touched {
  readonly puts: ReadonlySet<string>
  readonly deletes: readonly KeyRange[]
}

/**
 * What a branch puts and deletes; undefined when a key is put twice, or put and deleted (checkIntervals). The two
 * branches of an inner transaction exclude each other, so a key may be put in both. As in etcd, what an inner
 * transaction deletes is held against what comes after it only, and a range without an end against nothing.
 */
function touched(branch: readonly Operation[]): Touched | undefined {
  const deletes: KeyRange[] = branch.filter(({ type }) => type === 'etcd.DeleteRange') as KeyRange[]
  const puts = new Set<string>()
  for (const operation of branch) {
    if (operation.type === 'etcd.Txn' && !addInner(operation, puts, deletes)) return undefined
  }
  for (const operation of branch) {
    if (operation.type !== 'etcd.Put') continue
    if (puts.has(operation.key) || deletes.some(covers(operation.key))) return undefined
    puts.add(operation.key)
  }
  return { puts, deletes }
}

function addInner({ success, failure }: TxnRequest, puts: Set<string>, deletes: KeyRange[]): boolean {
  const inner = touched(success)
  const other = touched(failure)
  if (inner === undefined || other === undefined) return false
  const clashes = (key: string): boolean => deletes.some(covers(key))
  for (const key of inner.puts) if (puts.has(key) || clashes(key)) return false
  for (const key of other.puts) if ((puts.has(key) && !inner.puts.has(key)) || clashes(key)) return false
  for (const key of [...inner.puts, ...other.puts]) puts.add(key)
  deletes.push(...inner.deletes, ...other.deletes)
  return true
}

const covers =
  (key: string) =>
  (range: KeyRange): boolean =>
    range.rangeEnd === undefined || range.rangeEnd === '' ? range.key === key : range.key <= key && key < range.rangeEnd
