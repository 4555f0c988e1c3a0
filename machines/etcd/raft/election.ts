/**
 * The clock and the rules of elections (raft.go). Time is counted in ticks of a heartbeat, as etcd's raft does; so a
 * timeout is a whole number of ticks, drawn anew in each term so that two members seldom stand at the same moment.
 */

/** `--heartbeat-interval` */
export const HEARTBEAT_MS = 100
/** `--election-timeout` in ticks: 1,000 ms. */
export const ELECTION_TICKS = 10
export const ELECTION_MS = ELECTION_TICKS * HEARTBEAT_MS

/** From 10 to 19, by a drawn number (resetRandomizedElectionTimeout). */
export const electionTicks = (drawn: number): number => ELECTION_TICKS + (drawn % ELECTION_TICKS)

/**
 * How far the election clock of a member that has just started is put forward, so that a cluster need not wait a whole
 * timeout for its first leader (EtcdServer.adjustTicks): at once where it is alone, else when two peers are connected.
 */
export const headStartMs = (members: number): number => (ELECTION_TICKS - (members === 1 ? 1 : 2)) * HEARTBEAT_MS

/** When the leader, or a candidate that got our vote, was last heard; and how long we wait from then. Instants in ms. */
export interface Patience {
  readonly heardAt: number
  /** How many ticks may pass without a word. */
  readonly ticks: number
  /** An instant at which the process's ticker ticked: members that started apart do not tick together. */
  readonly tickedAt: number
  /** When the timer that looks after it rings. */
  readonly checkAt: number
}

const tickAt = ({ tickedAt }: Patience, at: number): number => Math.floor((at - tickedAt) / HEARTBEAT_MS)

/** The tick at which patience is over, if nothing more is heard. */
export const overAt = (patience: Patience): number =>
  patience.tickedAt + (tickAt(patience, patience.heardAt) + patience.ticks) * HEARTBEAT_MS

/** Whoever has heard from a leader within the election timeout does not help to depose it (check-quorum's lease). */
export const leaderIsFresh = (patience: Patience, at: number): boolean =>
  tickAt(patience, at) - tickAt(patience, patience.heardAt) < ELECTION_TICKS

/** A new wait begins, of so many ticks. */
export function waiting(patience: Patience, at: number, ticks: number): Patience {
  const from = { ...patience, heardAt: at, ticks }
  return { ...from, checkAt: overAt(from) }
}
/** The clock is put forward: that much of the wait is over. When it is all over, the timer is to ring now. */
export function advanced(patience: Patience, ms: number, at: number): Patience {
  const further = { ...patience, heardAt: patience.heardAt - ms }
  return { ...further, checkAt: Math.max(at, overAt(further)) }
}
/**
 * The timer rang. Had the process been paused, or the clock been set, since it was wound, that time does not count: no
 * tick came in it.
 */
export function patienceAt(patience: Patience, at: number): Patience {
  const missedMs = at - patience.checkAt
  if (missedMs > -HEARTBEAT_MS && missedMs < HEARTBEAT_MS) return patience
  return { ...patience, heardAt: Math.min(at, patience.heardAt + missedMs) }
}

/** Whether to vote in a term: once, and for nobody else while a leader of that term is known (raft.Step, canVote). */
export function voteIsFree(voted: string, leader: string, candidate: string): boolean {
  return voted === candidate || (voted === '' && leader === '')
}
