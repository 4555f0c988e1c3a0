/**
 * What a world is made of: a mutable shell of shallow tables around immutable parts, so that a fork copies the tables
 * and shares everything else.
 */
import type { EventObject } from 'xstate'
import { Agenda } from '../agenda.ts'
import type { Address } from '../contract.ts'
import type { Disk } from '../disk.ts'
import type { Logic, Snapshot } from '../logic.ts'
import type { Latencies } from '../network.ts'
import { forkedNetwork, type Network, newNetwork } from '../network.ts'
import { Tree } from '../tree.ts'
import type { OpenLines } from './open-lines.ts'

/** What never changes in the life of an actor. */
export interface Life {
  readonly logic: Logic
  readonly host: string
  /** The root of the subtree that lives and dies together. */
  readonly process: Address
  readonly parent: Address | undefined
  /** Tells this life of the address from others. */
  readonly born: number
  /** How often the role, or the process around it, was played. */
  readonly incarnation: number
  readonly dice: number
}

/** Written only while its step is being settled; from then on forks share it. */
export interface Actor {
  readonly life: Life
  readonly snapshot: Snapshot
  timers: readonly Timer[]
  lines: OpenLines
  /** What it spawned inside its process, and what therefore ends with it. */
  children: Tree<true>
  /** Until when it is at work, and what waits for it meanwhile, in order. */
  busyUntil: number
  waiting: readonly Item[]
}
export interface Timer {
  readonly key: string
  readonly seq: number
}
/** An open call or stream, at the side that opened it. */
export interface Line {
  readonly line: string
  readonly number: number
  readonly to: Address
  readonly kind: 'call' | 'stream'
  /** Given where it opened a connection of its own, and not the usual time is waited for that. */
  readonly connectMs?: number
}

/** One thing that will happen. Every item has every field, so that the agenda stays monomorphic. */
export interface Item {
  readonly due: number
  readonly seq: number
  readonly kind: 'mail' | 'timer' | 'answer' | 'push' | 'synced' | 'idle' | 'check'
  readonly to: Address
  readonly from: Address
  readonly event: EventObject
  /** The delivery that asked for it. */
  readonly cause: number
  /** The number of the call or stream that it opens, answers or continues. */
  readonly number: number
  /** The key of a timer; the process whose disk a sync is for; the hosts of a check. */
  readonly text: string
  /** The directed connection it travels on; `''` inside a process. */
  readonly link: string
  /** The life of the receiver for which it is meant: mail for one life is a dead letter to the next. 0: whoever is there. */
  readonly born: number
  /** How many writes a sync makes safe. */
  readonly upTo: number
}

/** A stream at the world's level: who opened it, who serves it. */
export interface OpenStream {
  readonly opener: Address
  readonly line: string
  readonly server: Address
  /** The sequence number of the opening: a server born later does not serve it. */
  readonly opened: number
}

/** An open call or stream of a role that is played outside. */
export interface OutsideLine extends Line {
  readonly from: Address
}
/** Who asked to be told of an end, and in which life. */
export interface Watcher {
  readonly address: Address
  readonly born: number
}

/** A process that does not run and is not dead: what came for it, and whether its peers have given it up. */
export interface Frozen {
  readonly since: number
  /** Whether its clients find out that nobody answers, and whether they have. */
  readonly isPinged: boolean
  readonly givenUp: boolean
  readonly items: readonly Item[]
}

export interface Host {
  readonly up: boolean
  /** The host's clock minus the world's, in ms. */
  readonly skewMs: number
  /** What is started when the power comes on. */
  readonly boot: Unit | undefined
  readonly boots: number
  readonly diskMs: number
  readonly diskFull: boolean
  /** The sequence number of its last loss of power, and whether the connections that led here have been given up. */
  readonly since: number
  readonly givenUp: boolean
  /** What its loss of power broke, to be told to those elsewhere once they can know. */
  readonly orphans: readonly Notice[]
  /** Those who try to connect while it has none. */
  readonly dialling: readonly Notice[]
}
/** The end of a conversation, for one of its sides. `number` names the line; 0 for other news. */
export interface Notice {
  readonly from: Address
  readonly to: Address
  readonly event: EventObject
  readonly number: number
}
export interface Unit {
  readonly address: Address
  readonly machine: string
  readonly input: unknown
}

