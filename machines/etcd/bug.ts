/**
 * Errors that etcd once had, or that a raft of one's own easily has, to be put back one by one: what finds them can be
 * trusted to find others. None is there unless a member is started with it.
 */

/**
 * Whoever asks for the read index once more does it under the same name: a late acknowledgement of the first asking then
 * confirms the second, and with it every read that the leader was asked for between the two (etcd issue 20418).
 */
export const STALE_READ_INDEX = 'stale-read-index'
/** A leader answers reads from its own store without asking a majority whether it still leads. */
export const DEPOSED_LEADER_READS = 'deposed-leader-reads'
/** A cluster of one answers a write before its disk has it (etcd 3.5.0 to 3.5.4, issue 14370). */
export const ANSWERED_BEFORE_SYNC = 'answered-before-sync'
/** A watch from the revision of the compaction is not told of a deletion made there (issue 18089). */
export const COMPACTED_DELETION = 'compacted-deletion'
/** Who asks for progress is told the store's revision although the watch has not told all before it (issue 15220). */
export const PROGRESS_AHEAD = 'progress-ahead'

export const BUGS = [
  STALE_READ_INDEX,
  DEPOSED_LEADER_READS,
  ANSWERED_BEFORE_SYNC,
  COMPACTED_DELETION,
  PROGRESS_AHEAD,
] as const
export type Bug = (typeof BUGS)[number]
