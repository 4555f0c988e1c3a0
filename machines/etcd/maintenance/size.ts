/** How much room the store takes. Only text counts: what the API server stores has no size here. */
import type { KeyValue } from '../../protocol/etcd.ts'
import { type Change, eachVersion, type Store } from '../mvcc/store.ts'
import { lengthOf } from './alarms.ts'

/** `--quota-backend-bytes`; the default cannot be reached here, and nothing is counted for it. */
export const DEFAULT_QUOTA_BYTES = 2 * 1_024 ** 3

/** The database file: what is kept, and how large the file became for it. A file shrinks by defragmentation only. */
export interface Size {
  readonly inUse: number
  readonly file: number
}
/** Pages that even an empty database has. */
const EMPTY = 20_480
export const emptySize: Size = { inUse: EMPTY, file: EMPTY }

/** One revision of a key on a page: the record, and its key. */
const RECORD_OVERHEAD = 64
const sizeOf = ({ key, value }: KeyValue): number => RECORD_OVERHEAD + key.length + lengthOf(value)

export function grown({ inUse, file }: Size, changes: readonly Change[]): Size {
  const now = changes.reduce((sum, { kv }) => sum + sizeOf(kv), inUse)
  return { inUse: now, file: Math.max(file, now) }
}

/** Counted anew, after a compaction: the pages are free, the file is as large as it was. */
export function measured({ file }: Size, { keys }: Store): Size {
  let inUse = EMPTY
  const count = (version: KeyValue): void => {
    inUse += sizeOf(version)
  }
  keys.each((history) => eachVersion(history, count))
  return { inUse, file: Math.max(file, inUse) }
}
export const defragmented = ({ inUse }: Size): Size => ({ inUse, file: inUse })

/** Whether so much more fits into the quota (backendQuota.Available). What adds nothing always does. */
export const fits = ({ file }: Size, cost: number, quotaBytes: number): boolean =>
  cost === 0 || file + cost < quotaBytes
