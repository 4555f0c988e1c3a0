/**
 * The clock and the rules of elections (raft.go). Time is counted in ticks of a heartbeat, as etcd's raft does; so a
 * timeout is a whole number of ticks, drawn anew in each term so that two members seldom stand at the same moment.
 */

/** `--heartbeat-interval` */
export const HEARTBEAT_MS = 100
/** `--election-timeout` in ticks: 1,000 ms. */
export const ELECTION_TICKS = 10
export const ELECTION_MS = ELECTION_TICKS * HEARTBEAT_MS

/** From 10 to 19 ticks, by a drawn number (resetRandomizedElectionTimeout). */
export const electionTimeoutMs = (drawn: number): number => (ELECTION_TICKS + (drawn % ELECTION_TICKS)) * HEARTBEAT_MS

/**
 * How far the election clock of a member that has just started is put forward, so that a cluster need not wait a whole
 * timeout for its first leader (EtcdServer.adjustTicks).
 */
export const headStartMs = (members: number): number => (ELECTION_TICKS - (members === 1 ? 1 : 2)) * HEARTBEAT_MS

/** When the leader, or a candidate that got our vote, was last heard; and how long we wait from then. */
export interface Patience {
  readonly heardAt: number
  readonly timeoutMs: number
  /** When the timer that looks after it rings. */
  readonly checkAt: number
}

/** Whoever has heard from a leader within the election timeout does not help to depose it (check-quorum's lease). */
export const leaderIsFresh = ({ heardAt }: Patience, at: number): boolean => at - heardAt < ELECTION_MS

/**
 * The timer rang. Had the process been paused, or the clock been set, since it was wound, that time does not count: no
 * tick came in it.
 */
export function patienceAt(patience: Patience, at: number): Patience {
  const missedMs = at - patience.checkAt
  if (missedMs > -HEARTBEAT_MS && missedMs < HEARTBEAT_MS) return patience
  return { ...patience, heardAt: Math.min(at, patience.heardAt + missedMs) }
}
/** What is left of it; 0 or less: the election timeout has passed. */
export const patienceLeftMs = ({ heardAt, timeoutMs }: Patience, at: number): number => heardAt + timeoutMs - at

/** Whether to vote in a term: once, and for nobody else while a leader of that term is known (raft.Step, canVote). */
export function voteIsFree(voted: string, leader: string, candidate: string): boolean {
  return voted === candidate || (voted === '' && leader === '')
}
