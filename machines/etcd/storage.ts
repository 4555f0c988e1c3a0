/**
 * The disk and the post: what a member writes before it speaks (etcd's raft loop over `Ready`). Entries and hard state
 * go to the disk in one lot; what comes up meanwhile shares the next. A leader speaks while it writes, since its own
 * disk is only one of the quorum; everyone else speaks afterwards.
 */
import { type Effect, sync, write } from '../../runtime/contract.ts'
import { joined } from '../lib/joined.ts'
import type { HardState } from '../protocol/raft.ts'
import { ANSWERED_BEFORE_SYNC } from './bug.ts'
import { type Change, type Context, diskKey, leads, type Mail } from './context.ts'
import { sends } from './post.ts'
import { segmentKey, segmentOf } from './raft/log.ts'
import { appendsDue, counted } from './roles/leader.ts'

/** How many entries are applied between two snapshots, and how many are kept behind one for slow followers. */
export const SNAPSHOT_COUNT = 10_000
export const CATCH_UP_ENTRIES = 5_000

export function mustSave({ log, stable, onDisk, term, vote, snapshot }: Context): boolean {
  return log.last.index > stable || term !== onDisk.term || vote !== onDisk.vote || snapshot.index !== onDisk.snapshot
}

/** Begins a write; the last effect is the `sync` that says when it is done. */
export function save(context: Context): readonly [Change, readonly Effect[]] {
  const { log, term, vote, snapshot, outbox } = context
  const held = leads(context) ? [] : outbox
  const [change, spoken] = leads(context) ? speak(context) : [{ outbox: [] }, []]
  const onDisk = { term, vote, snapshot: snapshot.index, first: firstSegment(context), last: segmentOf(log.last.index) }
  const writing = { last: log.last.index, held }
  return [{ onDisk, writing, ...change, ...early(context) }, [...spoken, ...writes(context), sync('raft')]]
}

/** Up to where the log counts as safe: what the disk has. */
export const heldSafe = ({ bug, peers, log, stable }: Context): number =>
  bug === ANSWERED_BEFORE_SYNC && peers.length === 0 ? log.last.index : stable
const early = (context: Context): Change =>
  leads(context) && heldSafe(context) > context.stable ? { commit: context.log.last.index } : {}

/** The part of the log that was compacted away is no longer on the disk, once this is written. */
const firstSegment = ({ log }: Context): number => segmentOf(log.compacted.index + 1)

/** In an order in which any beginning of it is a state that one may start from. */
function writes(context: Context): readonly Effect[] {
  const { log, stable, onDisk, snapshot } = context
  const effects: Effect[] = []
  if (snapshot.index !== onDisk.snapshot) effects.push(write('snapshot', snapshot))
  for (let i = onDisk.last; i > segmentOf(stable); i--) effects.push(write(diskKey(i), undefined))
  const first = log.segments.size === 0 ? onDisk.last + 1 : firstSegment(context)
  for (let i = onDisk.first; i < first; i++) effects.push(write(diskKey(i), undefined))
  for (let i = segmentOf(stable + 1); i <= segmentOf(log.last.index) && log.last.index > stable; i++)
    effects.push(write(diskKey(i), log.segments.get(segmentKey(i))))
  if (context.term !== onDisk.term || context.vote !== onDisk.vote) effects.push(writeHardState(context))
  return effects
}

export const writeHardState = ({ term, vote, commit }: Context): Effect =>
  write('hard-state', { term, vote, commit } satisfies HardState)

/** Written: it counts, and what was held back for it goes out. */
export function count(context: Context): readonly [Change, readonly Effect[]] {
  const { last, held } = context.writing ?? { last: context.stable, held: [] }
  const written = { writing: undefined, stable: Math.max(context.stable, last) }
  const more = leads(context) ? counted({ ...context, ...written }) : {}
  return [joined(written, more), sends(context, held)]
}

export const mustSpeak = ({ outbox, owed }: Context): boolean => outbox.length > 0 || Object.keys(owed).length > 0

export function speak(context: Context): readonly [Change, readonly Effect[]] {
  const { change, mails } = appendsDue(context)
  return [{ outbox: [], ...change }, sends(context, [...mergedProposals(context.outbox), ...mails])]
}

/** Proposals for one leader travel together. */
function mergedProposals(outbox: readonly Mail[]): readonly Mail[] {
  const merged: Mail[] = []
  for (const { to, message } of outbox) {
    const before =
      message.type === 'MsgProp' ? merged.findIndex((mail) => mail.to === to && mail.message.type === 'MsgProp') : -1
    const earlier = merged[before]?.message
    if (message.type === 'MsgProp' && earlier?.type === 'MsgProp')
      merged[before] = { to, message: { ...message, proposals: [...earlier.proposals, ...message.proposals] } }
    else merged.push({ to, message })
  }
  return merged
}
