/** Clients' writes: into the log, out of it into the store, and the answer (etcdserver's v3_server.go and apply.go). */
import { answer, type Delivery, draw, type Effect, wake } from '../../runtime/contract.ts'
import { numberKey } from '../../runtime/tree.ts'
import type { EtcdFailed, EtcdRequest, KeyEvent } from '../protocol/etcd.ts'
import type { MsgProp, Proposal, WriteRequest } from '../protocol/raft.ts'
import { applied, type Outcome, type Replica, withMember } from './apply.ts'
import { asked } from './asking.ts'
import { type Asker, type Change, type Context, leads } from './context.ts'
import * as failures from './failures.ts'
import { leaseOf } from './lease/leases.ts'
import { dropped, type Lessor, nextLookMs, renewed } from './lease/lessor.ts'
import { costOf } from './maintenance/alarms.ts'
import { tooLarge, tooLargeForLog } from './maintenance/limits.ts'
import { fits, grown, measured, type Size } from './maintenance/size.ts'
import { numberOf } from './membership/identity.ts'
import { identified, nameToPublish, reconfigured } from './membership/reconfiguring.ts'
import { fault } from './mvcc/check.ts'
import { concerned, eventFor, type Watcher, type Watchers } from './mvcc/watch.ts'
import { ELECTION_MS } from './raft/election.ts'
import { compacted, entryAt } from './raft/log.ts'
import { counted } from './roles/leader.ts'
import { posted } from './roles/voter.ts'
import { CATCH_UP_ENTRIES, heldSafe, SNAPSHOT_COUNT, writeHardState } from './storage.ts'
import { tell } from './watching.ts'

/** ServerConfig.ReqTimeout: 5 s for the queues and the disk, and two election timeouts for a leader that may be lost. */
export const REQUEST_TIMEOUT_MS = 5_000 + 2 * ELECTION_MS

export function faultOf(request: EtcdRequest): EtcdFailed | undefined {
  switch (request.type) {
    case 'etcd.Put':
    case 'etcd.Range':
    case 'etcd.DeleteRange':
    case 'etcd.Txn':
      return tooLarge(request) ?? fault(request)
    default:
      return undefined
  }
}
export const isTooLargeForLog = (request: EtcdRequest): boolean =>
  (request.type === 'etcd.Put' || request.type === 'etcd.Txn') && tooLargeForLog(request) !== undefined

export const refuse = (_: Context, request: EtcdRequest, { from, call }: Delivery): Effect =>
  answer(from, call, faultOf(request) as EtcdFailed)

/** Without a leader a proposal waits for one, until its time is over. */
export const propose = (context: Context, request: WriteRequest, told: Delivery) =>
  proposed(context, request, asked(told), told)

function proposed(context: Context, request: WriteRequest, asker: Asker, { dice }: Delivery) {
  const { nextNumber: number, waiting, proposals } = context
  const proposal = proposalOf(context, number, named(request, number, dice))
  const change: Change = {
    nextNumber: number + 1,
    waiting: waiting.set(numberKey(number), asker),
    proposals: [...proposals, proposal],
  }
  return [change, waiting.size === 0 ? [lookForOverdue(REQUEST_TIMEOUT_MS)] : []] as const
}

/** It would not fit: an alarm is raised, and the client hears of it when all members have (quotaAlarmer.check). */
export const isOverQuota = ({ input, size }: Context, request: WriteRequest): boolean =>
  input.quotaBackendBytes !== undefined && !fits(size, costOf(request), input.quotaBackendBytes)
export function raiseAlarm(context: Context, _: WriteRequest, told: Delivery) {
  const alarm = { type: 'etcd.Alarm', action: 'activate', memberId: numberOf(context.id), alarm: 'nospace' } as const
  return proposed(context, alarm, { ...asked(told), failure: failures.noSpace }, told)
}

