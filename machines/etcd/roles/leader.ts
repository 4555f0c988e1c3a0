/** Leading: own entries into every log, and the word that they are committed (raft.stepLeader). */
import { type Address, type Delivery, type Effect, send, wake } from '../../../runtime/contract.ts'
import type { Entry, MsgApp, MsgAppResp, MsgHeartbeatResp, MsgProp, MsgSnap, Proposal } from '../../protocol/raft.ts'
import type { Change, Context, Mail } from '../context.ts'
import { demoted, promoted } from '../lease/lessor.ts'
import { ELECTION_MS, ELECTION_TICKS, HEARTBEAT_MS } from '../raft/election.ts'
import { agreementBefore, appended, entriesFrom, lacks, termAt } from '../raft/log.ts'
import type { Progress } from '../raft/progress.ts'
import * as progress from '../raft/progress.ts'
import { committedIndex, majority } from '../raft/quorum.ts'
import { heartbeats } from './heartbeats.ts'
import { readsOfTermBegun, roundAcknowledged } from './reads.ts'

/** Stands for etcd's limit of 1 MiB a message: values have no size here. */
const MAX_ENTRIES = 512

/** An empty entry of its own term is the first thing a leader appends: by it everything before is committed too. */
export function takeTheLead(context: Context, _: unknown, { at }: Delivery) {
  const { log, peers, self, leadersSeen, replica } = context
  const change: Change = {
    lead: self,
    leadersSeen: leadersSeen + 1,
    progress: Object.fromEntries(peers.map((peer) => [peer, progress.supposed(log.last.index)])),
    ticks: 0,
    electedAt: at,
    lessor: promoted(replica.leases, at, ELECTION_MS),
    ...grown(context, [undefined]),
  }
  const timers = peers.length === 0 ? [] : [nextHeartbeat()]
  return [change, timers] as const
}
const nextHeartbeat = () => wake('heartbeat', HEARTBEAT_MS, { type: 'heartbeat.due' })

export const stopLeading = (): Change => ({
  lead: '',
  progress: {},
  owed: {},
  rounds: [],
  postponed: [],
  lessor: demoted,
})

export const appendProposals = (context: Context): Change => ({
  proposals: [],
  ...grown(context, context.proposals),
})
export const appendForwarded = (context: Context, { proposals }: MsgProp): Change => grown(context, proposals)

function grown({ log, term, peers }: Context, data: readonly (Proposal | undefined)[]): Change {
  const entries = data.map((item, i): Entry => ({ index: log.last.index + 1 + i, term, data: item }))
  return { log: appended(log, entries), owed: allOf(peers) }
}
const allOf = (peers: readonly Address[]): Record<Address, boolean> =>
  Object.fromEntries(peers.map((peer) => [peer, true]))

/** A quorum reached further: what is of this term is committed, and with it all before (raft.maybeCommit). */
export function counted(context: Context): Change {
  const { peers, stable, commit, log, term } = context
  const index = committedIndex([stable, ...peers.map((peer) => context.progress[peer]?.match ?? 0)])
  if (index <= commit || termAt(log, index) !== term) return {}
  return { commit: index, owed: allOf(peers), ...readsOfTermBegun({ ...context, commit: index }) }
}

export const isRefusal = (_: Context, { reject }: MsgAppResp): boolean => reject

/** They did not agree there: try where they may. */
export function goBack(context: Context, { index, rejectHint, logTerm }: MsgAppResp, { from }: Delivery): Change {
  const known = of(context, from)
  const hint = logTerm > 0 ? agreementBefore(context.log, rejectHint, logTerm) : rejectHint
  const back = progress.refused(known, index, hint)
  return updated(context, from, back ?? known, back === undefined ? undefined : true)
}

/** The follower has it on disk. */
export function countAcknowledgement(context: Context, { index }: MsgAppResp, { from }: Delivery): Change {
  const known = of(context, from)
  const further = progress.acknowledged(known, index)
  if (further === undefined) return updated(context, from, known, undefined)
  const owes = progress.paused(known) ? true : further.next <= context.log.last.index ? false : undefined
  const change = updated(context, from, further, owes)
  return { ...change, ...counted({ ...context, ...change }) }
}

