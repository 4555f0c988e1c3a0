/**
 * What is refused before it is even proposed, so that a change of members does not cost the quorum (`--strict-reconfig-check`;
 * EtcdServer.mayAddMember and its neighbours). A member that was added and never started counts as one that is down.
 */
import type { EtcdFailed } from '../../protocol/etcd.ts'
import type { KnownMember as Known, MemberId } from '../../protocol/raft.ts'
import * as failures from '../failures.ts'
import { majority } from '../raft/quorum.ts'
import { numberOf } from './identity.ts'
import { type Membership, memberOf, votersOf } from './members.ts'

/** For how long a connection must have held to be trusted (HealthInterval). */
export const HEALTH_INTERVAL_MS = 5_000
/** A learner that has so much of the leader's log is in sync. */
const READY = 0.9

const votersIn = ({ members }: Membership): readonly Known[] => members.filter(({ isLearner }) => !isLearner)
const started = (members: readonly Known[]): number => members.filter(({ name }) => name !== '').length

/** IsReadyToAddVotingMember: also when the new one does not come up, those that have started are a majority. */
export function tooFewToAdd(membership: Membership): EtcdFailed | undefined {
  const voters = votersIn(membership)
  // From one to two there is no other way; so is a cluster restored from a snapshot made whole again.
  if (started(voters) === 1 && voters.length === 1) return undefined
  return started(voters) < majority(voters.length + 1) ? failures.notEnoughStarted : undefined
}
/** IsReadyToRemoveVotingMember */
export function tooFewToRemove(membership: Membership, number: number): EtcdFailed | undefined {
  if (memberOf(membership, number)?.isLearner === true) return undefined
  const left = votersIn(membership).filter(({ id }) => numberOf(id) !== number)
  return started(left) < majority(left.length) ? failures.notEnoughStarted : undefined
}
/** IsReadyToPromoteMember: who is to be promoted counts, as started. */
export function tooFewToPromote(membership: Membership): EtcdFailed | undefined {
  const voters = votersIn(membership)
  return 1 + started(voters) < majority(voters.length + 1) ? failures.notEnoughStarted : undefined
}
/** The leader alone can say how far a learner is (isLearnerReady). */
export function learnerLags(match: number | undefined, leaderMatch: number): EtcdFailed | undefined {
  if (match === undefined) return failures.memberNotFound
  return match < leaderMatch * READY ? failures.learnerNotReady : undefined
}

export const idOfNumber = (members: readonly MemberId[], number: number): MemberId | undefined =>
  members.find((id) => numberOf(id) === number)

/** For how many ms each peer has been connected; none: it is not. */
export type Connected = Readonly<Record<MemberId, number>>

const connectedSince = (self: MemberId, voters: readonly MemberId[], connected: Connected): number =>
  voters.filter((id) => id === self || (connected[id] ?? 0) > HEALTH_INTERVAL_MS).length

/** With one more, a majority is still connected. */
export function unhealthyToAdd(self: MemberId, membership: Membership, connected: Connected): EtcdFailed | undefined {
  const voters = votersOf(membership)
  if (voters.length === 1) return undefined
  return connectedSince(self, voters, connected) < majority(voters.length + 1) ? failures.unhealthy : undefined
}
/** Who is down is no part of the quorum: it may go. Else those that are up must be a quorum without it. */
export function unhealthyToRemove(
  self: MemberId,
  membership: Membership,
  number: number,
  connected: Connected,
): EtcdFailed | undefined {
  const known = memberOf(membership, number)
  if (known?.isLearner === true) return undefined
  if (known?.id !== self && (known === undefined || connected[known.id] === undefined)) return undefined
  const voters = votersOf(membership)
  const active = connectedSince(self, voters, connected)
  return active - 1 < 1 + Math.floor((voters.length - 1) / 2) ? failures.unhealthy : undefined
}