/** The first of the changes that wait goes into the log: nothing speaks against it. */
export function proposeFirst(context: Context, _: unknown, told: Delivery): readonly [Change, readonly Effect[]] {
  const [first, ...rest] = context.queuedChanges
  if (first === undefined) return [{}, []]
  const { request, ...asker } = first
  const [change, effects] = proposed(context, identified(request, told.at), asker, told)
  return [{ ...change, queuedChanges: rest }, effects]
}

/** Nobody waits for it; it is said again when it came to nothing. */
export const publish = (context: Context): Change => ({
  nextNumber: context.nextNumber + 1,
  proposals: [...context.proposals, proposalOf(context, context.nextNumber, nameToPublish(context))],
})
export const proposalOf = ({ self, life }: Context, number: number, request: WriteRequest): Proposal => ({
  origin: self,
  life,
  number,
  request,
})
const lookForOverdue = (afterMs: number) => wake('overdue', afterMs, { type: 'request.overdue' })

/** A lease that nobody named gets a number of its own. */
function named(request: WriteRequest, number: number, dice: number): WriteRequest {
  if (request.type !== 'etcd.LeaseGrant' || request.id !== 0) return request
  return { ...request, id: (draw(dice, 'lease') % 2 ** 20) * 2 ** 32 + number + 1 }
}

export const forward = (context: Context): Change => ({
  proposals: [],
  ...posted(context, context.lead, { type: 'MsgProp', proposals: context.proposals }),
})

/** It came for a leader that is one no more. */
export const passOn = (context: Context, { proposals }: MsgProp): Change =>
  posted(context, context.lead, { type: 'MsgProp', proposals })

/** One timer for all: it looks at the oldest, and is wound again for the next. */
export function failOverdue(context: Context, _: unknown, { at }: Delivery): readonly [Change, readonly Effect[]] {
  const effects: Effect[] = []
  let { waiting } = context
  context.waiting.range('', undefined, ({ from, call, since }, key) => {
    const leftMs = since + REQUEST_TIMEOUT_MS - at
    if (leftMs > 0) {
      effects.push(lookForOverdue(leftMs))
      return false
    }
    effects.push(answer(from, call, timeout(context, since)))
    waiting = waiting.delete(key)
    return true
  })
  const proposals = context.proposals.filter(({ number }) => waiting.has(numberKey(number)))
  return [{ waiting, proposals }, effects]
}

/** Only a member that was elected itself soon after the request knows that a lost leader may be the reason. */
function timeout(context: Context, since: number): EtcdFailed {
  const { electedAt } = context
  const isRecent = since > electedAt - 2 * ELECTION_MS && since < electedAt
  return isRecent ? failures.timedOutByLeaderFailure : failures.timedOut
}

/** An entry is applied once a quorum has it and so has our own disk. */
export const mustApply = (context: Context): boolean => context.applied < mayApplyTo(context)
const mayApplyTo = (context: Context): number => Math.min(context.commit, heldSafe(context))

export function applyCommitted(context: Context, _: unknown, { at }: Delivery): readonly [Change, readonly Effect[]] {
  const last = mayApplyTo(context)
  const effects: Effect[] = [writeHardState(context)]
  const told = new Map<Watcher, KeyEvent[]>()
  let { replica, waiting, lessor, size } = context
  for (let index = context.applied + 1; index <= last; index++) {
    const data = entryAt(context.log, index)?.data
    if (data === undefined) continue
    if (!('request' in data)) {
      replica = withMember(replica, data.addNode)
      continue
    }
    const outcome = applied(replica, data)
    size = sizeAfter(context, size, outcome)
    replica = outcome.replica
    gather(told, context.watchers, outcome)
    if (leads(context)) lessor = followed(lessor, data.request, outcome, at)
    if (isOurs(context, data)) waiting = answered(waiting, data, outcome, effects)
  }
  for (const [watcher, events] of told) effects.push(...heard(watcher, events, replica.store.revision))
  if (lessor !== context.lessor) effects.push(...nextLook(lessor, context, at))
  const [config, timers] = reconfigured(context, replica)
  const change: Change = { applied: last, replica, waiting, lessor, size, ...config }
  const more = 'voters' in config && leads(context) ? counted({ ...context, ...change }) : {}
  return [{ ...change, ...more, ...trimmed({ ...context, ...change }) }, [...effects, ...timers]]
}