/** A heartbeat was answered and there is nothing to say: nearly always. */
export function isInStep(context: Context, { context: read }: MsgHeartbeatResp, { from }: Delivery): boolean {
  const known = context.progress[from]
  return read === '' && known?.recentlyActive === true && !known.probeSent && known.match === context.log.last.index
}
export function noteItLives(context: Context, { context: read }: MsgHeartbeatResp, { from }: Delivery): Change {
  const lives = progress.heard(of(context, from))
  const change = updated(context, from, lives, lives.match < context.log.last.index ? true : undefined)
  return read === '' ? change : { ...change, ...roundAcknowledged({ ...context, ...change }, read, from) }
}
/** The connection refused: what was sent optimistically is lost (MsgUnreachable, MsgSnapStatus). */
export function probeAgain(context: Context, { to }: { readonly to: Address }): Change {
  const known = context.progress[to]
  if (known === undefined || known.state === 'probe') return {}
  return updated(context, to, progress.probing(known), undefined)
}

function of(context: Context, peer: Address): Progress {
  const known = context.progress[peer]
  if (known === undefined) throw new Error(`${peer} is no member`)
  return known
}
function updated({ progress: all, owed }: Context, peer: Address, known: Progress, owes: boolean | undefined): Change {
  const alive = known.recentlyActive ? known : { ...known, recentlyActive: true }
  const change = { progress: { ...all, [peer]: alive } }
  return owes === undefined ? change : { ...change, owed: { ...owed, [peer]: owes || owed[peer] === true } }
}

/** Every election timeout a leader looks whether a majority was heard from since the last look (check-quorum). */
export function quorumWasSilent({ ticks, members, peers, progress: all }: Context): boolean {
  if (ticks + 1 < ELECTION_TICKS) return false
  return 1 + peers.filter((peer) => all[peer]?.recentlyActive).length < majority(members.length)
}
export function sendHeartbeats(context: Context): readonly [Change, readonly Effect[]] {
  const { ticks, writing, outbox } = context
  const mails = heartbeats(context, context.rounds.at(-1)?.context ?? '')
  const change: Change = ticks + 1 < ELECTION_TICKS ? { ticks: ticks + 1 } : { ticks: 0, progress: relaxed(context) }
  if (writing === undefined && outbox.length === 0)
    return [change, [nextHeartbeat(), ...mails.map(({ to, message }) => send(to, message))]]
  return [{ ...change, outbox: [...outbox, ...mails] }, [nextHeartbeat()]]
}
/** A snapshot that was not acknowledged for so long is taken for lost. */
function relaxed({ peers, progress: all }: Context): Context['progress'] {
  return Object.fromEntries(
    peers.map((peer) => {
      const known = all[peer] as Progress
      const goesOn = known.state === 'snapshot' && !known.recentlyActive ? progress.probing(known) : known
      return [peer, { ...goesOn, recentlyActive: false }]
    }),
  )
}

/** What is owed to the peers now, and what is known of them once it has been sent (raft.maybeSendAppend). */
export function appendsDue(context: Context): { readonly change: Change; readonly mails: readonly Mail[] } {
  const mails: Mail[] = []
  const all: Record<Address, Progress> = { ...context.progress }
  for (const [to, evenEmpty] of Object.entries(context.owed)) {
    let isFirst = evenEmpty
    while (!progress.paused(all[to] as Progress)) {
      const next = appendTo(context, all[to] as Progress, isFirst)
      if (next === undefined) break
      all[to] = next.known
      mails.push({ to, message: next.message })
      isFirst = false
    }
  }
  return { change: { progress: all, owed: {} }, mails }
}

interface Next {
  readonly message: MsgApp | MsgSnap
  readonly known: Progress
}
function appendTo(context: Context, known: Progress, evenEmpty: boolean): Next | undefined {
  const { log, term, commit } = context
  const index = known.next - 1
  const logTerm = termAt(log, index)
  if (logTerm === undefined || lacks(log, known.next)) return snapshotFor(context, known)
  const entries = entriesFrom(log, known.next, MAX_ENTRIES)
  const last = entries.at(-1)
  if (last === undefined && !evenEmpty) return undefined
  const message: MsgApp = { type: 'MsgApp', term, index, logTerm, entries, commit }
  return { message, known: last === undefined ? known : progress.sent(known, last.index) }
}
function snapshotFor({ snapshot, term }: Context, known: Progress): Next | undefined {
  if (!known.recentlyActive) return undefined
  return { message: { type: 'MsgSnap', term, snapshot }, known: progress.snapshotting(known, snapshot.index) }
}
