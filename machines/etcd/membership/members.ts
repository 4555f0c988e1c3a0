/**
 * Who belongs to the cluster, as all members agree on it through the log (package membership, RaftCluster). One change
 * at a time: any two successive majorities share a member, so no two can decide against each other.
 */
import type { EtcdFailed } from '../../protocol/etcd.ts'
import type { Member } from '../../protocol/etcd-admin.ts'
import type {
  AddRequest,
  KnownMember as Known,
  MemberId,
  MembershipChange,
  PublishRequest,
  WriteRequest,
} from '../../protocol/raft.ts'
import * as failures from '../failures.ts'
import { clientUrlOf, nameOf, numberOf, peerUrlOf } from './identity.ts'

/** Invariant: nobody is in both lists; a removed one never comes back. */
export interface Membership {
  /** In the order in which they came. */
  readonly members: readonly Known[]
  readonly removed: readonly MemberId[]
}
export const nobody: Membership = { members: [], removed: [] }

/** `--experimental-max-learners` */
const MAX_LEARNERS = 1

/** One of those that a new cluster begins with: it has a name from the first. */
export const withFounder = ({ members, removed }: Membership, id: MemberId): Membership => ({
  members: [...members, { id, peerUrls: [peerUrlOf(id)], name: nameOf(id), isLearner: false, isPublished: false }],
  removed,
})

export const memberOf = ({ members }: Membership, number: number): Known | undefined =>
  members.find(({ id }) => numberOf(id) === number)
export const votersOf = ({ members }: Membership): readonly MemberId[] =>
  members.filter(({ isLearner }) => !isLearner).map(({ id }) => id)

export const isMembershipChange = (request: WriteRequest): request is MembershipChange => CHANGES.has(request.type)
const CHANGES: ReadonlySet<string> = new Set([
  'etcd.MemberAdd',
  'etcd.MemberRemove',
  'etcd.MemberUpdate',
  'etcd.MemberPromote',
])

/** What is wrong with a change at the moment at which it is applied (ValidateConfigurationChange). */
export function objection(membership: Membership, change: MembershipChange): EtcdFailed | undefined {
  if (change.type === 'etcd.MemberAdd') return objectionToAdding(membership, change)
  const known = memberOf(membership, change.id)
  if (known === undefined) return failures.memberNotFound
  if (change.type === 'etcd.MemberPromote') return known.isLearner ? undefined : failures.memberNotLearner
  if (change.type === 'etcd.MemberRemove') return undefined
  const others = membership.members.filter(({ id }) => id !== known.id)
  return areInUse(others, change.peerUrls) ? failures.peerUrlExists : undefined
}
function objectionToAdding({ members, removed }: Membership, { member, peerUrls, isLearner = false }: AddRequest) {
  if (removed.includes(member)) return failures.memberNotFound
  if (members.some(({ id }) => id === member)) return failures.memberExists
  if (areInUse(members, peerUrls)) return failures.peerUrlExists
  const learners = members.filter((known) => known.isLearner).length
  return isLearner && learners >= MAX_LEARNERS ? failures.tooManyLearners : undefined
}
const areInUse = (members: readonly Known[], urls: readonly string[]): boolean =>
  members.some(({ peerUrls }) => peerUrls.some((url) => urls.includes(url)))

/** The membership after a change to which there is no objection. */
export function changed(membership: Membership, change: MembershipChange | PublishRequest): Membership {
  const { members } = membership
  switch (change.type) {
    case 'etcd.MemberAdd': {
      const { member: id, peerUrls, isLearner = false } = change
      return { ...membership, members: [...members, { id, peerUrls, name: '', isLearner, isPublished: false }] }
    }
    case 'etcd.MemberRemove': {
      const gone = members.filter(({ id }) => numberOf(id) === change.id).map(({ id }) => id)
      return {
        members: members.filter(({ id }) => !gone.includes(id)),
        removed: [...membership.removed, ...gone],
      }
    }
    case 'etcd.MemberUpdate':
      return edited(membership, change.id, { peerUrls: change.peerUrls })
    case 'etcd.MemberPromote':
      return edited(membership, change.id, { isLearner: false })
    case 'etcd.Publish':
      return edited(membership, numberOf(change.member), { name: change.name, isPublished: true })
  }
}
const edited = (membership: Membership, number: number, change: Partial<Known>): Membership => ({
  ...membership,
  members: membership.members.map((known) => (numberOf(known.id) === number ? { ...known, ...change } : known)),
})

/** In order of their numbers, as the API lists them. */
export const listed = ({ members }: Membership): readonly Member[] => members.map(shown).toSorted((a, b) => a.id - b.id)
const shown = ({ id, peerUrls, name, isLearner }: Known): Member => ({
  id: numberOf(id),
  name,
  peerUrls,
  clientUrls: name === '' ? [] : [clientUrlOf(id)],
  isLearner,
})
