/**
 * A change of the members, from the request to the proposal, and from the committed entry to what raft makes of it
 * (EtcdServer.AddMember and its neighbours, applyConfChange, raft.switchToConfig).
 */
import { answer, call, type Delivery, type Effect, wake } from '../../../runtime/contract.ts'
import type { EtcdFailed } from '../../protocol/etcd.ts'
import type { MemberAddRequest, MemberPromoteRequest, MemberRemoveRequest } from '../../protocol/etcd-admin.ts'
import type { MemberId, MembershipChange, RaftProbed } from '../../protocol/raft.ts'
import type { Replica } from '../apply.ts'
import { asked } from '../asking.ts'
import { type Change, type Context, configured, leads } from '../context.ts'
import * as failures from '../failures.ts'
import { HEARTBEAT_MS } from '../raft/election.ts'
import { type Progress, supposed } from '../raft/progress.ts'
import { appendsDue } from '../roles/leader.ts'
import { addressAt, addressOf, areUrls, idOf, nameOf } from './identity.ts'
import * as strictness from './strictness.ts'

export type Reconfiguration = MemberAddRequest | MemberRemoveRequest
/** Why it is refused at once, whoever is connected. */
export function refusal({ replica }: Context, request: MembershipChange | MemberAddRequest): EtcdFailed | undefined {
  const { membership } = replica
  if ('peerUrls' in request && !areUrls(request.peerUrls)) return failures.badUrls
  if (request.type === 'etcd.MemberAdd')
    return request.isLearner === true ? undefined : strictness.tooFewToAdd(membership)
  return request.type === 'etcd.MemberRemove' ? strictness.tooFewToRemove(membership, request.id) : undefined
}

/** The leader knows how far a learner has come. */
export function lag({ replica, progress, peers, id, log }: Context, request: MemberPromoteRequest) {
  const { membership } = replica
  const member = strictness.idOfNumber([...peers, id], request.id)
  const match = member === id ? log.last.index : progress[member ?? id]?.match
  return strictness.learnerLags(match, log.last.index) ?? strictness.tooFewToPromote(membership)
}

export const refuse = (context: Context, request: MembershipChange, { from, call: number }: Delivery): Effect =>
  answer(from, number, refusal(context, request) as EtcdFailed)
export const refusePromotion = (context: Context, request: MemberPromoteRequest, told: Delivery): Effect =>
  answer(told.from, told.call, lag(context, request) as EtcdFailed)

export const queueChange = ({ queuedChanges }: Context, request: Reconfiguration, told: Delivery): Change => ({
  queuedChanges: [...queuedChanges, { ...asked(told), request }],
})

const lineTo = (id: MemberId): string => `probe ${id}`

/** Asks every voter whether it is there, for the first of the changes that wait. */
export const probePeers = ({ voters, id }: Context): readonly [Change, readonly Effect[]] => {
  const others = voters.filter((voter) => voter !== id)
  const probes = others.map((voter) => call(addressOf(voter), { type: 'raft.Probe' }, lineTo(voter)))
  return [{ probing: { open: others, connected: {} } }, probes]
}
export const tellItIsUp = ({ bornAt }: Context, _: unknown, { from, call: number, at }: Delivery): Effect =>
  answer(from, number, { type: 'raft.probed', upMs: at - bornAt } satisfies RaftProbed)

/** Connected since both are up. */
export function noteProbed({ probing, bornAt }: Context, { upMs }: RaftProbed, { line, at }: Delivery): Change {
  const { open, connected } = probing
  const found = open.find((id) => lineTo(id) === line)
  if (found === undefined) return {}
  const known = { ...connected, [found]: Math.max(1, Math.min(upMs, at - bornAt)) }
  return { probing: { open: open.filter((id) => id !== found), connected: known } }
}
export const isOfProbe = ({ probing }: Context, { line }: { readonly line: string }): boolean =>
  probing.open.some((id) => lineTo(id) === line)
export const noteUnreachable = ({ probing }: Context, { line }: { readonly line: string }): Change => ({
  probing: { ...probing, open: probing.open.filter((id) => lineTo(id) !== line) },
})
export const allProbed = ({ probing }: Context): boolean => probing.open.length === 0

/** What the probes say against the first change that waits. */
export function danger({ id, replica, probing, queuedChanges }: Context): EtcdFailed | undefined {
  const [first] = queuedChanges
  if (first === undefined) return undefined
  const { request } = first
  return request.type === 'etcd.MemberAdd'
    ? strictness.unhealthyToAdd(id, replica.membership, probing.connected)
    : strictness.unhealthyToRemove(id, replica.membership, request.id, probing.connected)
}
export function refuseFirst(context: Context): readonly [Change, readonly Effect[]] {
  const [first, ...rest] = context.queuedChanges
  const failure = danger(context)
  if (first === undefined || failure === undefined) return [{}, []]
  return [{ queuedChanges: rest }, [answer(first.from, first.call, failure)]]
}

/** Who is added is somebody new, even where somebody lived before. */
export function identified(request: Reconfiguration, at: number): MembershipChange {
  if (request.type === 'etcd.MemberRemove') return request
  return { ...request, member: idOf(addressAt(request.peerUrls[0] as string) as string, at) }
}

/** Who was added tells its name; so does a founder that had to ask whether the cluster was there before. */
export function mustPublish({ id, replica, standing, input }: Context): boolean {
  if (standing === 'stranger' || (id.indexOf('#') < 0 && input.initialClusterState === undefined)) return false
  return replica.membership.members.some((known) => known.id === id && !known.isPublished)
}

/** The name by which all will know that it has started. */
export const nameToPublish = ({ id }: Context) => ({ type: 'etcd.Publish' as const, member: id, name: nameOf(id) })

/** What follows for raft from another membership: whose votes count, to whom the leader sends. */
export function reconfigured(context: Context, replica: Replica): readonly [Change, readonly Effect[]] {
  if (replica.membership === context.replica.membership) return [{}, []]
  const config = configured(replica, context.id)
  if (!leads(context)) return [config, []]
  const { log, progress } = context
  const fresh: Progress = { ...supposed(log.last.index - 1), recentlyActive: true }
  const all = Object.fromEntries(config.peers.map((peer) => [peer, progress[peer] ?? fresh]))
  const owed = Object.fromEntries(config.peers.filter((peer) => !(peer in progress)).map((peer) => [peer, true]))
  const timers = context.peers.length === 0 ? [wake('heartbeat', HEARTBEAT_MS, { type: 'heartbeat.due' })] : []
  const outbox = [...context.outbox, ...farewells(context, config.peers)]
  return [{ ...config, progress: all, owed: { ...kept(context.owed, config.peers), ...owed }, outbox }, timers]
}
/** Who is removed is still told that its removal is committed. */
function farewells(context: Context, staying: readonly MemberId[]): Context['outbox'] {
  const going = context.peers.filter((peer) => !staying.includes(peer))
  return going.length === 0 ? [] : appendsDue({ ...context, owed: kept(context.owed, going) }).mails
}
const kept = (owed: Context['owed'], peers: readonly MemberId[]): Context['owed'] =>
  Object.fromEntries(Object.entries(owed).filter(([peer]) => peers.includes(peer)))
