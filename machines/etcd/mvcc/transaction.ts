/** Writing to the store (mvcc's storeTxnWrite): what one transaction changes gets one revision. */
import type { Tree } from '../../../runtime/tree.ts'
import type { KeyRange, KeyValue } from '../../protocol/etcd.ts'
import { attached, detached, type Leases } from '../lease/leases.ts'
import {
  boundsOf,
  type Change,
  type History,
  isAlive,
  latestOf,
  type Store,
  versionAt,
  visit,
  withVersion,
} from './store.ts'

/** A transaction under way: the only thing here that changes in place; it never leaves the step that began it. */
export interface Transaction {
  readonly base: Store
  keys: Tree<History>
  leases: Leases
  readonly changes: Change[]
}

export const begun = (base: Store, leases: Leases): Transaction => ({ base, keys: base.keys, leases, changes: [] })

/** The store with what was changed; the same store when nothing was. */
export function committed({ base, keys, changes }: Transaction): Store {
  if (changes.length === 0) return base
  const revision = base.revision + 1
  return {
    revision,
    compactRevision: base.compactRevision,
    keys,
    changes: base.changes.with({ revision, changes }),
  }
}

/** The revision that the transaction shows to its own reads: one more as soon as it has changed anything. */
export const revisionOf = ({ base, changes }: Transaction): number => base.revision + (changes.length > 0 ? 1 : 0)

export function current({ keys }: Transaction, key: string): KeyValue | undefined {
  return aliveIn(keys.get(key))
}
function aliveIn(history: History | undefined): KeyValue | undefined {
  const latest = history && latestOf(history)
  return latest !== undefined && isAlive(latest) ? latest : undefined
}

export function put(transaction: Transaction, key: string, value: unknown, lease: number): void {
  const history = transaction.keys.get(key)
  const before = aliveIn(history)
  const modRevision = transaction.base.revision + 1
  const { createRevision, version } = before ?? { createRevision: modRevision, version: 0 }
  const kv = { key, value, createRevision, modRevision, version: version + 1 }
  record(transaction, history, lease === 0 ? kv : { lease, ...kv })
  if (before?.lease !== undefined) transaction.leases = detached(transaction.leases, before.lease, key)
  if (lease !== 0) transaction.leases = attached(transaction.leases, lease, key)
}

/** @returns what was deleted, in order of keys. */
export function deleteRange(transaction: Transaction, range: KeyRange): readonly KeyValue[] {
  const doomed: KeyValue[] = []
  visit(transaction.keys, boundsOf(range), Number.POSITIVE_INFINITY, (kv) => {
    doomed.push(kv)
    return true
  })
  for (const kv of doomed) bury(transaction, kv)
  return doomed
}

function bury(transaction: Transaction, { key, lease }: KeyValue): void {
  record(transaction, transaction.keys.get(key), {
    key,
    value: undefined,
    createRevision: 0,
    modRevision: transaction.base.revision + 1,
    version: 0,
  })
  if (lease !== undefined) transaction.leases = detached(transaction.leases, lease, key)
}

function record(transaction: Transaction, history: History | undefined, kv: KeyValue): void {
  const prev = history === undefined ? undefined : versionAt(history, transaction.base.revision)
  transaction.keys = transaction.keys.set(kv.key, withVersion(history, kv))
  transaction.changes.push({ kv, prev })
}
