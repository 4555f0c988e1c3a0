/**
 * Etcd members in a world that has an end: so many terms, writes and crashes, and no more; messages of different
 * connections in any order, clocks that go as they like. What bounds it is said here, and nowhere else.
 *
 * - It begins where all members have started and written down the founding of the cluster, in term 1.
 * - Nobody stands for a term beyond `terms`, not even to ask whether it would win.
 * - No more than `room` messages are under way on one connection, or wait at one member for its disk to be sent on it: a
 *   step that would make it more is not taken. None is lost but what is under way to a member that loses its power.
 * - A client asks any member, at any moment, to write one key, `writes` times in all. It waits for no answer, and does not
 *   lose its patience.
 * - An election clock runs out at any moment at which no question of that member's last election, and no answer to it, is
 *   under way: `elections` times in all, or as often as that may be. A heartbeat is due in the same way, `beats` times in
 *   a term: a leader does not come to ask whether it still has a quorum. Whoever has heard of a leader may take that for
 *   too long ago at any moment.
 *   Its head start says only when; so none is given, and nobody asks for connections.
 * - A disk may take any time, or, with `disks: 'at once'`, none. A crash is a loss of power: of what the disk was not yet
 *   told to keep, any beginning survives; the host comes up again at once, which may be heard of at any later moment.
 * - Answers to what nobody asks any more, and requests for a vote in a term that is over, are forgotten under way.
 */
import type { AnyStateMachine, EventObject } from 'xstate'
import { contextOf, type EtcdAlone, inputOf, membersOf } from '../../../machines/cluster/etcd-alone/world.ts'
import { type Context, leads } from '../../../machines/etcd/context.ts'
import { leaderAppendOnly, violations } from '../../../machines/etcd/invariants.ts'
import { etcd } from '../../../machines/etcd/member.ts'
import { ELECTION_TICKS, leaderIsFresh, overAt } from '../../../machines/etcd/raft/election.ts'
import { type Address, hostOf } from '../../../runtime/contract.ts'
import type { Act, Assembly, Budgets } from '../../../runtime/explore/assembly.ts'
import { isVoid } from '../../../runtime/explore/choices.ts'
import { compiledLogic, type Logic } from '../../../runtime/logic.ts'
import { Tree } from '../../../runtime/tree.ts'
import { type Item, World } from '../../../runtime/world.ts'

export interface Bounds {
  readonly terms: number
  readonly writes: number
  readonly crashes: number
  /** How often election clocks run out, in all; as often as they may, when it is not said. */
  readonly elections?: number
  readonly beats: number
  readonly room: number
  readonly disks: 'any time' | 'at once'
}

const OF: EtcdAlone = { members: 3 }

/** @param machine etcd's own chart, or one with an error in it */
export function boundedEtcd(bounds: Bounds, machine: AnyStateMachine = etcd): Assembly {
  const { terms, writes, crashes, elections, room, disks } = bounds
  const logics = new Map([['etcd', compiledLogic(machine)]])
  return {
    parts: membersOf(OF).map((address) => ({ address, world: founded(logics, address) })),
    budgets: { writes, crashes, ...(elections === undefined ? {} : { elections }) },
    room,
    acts: (world, address) => actsOf(world, address, bounds),
    ...(disks === 'at once' ? { settle: sync } : {}),
    view: (world, address, left) => viewOf(world, address, left, terms),
    renamed: renaming(livesOf(logics, crashes)),
    isBeyond: (world, address) => (contextOf(world, address)?.term ?? 0) > terms || isFull(world, room),
    isVain,
    unsaid,
    between: (one, other) => violations([soleContext(one), soleContext(other)].flatMap((each) => each ?? []))[0],
    across: broken,
  }
}

/** A member alone in a world, as it is when its disk holds what all clusters begin with. */
function founded(logics: ReadonlyMap<string, Logic>, address: Address): World {
  const world = new World(logics)
  world.addHost(hostOf(address), {
    address,
    machine: 'etcd',
    input: { ...inputOf(OF, address), initialElectionTickAdvance: false },
  })
  world.boot(hostOf(address))
  sync(world)
  return world
}

const soleContext = (world: World): Context | undefined => contextOf(world, world.addresses[0] as Address)

function broken(before: World, after: World): string | undefined {
  const [was, is] = [soleContext(before), soleContext(after)]
  if (is === undefined) return `${was?.self} has ended`
  return was === undefined ? undefined : leaderAppendOnly(was, is)[0]
}

