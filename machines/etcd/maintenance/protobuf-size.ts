/** How many bytes protobuf needs for the fields of a message, as far as limits depend on it. */
import type { EtcdWatched, KeyEvent, KeyValue } from '../../protocol/etcd.ts'
import { lengthOf } from './alarms.ts'

/** A tag, the length, and that many bytes; an empty field is left out. */
export const field = (length: number): number => (length === 0 ? 0 : present(length))
const present = (length: number): number => 1 + varint(length) + length

function varint(value: number): number {
  let bytes = 1
  for (let left = value; left >= 128; left = Math.floor(left / 128)) bytes++
  return bytes
}
/** A tag and the number; 0 is left out. */
const number = (value: number): number => (value === 0 ? 0 : 1 + varint(value))

/** The ids of the cluster and of the member are of 63 or 64 bits. */
const IDS = 2 * (1 + 10)

/** A WatchResponse without its events, not counting the flag that it is a fragment. */
export const emptyWatchedSize = ({ revision, created, canceled, compactRevision = 0 }: EtcdWatched): number =>
  present(IDS + number(revision) + number(1)) +
  (created === true ? 2 : 0) +
  (canceled === undefined ? 0 : 2 + field(canceled.length)) +
  number(compactRevision)
export const FRAGMENT_FLAG = 2

/** One event in a WatchResponse. */
export const eventSize = ({ type, kv, prevKv }: KeyEvent): number =>
  present(
    (type === 'DELETE' ? 2 : 0) +
      present(keyValueSize(kv)) +
      (prevKv === undefined ? 0 : present(keyValueSize(prevKv))),
  )

const keyValueSize = ({ key, value, createRevision, modRevision, version, lease = 0 }: KeyValue): number =>
  field(key.length) +
  field(lengthOf(value)) +
  number(createRevision) +
  number(modRevision) +
  number(version) +
  number(lease)
