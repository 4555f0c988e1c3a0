/** A response of a watch in parts that a client can take, if it asked for that (v3rpc/watch.go, sendFragments). */
import type { EtcdWatched, KeyEvent } from '../../protocol/etcd.ts'
import { MESSAGE_BYTES } from '../maintenance/limits.ts'
import { emptyWatchedSize, eventSize, FRAGMENT_FLAG } from '../maintenance/protobuf-size.ts'

/** A part ends before the event with which it would be that large; one event is a part however large it is. */
export function fragments(watched: EtcdWatched, limit = MESSAGE_BYTES): readonly EtcdWatched[] {
  const { events } = watched
  const empty = emptyWatchedSize(watched)
  const sizes = events.map(eventSize)
  if (events.length < 2 || sizes.reduce((sum, size) => sum + size, empty) < limit) return [watched]
  const parts: KeyEvent[][] = []
  let size = limit
  for (const [i, event] of events.entries()) {
    size += sizes[i] as number
    if (size >= limit) {
      parts.push([])
      size = empty + FRAGMENT_FLAG + (sizes[i] as number)
    }
    parts.at(-1)?.push(event)
  }
  return parts.map((part, i) => ({
    ...watched,
    events: part,
    ...(i < parts.length - 1 ? { fragment: true as const } : {}),
  }))
}
