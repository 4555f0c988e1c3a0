/** Leading: own entries into every log, and the word that they are committed (raft.stepLeader). */
import { type Delivery, type Effect, wake } from '../../../runtime/contract.ts'
import type {
  Entry,
  MemberId,
  MsgApp,
  MsgAppResp,
  MsgHeartbeatResp,
  MsgProp,
  MsgSnap,
  Proposal,
} from '../../protocol/raft.ts'
import type { Change, Context, Mail } from '../context.ts'
import { demoted, promoted } from '../lease/lessor.ts'
import { addressOf } from '../membership/identity.ts'
import { isMembershipChange } from '../membership/members.ts'
import { sends } from '../post.ts'
import { ELECTION_MS, ELECTION_TICKS, HEARTBEAT_MS } from '../raft/election.ts'
import { agreementBefore, appended, entriesFrom, lacks, termAt } from '../raft/log.ts'
import type { Progress } from '../raft/progress.ts'
import * as progress from '../raft/progress.ts'
import { committedIndex, majority } from '../raft/quorum.ts'
import { heartbeats } from './heartbeats.ts'
import { readsOfTermBegun, roundAcknowledged } from './reads.ts'
import { senderOf } from './voter.ts'

/** Stands for etcd's limit of 1 MiB a message: values have no size here. */
const MAX_ENTRIES = 512

/** An empty entry of its own term is the first thing a leader appends: by it everything before is committed too. */
export function takeTheLead(context: Context, _: unknown, { at }: Delivery) {
  const { log, peers, id, leadersSeen, replica } = context
  const change: Change = {
    lead: id,
    leadersSeen: leadersSeen + 1,
    progress: Object.fromEntries(peers.map((peer) => [peer, progress.supposed(log.last.index)])),
    pendingChange: log.last.index,
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

function grown(context: Context, data: readonly (Proposal | undefined)[]): Change {
  const { log, term, peers, applied } = context
  let { pendingChange } = context
  const entries = data.map((item, i): Entry => {
    const index = log.last.index + 1 + i
    const isChange = item !== undefined && isMembershipChange(item.request)
    // While one change of the members is not applied, a second is dropped: an empty entry takes its place.
    const isRefused = isChange && pendingChange > applied
    if (isChange && !isRefused) pendingChange = index
    return { index, term, data: isRefused ? undefined : item }
  })
  return { log: appended(log, entries), owed: allOf(peers), pendingChange }
}
const allOf = (peers: readonly MemberId[]): Record<MemberId, boolean> =>
  Object.fromEntries(peers.map((peer) => [peer, true]))

/** A quorum reached further: what is of this term is committed, and with it all before (raft.maybeCommit). */
export function counted(context: Context): Change {
  const { peers, voters, id, stable, commit, log, term } = context
  const index = committedIndex(voters.map((voter) => (voter === id ? stable : (context.progress[voter]?.match ?? 0))))
  if (index <= commit || termAt(log, index) !== term) return {}
  return { commit: index, owed: allOf(peers), ...readsOfTermBegun({ ...context, commit: index }) }
}

export const isRefusal = (_: Context, { reject }: MsgAppResp): boolean => reject

/** They did not agree there: try where they may. */
export function goBack(context: Context, message: MsgAppResp, told: Delivery): Change {
  const { index, rejectHint, logTerm } = message
  const from = senderOf(message, told)
  const known = context.progress[from] as Progress
  const hint = logTerm > 0 ? agreementBefore(context.log, rejectHint, logTerm) : rejectHint
  const back = progress.refused(known, index, hint)
  return updated(context, from, back ?? known, back === undefined ? undefined : true)
}

/** The follower has it on disk. */
export function countAcknowledgement(context: Context, message: MsgAppResp, told: Delivery): Change {
  const { index } = message
  const from = senderOf(message, told)
  const known = context.progress[from] as Progress
  const further = progress.acknowledged(known, index)
  if (further === undefined) return updated(context, from, known, undefined)
  const owes = progress.paused(known) ? true : further.next <= context.log.last.index ? false : undefined
  const change = updated(context, from, further, owes)
  return { ...change, ...counted({ ...context, ...change }) }
}

/** A heartbeat was answered and there is nothing to say: nearly always. */
export function isInStep(context: Context, message: MsgHeartbeatResp, told: Delivery): boolean {
  const { context: read } = message
  const known = context.progress[senderOf(message, told)]
  return read === '' && known?.recentlyActive === true && !known.probeSent && known.match === context.log.last.index
}
export function noteItLives(context: Context, message: MsgHeartbeatResp, told: Delivery): Change {
  const { context: read } = message
  const from = senderOf(message, told)
  const lives = progress.heard(context.progress[from] as Progress)
  const change = updated(context, from, lives, lives.match < context.log.last.index ? true : undefined)
  return read === '' ? change : { ...change, ...roundAcknowledged({ ...context, ...change }, read, from) }
}
/** The connection refused: what was sent optimistically is lost (MsgUnreachable, MsgSnapStatus). */
export function probeAgain(context: Context, { to }: { readonly to: string }): Change {
  const peer = context.peers.find((id) => addressOf(id) === to)
  const known = peer === undefined ? undefined : context.progress[peer]
  if (peer === undefined || known === undefined || known.state === 'probe') return {}
  return updated(context, peer, progress.probing(known), undefined)
}

/** Who is no member, or not yet one that we know of, has no say in what is committed. */
export const isOfMember = (context: Context, message: MsgAppResp | MsgHeartbeatResp, told: Delivery): boolean =>
  context.progress[senderOf(message, told)] !== undefined

function updated({ progress: all, owed }: Context, peer: MemberId, known: Progress, owes: boolean | undefined): Change {
  const alive = known.recentlyActive ? known : { ...known, recentlyActive: true }
  const change = { progress: { ...all, [peer]: alive } }
  return owes === undefined ? change : { ...change, owed: { ...owed, [peer]: owes || owed[peer] === true } }
}

/** Every election timeout a leader looks whether a majority was heard from since the last look (check-quorum). */
export function quorumWasSilent({ ticks, id, voters, progress: all }: Context): boolean {
  if (ticks + 1 < ELECTION_TICKS) return false
  return voters.filter((voter) => voter === id || all[voter]?.recentlyActive).length < majority(voters.length)
}
export function sendHeartbeats(context: Context): readonly [Change, readonly Effect[]] {
  const { ticks, writing, outbox } = context
  const mails = heartbeats(context, context.rounds.at(-1)?.context ?? '')
  const change: Change = ticks + 1 < ELECTION_TICKS ? { ticks: ticks + 1 } : { ticks: 0, progress: relaxed(context) }
  if (writing === undefined && outbox.length === 0) return [change, [nextHeartbeat(), ...sends(context, mails)]]
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
  const all: Record<MemberId, Progress> = { ...context.progress }
  for (const [to, evenEmpty] of Object.entries(context.owed)) {
    let isFirst = evenEmpty
    while (all[to] !== undefined && !progress.paused(all[to])) {
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