/** A choice that a machine has asked for and that nobody has made yet. */
export interface Pending {
  readonly address: Address
  readonly born: number
  readonly key: string
  readonly options: readonly string[]
  readonly cause: number
}

export interface Options {
  readonly seed: number
  /** What the clocks of all hosts show at time 0, in ms since 1970. */
  readonly epochMs: number
  readonly latencies: Latencies
  /** How long a disk takes to make what was written safe, in ms. */
  readonly diskMs: number
  /**
   * After how many ms the clients of a role give up a connection on which nobody answers their pings, where that is not
   * the usual time; `null` where they do not ping, as over a socket of their host.
   */
  readonly checks: Readonly<Record<string, number | null>>
  /** A crash of any machine throws at once instead of being part of the story. */
  readonly strict: boolean
}

export interface Tables {
  now: number
  seq: number
  /** How many things happened, those that reached nobody included: the place of an operation in a recording. */
  steps: number
  /** The number of the last delivery or birth. */
  count: number
  delivered: number
  started: number
  deadLetters: number
  /** How many timers in the agenda were cancelled, replaced, or outlived their actor. */
  voids: number
  /** The delivery that is being settled. */
  cause: number
  readonly options: Options
  readonly logics: ReadonlyMap<string, Logic>
  readonly actors: Map<Address, Actor>
  /** How often each role of a host was played; a role that was never played is absent. */
  readonly incarnations: Map<Address, number>
  readonly hosts: Map<string, Host>
  readonly streams: Map<number, OpenStream>
  /** How many open lines lead to a role, where there are any: so that a death knows whether to look for them. */
  readonly inbound: Map<Address, number>
  readonly monitors: Map<Address, readonly Watcher[]>
  readonly disks: Map<Address, Disk>
  readonly paused: Map<Address, Frozen>
  /** Whose streams tell nothing for now, and what they would have told. */
  readonly holding: Map<Address, readonly Item[]>
  /** Roles that are played outside: mail to them leaves the world. */
  readonly outside: Map<Address, (item: Item) => void>
  /** What those roles have open, by number. */
  readonly outsideLines: Map<number, OutsideLine>
  /** Whether any host's clock was ever set wrong: else nobody has to look. */
  skewed: boolean
  pending: readonly Pending[]
  agenda: Agenda<Item>
  readonly network: Network
}

export const NO_TIMERS: readonly Timer[] = []
export const NO_CHILDREN: Tree<true> = Tree.of()
export const NO_ITEMS: readonly Item[] = []

export const newTables = (logics: ReadonlyMap<string, Logic>, options: Options): Tables => ({
  now: 0,
  seq: 1,
  steps: 0,
  count: 0,
  delivered: 0,
  started: 0,
  deadLetters: 0,
  voids: 0,
  cause: 0,
  options,
  logics,
  actors: new Map(),
  incarnations: new Map(),
  hosts: new Map(),
  streams: new Map(),
  inbound: new Map(),
  monitors: new Map(),
  disks: new Map(),
  paused: new Map(),
  holding: new Map(),
  outside: new Map(),
  outsideLines: new Map(),
  skewed: false,
  pending: [],
  agenda: new Agenda(),
  network: newNetwork(),
})

/** A copy that goes its own way. The outside stays with the original: a fork has no gateways. */
export const forked = (tables: Tables): Tables => ({
  ...tables,
  actors: new Map(tables.actors),
  incarnations: new Map(tables.incarnations),
  hosts: new Map(tables.hosts),
  streams: new Map(tables.streams),
  inbound: new Map(tables.inbound),
  monitors: new Map(tables.monitors),
  disks: new Map(tables.disks),
  paused: new Map(tables.paused),
  holding: new Map(tables.holding),
  outside: new Map([...tables.outside.keys()].map((address) => [address, () => undefined])),
  outsideLines: new Map(tables.outsideLines),
  agenda: tables.agenda.fork(),
  network: forkedNetwork(tables.network),
})
