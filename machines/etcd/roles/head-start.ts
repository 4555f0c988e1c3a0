/**
 * The head start of a member that has just started among others (EtcdServer.adjustTicks). Without connections it would
 * only stand in vain, so it waits for two of them (Transport.ActivePeers).
 */
import { call, type Delivery, type Effect, hangUp } from '../../../runtime/contract.ts'
import type { MemberId } from '../../protocol/raft.ts'
import { type Change, type Connecting, type Context, leads, notConnecting } from '../context.ts'
import { addressOf } from '../membership/identity.ts'
import { advanced, headStartMs } from '../raft/election.ts'
import { alarm, hasVote } from './voter.ts'

/** `peerN > 1`: in a cluster of two nobody ever has so many. */
const ENOUGH = 2
/** `itv`, and how often it fits into rafthttp.ConnReadTimeout. */
export const LOOK_MS = 50
const LOOKS = 5_000 / LOOK_MS
/** A peer that was not there is dialed again after 100 ms (rafthttp's DialRetryFrequency). */
const LOOKS_A_DIAL = 2

export const mayComeAbout = ({ input, peers }: Context): boolean =>
  input.initialElectionTickAdvance !== false && peers.length >= ENOUGH

const lineTo = (id: MemberId): string => `peer ${id}`
const onLine = (ids: readonly MemberId[], line: string): MemberId | undefined => ids.find((id) => lineTo(id) === line)

/** All of whom nothing is known, or whose answer was lost. What is still under way may yet arrive. */
export function dialPeers({ peers, connecting }: Context): readonly [Change, readonly Effect[]] {
  const { looks, open, connected } = connecting
  const isDue = looks % LOOKS_A_DIAL === 0
  const unasked = peers.filter((id) => isDue && !open.includes(id) && !connected.includes(id))
  const dials = unasked.map((id) => call(addressOf(id), { type: 'raft.Probe' }, lineTo(id)))
  return [{ connecting: { looks: looks + 1, open: [...open, ...unasked], connected } }, dials]
}

export const isOfPeer = ({ connecting }: Context, line: string): boolean => onLine(connecting.open, line) !== undefined
export function noteAnswer({ connecting }: Context, _: unknown, { line }: Delivery): Change {
  const peer = onLine(connecting.open, line)
  return { connecting: answered(withPeer(connecting, peer), line) }
}
/** Whoever could ask us has a connection to us: who started later need not be asked again. */
export function noteAsker({ connecting, peers }: Context, _: unknown, { from }: Delivery): Change {
  const peer = peers.find((id) => addressOf(id) === from)
  return { connecting: withPeer(connecting, peer) }
}
export const noteNoConnection = ({ connecting }: Context, { line }: { readonly line: string }): Change => ({
  connecting: answered(connecting, line),
})
function withPeer(connecting: Connecting, peer: MemberId | undefined): Connecting {
  const { connected } = connecting
  return peer === undefined || connected.includes(peer)
    ? connecting
    : { ...connecting, connected: [...connected, peer] }
}
const answered = (connecting: Connecting, line: string): Connecting => ({
  ...connecting,
  open: connecting.open.filter((id) => lineTo(id) !== line),
})

export const enoughAreConnected = ({ connecting }: Context): boolean => connecting.connected.length >= ENOUGH
export const isGivenUp = ({ connecting }: Context): boolean => connecting.looks >= LOOKS

/** A leader has no use for it, and who has no vote has no clock. */
export function giveHeadStart(context: Context, _: unknown, { at }: Delivery): readonly [Change, readonly Effect[]] {
  const [change, hangUps] = giveUp(context)
  if (leads(context) || !hasVote(context)) return [change, hangUps]
  const patience = advanced(context.patience, headStartMs(context.peers.length + 1), at)
  return [{ ...change, patience }, [...hangUps, alarm(patience, at)]]
}
export const giveUp = ({ connecting: { open } }: Context): readonly [Change, readonly Effect[]] => [
  { connecting: notConnecting },
  open.map((id) => hangUp(lineTo(id))),
]
