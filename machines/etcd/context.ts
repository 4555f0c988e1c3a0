/** All that a member holds in mind, and how it begins: anew, or from what its former life left on the disk. */
import type { Address, Delivery } from '../../runtime/contract.ts'
import { draw } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import type { EtcdFailed, EtcdRequest, RangeRequest, TxnRequest } from '../protocol/etcd.ts'
import type { HealthRequest, MemberAddRequest, MemberListRequest, MemberRemoveRequest } from '../protocol/etcd-admin.ts'
import type { Entry, HardState, MemberId, Proposal, RaftMessage, Snapshot } from '../protocol/raft.ts'
import { applied, emptyReplica, type Replica, withMember } from './apply.ts'
import type { Bug } from './bug.ts'
import { demoted, type Lessor } from './lease/lessor.ts'
import { emptySize, measured, type Size } from './maintenance/size.ts'
import { type Membership, votersOf } from './membership/members.ts'
import { noWatchers, type Watchers } from './mvcc/watch.ts'
import { electionTicks, HEARTBEAT_MS, headStartMs, type Patience, waiting } from './raft/election.ts'
import { appended, emptyLog, entryAt, type Log, type Segment, segmentKey, segmentOf } from './raft/log.ts'
import type { Progress } from './raft/progress.ts'

export interface Input {
  readonly name: string
  /** All members that it is told of, the own address included. */
  readonly members: readonly Address[]
  /**
   * `--initial-cluster-state`, for who begins on an empty disk. `existing`: asks the others who it is, and follows.
   * `new`: asks whether the cluster was there before, and founds it. Left out: founds it without asking.
   */
  readonly initialClusterState?: 'new' | 'existing'
  /** `--quota-backend-bytes`; left out, nothing is counted. */
  readonly quotaBackendBytes?: number
  /** `--experimental-watch-progress-notify-interval` */
  readonly progressNotifyIntervalMs?: number
  /** An error of old to be put back (`bug.ts`). */
  readonly bug?: Bug
  /** `--initial-election-tick-advance`: whether a member among others is given a head start; it is, unless told. */
  readonly initialElectionTickAdvance?: boolean
}

export interface Mail {
  readonly to: MemberId
  readonly message: RaftMessage
}
/** Who waits for an answer, and since when. */
export interface Asker {
  readonly from: Address
  readonly call: number
  readonly since: number
  /** What it is told when the entry is applied, instead of what that came to. */
  readonly failure?: EtcdFailed
}
export interface Read extends Asker {
  readonly request: RangeRequest | TxnRequest | MemberListRequest | HealthRequest
}
/** The reads that share one read index. */
export interface ReadBatch {
  /** The name of the batch; each asking for its read index adds its number to it. */
  readonly context: string
  readonly askings: number
  readonly reads: readonly Read[]
  /** What must be applied before they may be answered; undefined until the leader has confirmed it. */
  readonly index: number | undefined
  /** How many leaders had been seen when it was begun. */
  readonly leadersSeen: number
}
/** Leader only: a read index that waits until a quorum has confirmed that we still lead. */
export interface ReadRound {
  readonly context: string
  readonly from: MemberId
  readonly index: number
  readonly acks: readonly MemberId[]
}

/** The leader hands over: who is to lead, whether it was told to stand, and who asked for it. */
export interface Handover extends Asker {
  readonly heir: MemberId
  readonly isTold: boolean
}
export interface QueuedChange extends Asker {
  readonly request: MemberAddRequest | MemberRemoveRequest
}
/** Peers that have not said whether they are there; for how many ms the others have been. */
export interface Probing {
  readonly open: readonly MemberId[]
  readonly connected: Readonly<Record<MemberId, number>>
}
/** At the start: how often it was looked, peers that have not answered yet, and those to whom there is a connection. */
export interface Connecting {
  readonly looks: number
  readonly open: readonly MemberId[]
  readonly connected: readonly MemberId[]
}

/**
 * Invariants: applied ≤ min(commit, stable); stable ≤ log.last.index; lead is '' or the one leader of `term`;
 * `progress` has all peers while it leads and none else; what is in `outbox` waits for the disk.
 */