function actsOf(world: World, address: Address, bounds: Bounds): readonly Act[] {
  const context = contextOf(world, address)
  if (context === undefined) return []
  const { beats, terms } = bounds
  const mayStand = context.term < terms
  const acts: Act[] = mayStand && !leads(context) ? [electionOf(address, bounds)] : []
  if (leads(context) && context.ticks < beats)
    acts.push({
      words: `${address}: heartbeat.due`,
      until: HEARTBEAT,
      take: (on) => ring(on, 'heartbeat'),
    })
  if (syncOf(world) !== undefined) acts.push({ words: `${address}: disk.synced`, take: syncFirst })
  if (mayStand && isBelieving(world, context))
    acts.push({ words: `${address} stops believing in its leader`, take: doubt })
  const value = `${hostOf(address)} ${context.nextNumber}`
  const put = { type: 'etcd.Put', key: 'k', value } as const
  acts.push({ words: `a client asks ${address}`, budget: 'writes', take: (on) => ask(on, address, put) })
  const unsafe = world.inside.disks.get(address)?.unsynced.length ?? 0
  for (let kept = 0; kept <= unsafe; kept++)
    acts.push({
      words: `${hostOf(address)} loses power, ${kept} of ${unsafe} writes survive`,
      budget: 'crashes',
      losesMail: true,
      take: (on) => crash(on, hostOf(address), kept),
    })
  return acts
}

const ELECTION = { asked: ['MsgPreVote', 'MsgVote'], answered: ['MsgPreVoteResp', 'MsgVoteResp'] }
const HEARTBEAT = { asked: ['MsgHeartbeat'], answered: ['MsgHeartbeatResp'] }
const electionOf = (address: Address, { elections }: Bounds): Act => ({
  words: `${address}: election.due`,
  until: ELECTION,
  ...(elections === undefined ? {} : { budget: 'elections' }),
  take: (world) => {
    const is = (): string => JSON.stringify(world.snapshot(address)?.value)
    const before = is()
    // It rings as early as it was wound for; if somebody was heard since, it sleeps on, and rings again.
    for (let i = 0; i < 3 && (i === 0 || is() === before) && before.includes('follower'); i++) ring(world, 'election')
    if (!before.includes('follower')) ring(world, 'election')
  },
})

const isFull = (world: World, room: number): boolean => {
  const waiting = unsaid(world)
  return waiting.some(({ to }) => waiting.filter((other) => other.to === to).length > room)
}

/** What waits for the disk. */
function unsaid(world: World): readonly { readonly to: Address; readonly type: string }[] {
  const { outbox = [], writing } = soleContext(world) ?? {}
  return [...outbox, ...(writing?.held ?? [])].map(({ to, message: { type } }) => ({ to, type }))
}

const itemsOf = (world: World): readonly Item[] =>
  world.inside.agenda.items.filter((item) => !isVoid(world, item)).toSorted((a, b) => a.seq - b.seq)

function happen(world: World, item: Item | undefined, at: number): void {
  if (item === undefined) return
  world.inside.agenda.remove(item)
  world.perform({ ...item, due: at })
}
const timerOf = (world: World, key: string): Item | undefined =>
  itemsOf(world).find(({ kind, text }) => kind === 'timer' && text === key)
function ring(world: World, key: string): void {
  const timer = timerOf(world, key)
  happen(world, timer, Math.max(timer?.due ?? 0, world.now))
}
const syncOf = (world: World): Item | undefined => itemsOf(world).find(({ kind }) => kind === 'synced')
const syncFirst = (world: World): void => happen(world, syncOf(world), world.now)
function sync(world: World): void {
  while (syncOf(world) !== undefined) syncFirst(world)
}

/** The leader counts as heard, for so long that no election of somebody else is helped. */
const isBelieving = (world: World, { lead, id, patience, self }: Context): boolean =>
  lead !== '' && lead !== id && leaderIsFresh(patience, world.clock(hostOf(self)))

/** So long was nothing heard. The clock of its elections may ring meanwhile, and is found to have been wound too early. */
function doubt(world: World): void {
  const { patience, self } = soleContext(world) as Context
  const until = world.now + overAt({ ...patience, ticks: ELECTION_TICKS }) - world.clock(hostOf(self))
  while ((timerOf(world, 'election')?.due ?? until) < until) ring(world, 'election')
  world.inside.now = until
}

function ask(world: World, to: Address, event: { readonly type: string }): void {
  world.operate({ op: 'call', to, event, from: 'client/outside' })
  const item = world.inside.agenda.items.find(({ link }) => link !== '')
  happen(world, item, world.now)
}

