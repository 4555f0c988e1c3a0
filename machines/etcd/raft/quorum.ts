/** What a majority says (raft package `quorum`). Any two majorities share a member: everything safe in raft rests on it. */

/** How many of `voters` are a majority. */
export const majority = (voters: number): number => Math.floor(voters / 2) + 1

/** The highest index that a majority of logs has reached, one entry of `matches` per voter (quorum.CommittedIndex). */
export function committedIndex(matches: readonly number[]): number {
  const descending = matches.toSorted((a, b) => b - a)
  return descending[majority(matches.length) - 1] ?? 0
}

/** `lost`: so many are against it that no majority can come about any more (quorum.VoteResult). */
export type Tally = 'pending' | 'won' | 'lost'

/** The state of an election, from the votes that are in: granted or refused, by voter. */
export function tally(votes: Readonly<Record<string, boolean>>, voters: readonly string[]): Tally {
  const granted = voters.filter((voter) => votes[voter] === true).length
  const refused = voters.filter((voter) => votes[voter] === false).length
  if (granted >= majority(voters.length)) return 'won'
  return refused > voters.length - majority(voters.length) ? 'lost' : 'pending'
}