export interface Context {
  readonly self: Address
  /** Whom raft takes it for. */
  readonly id: MemberId
  readonly input: Input
  /** Whose votes count, as far as the log is applied. */
  readonly voters: readonly MemberId[]
  /** All others. */
  readonly peers: readonly MemberId[]
  readonly standing: Standing
  readonly life: number
  readonly bornAt: number
  readonly progressNotifyIntervalMs: number
  readonly bug: Bug | undefined

  /** The hard state: on disk before anyone hears of it. */
  readonly term: number
  readonly vote: MemberId | ''
  readonly commit: number
  readonly log: Log
  /** The leader of this term, as far as it is known. */
  readonly lead: MemberId | ''
  readonly leadersSeen: number
  readonly patience: Patience
  readonly connecting: Connecting
  readonly votes: Readonly<Record<MemberId, boolean>>
  /** The leader has asked it to stand: its election is not held against it. */
  readonly isHeir: boolean

  /** What of it all is safe, and what is on its way: of the log, the first and last segment. */
  readonly stable: number
  readonly onDisk: {
    readonly term: number
    readonly vote: MemberId | ''
    readonly first: number
    readonly last: number
    readonly snapshot: number
  }
  readonly writing: { readonly last: number; readonly held: readonly Mail[] } | undefined
  readonly outbox: readonly Mail[]

  readonly applied: number
  readonly replica: Replica
  readonly snapshot: Snapshot
  readonly size: Size

  /** Leader only. */
  readonly progress: Readonly<Record<MemberId, Progress>>
  /** Peers to whom an append is due: true: even one without entries. */
  readonly owed: Readonly<Record<MemberId, boolean>>
  /** Where the last change of the members stands in the log, at most: until it is applied there is no other. */
  readonly pendingChange: number
  /** To whom the lead is handed over, and who waits for that. */
  readonly handover: Handover | undefined
  /** Heartbeats since the quorum was last checked. */
  readonly ticks: number
  readonly electedAt: number
  readonly lessor: Lessor
  readonly rounds: readonly ReadRound[]
  /** Asked for before anything of this term was committed. */
  readonly postponed: readonly { readonly from: MemberId; readonly context: string }[]

  /** Clients. */
  readonly nextNumber: number
  readonly proposals: readonly Proposal[]
  readonly waiting: Tree<Asker>
  readonly queuedReads: readonly Read[]
  readonly batch: ReadBatch | undefined
  readonly passedOn: Tree<Asker>
  readonly watchers: Watchers

  /** Changes of the members that wait for word of who is connected. */
  readonly queuedChanges: readonly QueuedChange[]
  readonly probing: Probing
  /** At birth: those who have not yet said who belongs to the cluster. */
  readonly unheard: readonly Address[]
}
export type Change = Partial<Context>
export type RequestOf<T extends EtcdRequest['type']> = Extract<EtcdRequest, { type: T }>

export const leads = ({ lead, id }: Context): boolean => lead === id

export function begun(input: Input, { self, at, dice, disk }: Delivery): Context {
  const durable = disk === undefined || disk.size === 0 ? fresh(input, self) : restored(disk, self, input)
  const ticks = electionTicks(draw(dice, 'election timeout', durable.term))
  const config = configured(durable.replica, durable.id)
  const headStart = input.members.length === 1 && config.peers.length === 0 ? headStartMs(1) : 0
  const clock = { heardAt: at, ticks, tickedAt: at + (draw(dice, 'tick') % HEARTBEAT_MS), checkAt: at }
  return {
    self,
    input,
    ...durable,
    ...config,
    life: dice,
    bornAt: at,
    progressNotifyIntervalMs: input.progressNotifyIntervalMs ?? 600_000,
    bug: input.bug,
    lead: '',
    leadersSeen: 0,
    patience: waiting(clock, at - headStart, ticks),
    ...IDLE,
  }
}

/** What a member is in the cluster, by what is applied: a `stranger` has not heard yet that it was added. */
export type Standing = 'voter' | 'learner' | 'stranger' | 'removed'

/** Who belongs to the cluster, by what is applied. */
export function configured({ membership }: Replica, id: MemberId) {
  const voters = votersOf(membership)
  const peers = membership.members.map((member) => member.id).filter((member) => member !== id)
  return { voters, peers, standing: standingIn(membership, id) }
}
function standingIn({ members, removed }: Membership, id: MemberId): Standing {
  if (removed.includes(id)) return 'removed'
  const known = members.find((member) => member.id === id)
  return known === undefined ? 'stranger' : known.isLearner ? 'learner' : 'voter'
}