/** Only a member with a quota counts. */
function sizeAfter({ input }: Context, size: Size, { changes, replica }: Outcome): Size {
  if (input.quotaBackendBytes === undefined) return size
  const { store } = replica
  return changes.length === 0 && store.compactRevision > 0 ? measured(size, store) : grown(size, changes)
}

const isOurs = ({ self, life }: Context, data: Proposal): boolean => data.origin === self && data.life === life

function answered(waiting: Context['waiting'], { number }: Proposal, { answer: reply }: Outcome, effects: Effect[]) {
  const asker: Asker | undefined = waiting.get(numberKey(number))
  if (asker === undefined) return waiting
  effects.push(answer(asker.from, asker.call, asker.failure ?? reply))
  return waiting.delete(numberKey(number))
}

function gather(told: Map<Watcher, KeyEvent[]>, watchers: Watchers, { changes, replica }: Outcome): void {
  for (const change of changes) {
    for (const watcher of concerned(watchers, change.kv.key)) {
      const event = eventFor(watcher, change, replica.store.compactRevision)
      if (event !== undefined) eventsOf(told, watcher).push(event)
    }
  }
}
function eventsOf(told: Map<Watcher, KeyEvent[]>, watcher: Watcher): KeyEvent[] {
  const known = told.get(watcher)
  if (known !== undefined) return known
  const events: KeyEvent[] = []
  told.set(watcher, events)
  return events
}

/** What was applied together is told together; to who minds sizes revision by revision, as by the real one. */
function heard(watcher: Watcher, events: readonly KeyEvent[], revision: number): readonly Effect[] {
  if (!watcher.fragment) return tell(watcher, { type: 'etcd.watched', revision, events })
  return [...new Set(events.map(({ kv }) => kv.modRevision))].flatMap((one) =>
    tell(watcher, {
      type: 'etcd.watched',
      revision: one,
      events: events.filter(({ kv }) => kv.modRevision === one),
    }),
  )
}

/** The leader's clock for leases follows what is granted and revoked. */
function followed(lessor: Lessor, request: WriteRequest, { answer: reply, replica }: Outcome, at: number): Lessor {
  if (reply.type === 'etcd.failed') return lessor
  if (request.type === 'etcd.LeaseRevoke') return dropped(lessor, request.id)
  const lease = request.type === 'etcd.LeaseGrant' ? leaseOf(replica.leases, request.id) : undefined
  return lease === undefined ? lessor : renewed(lessor, lease, at)
}
export function nextLook(lessor: Lessor, { electedAt }: Context, at: number): readonly Effect[] {
  const afterMs = nextLookMs(lessor, electedAt, at)
  return afterMs === undefined ? [] : [wake('leases', afterMs, { type: 'lease.due' })]
}

/**
 * A snapshot now and then, and only so many entries kept behind it (EtcdServer.triggerSnapshot). Also after a compaction:
 * a snapshot shares the store by reference, and an old one would keep all that was compacted away.
 */
function trimmed({ log, snapshot, applied: index, replica }: Context): Change {
  const { compactRevision } = (snapshot.state as Replica).store
  if (index - snapshot.index < SNAPSHOT_COUNT && compactRevision === replica.store.compactRevision) return {}
  const term = entryAt(log, index)?.term ?? snapshot.term
  return {
    snapshot: { index, term, state: replica },
    log: compacted(log, Math.max(log.compacted.index, index - CATCH_UP_ENTRIES)),
  }
}