function crash(world: World, host: string, kept: number): void {
  world.operate({ op: 'powerOff', host, kept })
  world.inside.agenda = world.inside.agenda.keep(() => false)
  world.operate({ op: 'powerOn', host })
}

/**
 * A term never falls, and a part that was played in a term is not played again in it: whoever leads or follows in a term
 * has done with its votes, and whoever does not lead does not lead again in it. (What is under way to a member that loses
 * its power is lost anyway.)
 */
function isVain(world: World, event: EventObject): boolean {
  const {
    type,
    term: of = 0,
    reject = false,
  } = event as EventObject & { readonly term?: number; readonly reject?: boolean }
  const [address = ''] = world.addresses
  const { term } = contextOf(world, address) as Context
  const state = JSON.stringify(world.snapshot(address)?.value)
  if (type === 'MsgVote') return of < term
  if (type === 'MsgPreVoteResp') return reject ? of < term : of <= term
  if (type === 'MsgVoteResp') return of < term || (of === term && !state.includes('"candidate"'))
  if (type === 'MsgAppResp' || type === 'MsgHeartbeatResp')
    return of < term || (of === term && state.includes('follower'))
  return false
}

/** Said once more by `states-by-hand.ts`, which has to know by itself. Times, and what only reads, leases, watches and quorum checks look at, cannot matter here. */
const IMMATERIAL = new Set([
  ...[
    'input',
    'patience',
    'bornAt',
    'electedAt',
    'since',
    'call',
    'lessor',
    'leadersSeen',
    'recentlyActive',
    'inFlight',
  ],
  ...['watchers', 'size', 'progressNotifyIntervalMs', 'pendingChange'],
  // Who founded the cluster, in which order; whom a client's answer goes to.
  ...['membership', 'addNode', 'waiting'],
])

function viewOf(world: World, address: Address, { crashes = 0, writes = 0 }: Budgets, terms: number): string {
  const actor = world.inside.actors.get(address)
  const context = contextOf(world, address)
  if (actor === undefined || context === undefined) return 'ended'
  const { synced, unsynced } = world.inside.disks.get(address) ?? {}
  const syncs = itemsOf(world).filter(({ kind }) => kind === 'synced')
  return canonical({
    state: actor.snapshot.value,
    context: current(context, JSON.stringify(actor.snapshot.value), writes > 0),
    believes: context.term < terms && isBelieving(world, context),
    syncs: syncs.length,
    ...(crashes > 0 ? { synced, unsynced } : {}),
  })
}

/** What a role leaves behind counts in no other; what a write would be told by, only as long as there may be one. */
function current(context: Context, state: string, mayWrite: boolean): Partial<Context> {
  const { votes, ticks, life, nextNumber, ...rest } = context
  return {
    ...rest,
    ...(/andidate/.test(state) ? { votes } : {}),
    ...(leads(context) ? { ticks } : {}),
    ...(mayWrite ? { life, nextNumber } : {}),
  }
}

/** The number of each life that a member may have: whose it is, and which. */
function livesOf(logics: ReadonlyMap<string, Logic>, crashes: number): ReadonlyMap<number, readonly [Address, number]> {
  const all = new Map<number, readonly [Address, number]>()
  for (const address of membersOf(OF)) {
    const world = founded(logics, address)
    for (let life = 0; life <= crashes; life++) {
      all.set((contextOf(world, address) as Context).life, [address, life])
      crash(world, hostOf(address), 0)
    }
  }
  return all
}

/** Members are named by their hosts, told by the numbers of their lives, and listed by their names. */
const renaming =
  (lives: ReadonlyMap<number, readonly [Address, number]>): NonNullable<Assembly['renamed']> =>
  (text, name) => {
    const numbers = new Map([...lives].map(([number, [of, life]]) => [`${of} ${life}`, number]))
    const renamed = text
      .replace(/m-\d/g, (host) => hostOf(name(`etcd/${host}`)))
      .replace(/"life":(\d+)/g, (_, number: string) => {
        const [of, life] = lives.get(Number(number)) as readonly [Address, number]
        return `"life":${numbers.get(`${name(of)} ${life}`)}`
      })
    return canonical(JSON.parse(renamed))
  }
/** Names in their order; mail by whom it is for. */
function byName(list: readonly unknown[]): readonly unknown[] {
  const nameOf = (one: unknown): string => (typeof one === 'string' ? one : ((one as { to?: string } | null)?.to ?? ''))
  return list.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0))
}

/** JSON, fields, names and mail in order, without what cannot matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (IMMATERIAL.has(key)) return undefined
    if (part instanceof Tree) return part.entries()
    if (Array.isArray(part)) return byName(part)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