export const notConnecting: Connecting = { looks: 0, open: [], connected: [] }

const IDLE = {
  connecting: notConnecting,
  votes: {},
  isHeir: false,
  writing: undefined,
  outbox: [],
  progress: {},
  owed: {},
  pendingChange: 0,
  handover: undefined,
  queuedChanges: [],
  probing: { open: [], connected: {} },
  unheard: [],
  ticks: 0,
  electedAt: 0,
  lessor: demoted,
  rounds: [],
  postponed: [],
  nextNumber: 0,
  proposals: [],
  waiting: Tree.of<Asker>(),
  queuedReads: [],
  batch: undefined,
  passedOn: Tree.of<Asker>(),
  watchers: noWatchers,
} satisfies Change

const NO_SNAPSHOT: Snapshot = { index: 0, term: 0, state: emptyReplica }

const NOTHING = { term: 0, vote: '' as const, first: 0, last: -1, snapshot: 0 }

/** A new cluster's first entries name its members; all begin with the same ones, in term 1 (raft's Bootstrap). */
function fresh(input: Input, self: Address) {
  const members = input.initialClusterState === 'existing' ? [] : input.members
  const entries = members.map((addNode, i): Entry => ({ index: i + 1, term: 1, data: { addNode } }))
  return {
    id: self,
    term: Math.min(1, members.length),
    vote: '' as const,
    commit: members.length,
    log: appended(emptyLog(), entries),
    stable: 0,
    onDisk: NOTHING,
    applied: 0,
    replica: members.reduce(withMember, emptyReplica),
    snapshot: NO_SNAPSHOT,
    size: emptySize,
  }
}

function restored(disk: Tree<unknown>, self: Address, input: Input) {
  const { term, vote, commit } = (disk.get('hard-state') ?? { term: 1, vote: '', commit: 0 }) as HardState
  const snapshot = (disk.get('snapshot') ?? NO_SNAPSHOT) as Snapshot
  const log = logOn(disk, snapshot)
  const segments = segmentsOn(disk)
  const last = Math.min(commit, log.last.index)
  const [index, replica] = replayed(log, snapshot, last)
  return {
    id: (disk.get('id') ?? self) as MemberId,
    term,
    vote,
    commit: Math.max(last, snapshot.index),
    log,
    stable: log.last.index,
    onDisk: { term, vote, first: placeOn(segments[0]), last: placeOn(segments.at(-1)), snapshot: snapshot.index },
    applied: index,
    replica,
    snapshot,
    size: input.quotaBackendBytes === undefined ? emptySize : measured(emptySize, replica.store),
  }
}

/**
 * What follows the snapshot. Where a loss of power cut off the taking of a snapshot, entries of another history may lie
 * behind it: those whose term is lower than the one before.
 */
function logOn(disk: Tree<unknown>, { index, term }: Snapshot): Log {
  const entries: Entry[] = []
  for (const segment of segmentsOn(disk)) {
    for (const entry of segment)
      if (entry.index === index + 1 + entries.length && entry.term >= (entries.at(-1)?.term ?? term))
        entries.push(entry)
  }
  return appended(emptyLog({ index, term }), entries)
}
function segmentsOn(disk: Tree<unknown>): readonly Segment[] {
  const found: Segment[] = []
  disk.range('log/', 'log0', (segment) => {
    found.push(segment as Segment)
    return true
  })
  return found
}
const placeOn = (segment: Segment | undefined): number => segmentOf(segment?.[0]?.index ?? 0)

function replayed(log: Log, snapshot: Snapshot, commit: number): readonly [number, Replica] {
  let replica = snapshot.state as Replica
  let index = snapshot.index
  while (index < commit) {
    const data = entryAt(log, ++index)?.data
    if (data === undefined) continue
    replica = 'request' in data ? applied(replica, data).replica : withMember(replica, data.addNode)
  }
  return [index, replica]
}

/** Where a part of the log lies on the disk. */
export const diskKey = (segment: number): string => `log/${segmentKey(segment)}`
