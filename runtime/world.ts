/**
 * The world: every actor's snapshot, what is on its way between them, and what time it is.
 *
 * One `step()` delivers one thing to one actor: the chart takes one step, and what it asked for is carried out.
 * Everything that a world refers to is immutable or a shallow table of such, so `fork()` copies tables.
 */
import type { EventObject } from 'xstate'
import { type Address, delivery, draw, type Effect } from './contract.ts'
import { DiskFull } from './disk.ts'
import type { Logic, Snapshot, Stepped } from './logic.ts'
import { DEFAULT_LATENCIES } from './network.ts'
import { BORN, type Sink, type TraceRecord } from './trace.ts'
import { type Arrived, arrived } from './world/deliver.ts'
import { hostAt, powerOn } from './world/faults.ts'
import { actorOf, type Birth, clockOf, end, isFree, lifeOf, started } from './world/life.ts'
import { swept } from './world/mail.ts'
import { type Operation, operate } from './world/operations.ts'
import { carryOut } from './world/settle.ts'
import { forked, type Item, type Life, newTables, type Options, type Pending, type Tables } from './world/tables.ts'

export type { Operation } from './world/operations.ts'
export type { Item, Options, Pending } from './world/tables.ts'

/** An operation from outside, and when it came: with the seed, all that a replay needs. */
export interface Recorded {
  /** The number of the last delivery before it. */
  readonly after: number
  /** How many things had happened, those that reached nobody included. */
  readonly steps: number
  readonly at: number
  readonly operation: Operation
}
/** Decides what a machine has asked to be chosen. */
export type Chooser = (pending: Pending, seed: number) => string

const DEFAULTS: Options = {
  seed: 42,
  epochMs: 1_767_225_600_000,
  latencies: DEFAULT_LATENCIES,
  diskMs: 1,
  checks: {},
  strict: true,
}

/** Thrown in strict mode when a machine crashes: says when, where, on what, and how to see it again. */
export class MachineCrashed extends Error {}

export class World {
  private readonly tables: Tables
  private readonly sinks: Sink[] = []
  private readonly operations: Recorded[]
  /** How choices are made: by the seed, unless an exploration says otherwise. */
  chooser: Chooser = bySeed

  /** @param logics the machines that may be spawned, by id */
  constructor(logics: ReadonlyMap<string, Logic>, options: Partial<Options> = {}, from?: World) {
    this.tables = from === undefined ? newTables(logics, { ...DEFAULTS, ...options }) : forked(from.tables)
    this.operations = from === undefined ? [] : [...from.operations]
    if (from !== undefined) this.chooser = from.chooser
  }

  /** A copy that goes its own way; nobody observes it. */
  fork(): World {
    return new World(this.tables.logics, {}, this)
  }

  /** Virtual time in ms since the beginning. */
  get now(): number {
    return this.tables.now
  }
  get seed(): number {
    return this.tables.options.seed
  }
  /** How many deliveries and births there were, and how many of each; how many letters reached nobody; all that happened. */
  get counts(): Readonly<Pick<Tables, 'count' | 'delivered' | 'started' | 'deadLetters' | 'steps'>> {
    const { count, delivered, started, deadLetters, steps } = this.tables
    return { count, delivered, started, deadLetters, steps }
  }
  /** What was done from outside so far. */
  get recorded(): readonly Recorded[] {
    return this.operations
  }
  get addresses(): readonly Address[] {
    return [...this.tables.actors.keys()]
  }
  get hosts(): readonly string[] {
    return [...this.tables.hosts.keys()]
  }
  /** When the next thing is due; undefined when nothing will ever happen again. */
  get due(): number | undefined {
    return this.tables.pending.length > 0 ? this.tables.now : this.tables.agenda.next?.due
  }
  /** The shell itself: for the parts of the runtime that look into it (drivers, fingerprints, exploration). */
  get inside(): Tables {
    return this.tables
  }

  snapshot(address: Address): Snapshot | undefined {
    return this.tables.actors.get(address)?.snapshot
  }
  isUp(host: string): boolean {
    return hostAt(this.tables, host).up
  }
  /** What the clock of a host shows, in ms since 1970. */
  clock(host: string): number {
    return clockOf(this.tables, host)
  }

  /** Tells every delivery and birth from now on. @returns what ends it. */
  observe(sink: Sink): () => void {
    this.sinks.push(sink)
    return () => {
      this.sinks.splice(this.sinks.indexOf(sink), 1)
    }
  }

  /** Names a machine of the world, and what is started there when the power comes on. Not recorded: part of the setting. */
  addHost(name: string, boot?: { address: Address; machine: string; input: unknown }): void {
    this.tables.hosts.set(name, { ...hostAt(this.tables, name), up: false, boot })
  }

  /** Starts a process from outside. Not recorded: part of the setting; the operation `spawn` is. */
  spawn(address: Address, machine: string, input: unknown): void {
    this.tables.cause = 0
    this.bear({ address, machine, input, process: true, parent: undefined })
  }

  /** Plays a role outside the world: mail to it is handed to `take` at its due time. */
  bindOutside(address: Address, take: (item: Item) => void): void {
    this.tables.outside.set(address, take)
  }

  /**
   * Does something to the world from outside, and records it.
   * @returns the number of a call or stream that was opened, else 0
   * @throws when it makes no sense, in a sentence; then it is not recorded
   */
  operate(operation: Operation): number {
    const { count: after, steps, now: at } = this.tables
    this.tables.cause = 0
    const { boot, number } = operate(this.tables, operation)
    if (boot !== undefined) isFree(this.tables, boot.address)
    this.operations.push({ after, steps, at, operation })
    if (boot !== undefined) this.spawn(boot.address, boot.machine, boot.input)
    return number ?? 0
  }

  /** Turns the power of a host on, as part of the setting. */
  boot(name: string): void {
    const unit = powerOn(this.tables, name)
    if (unit !== undefined) this.spawn(unit.address, unit.machine, unit.input)
  }

  /** Sends an event from outside. */
  send(to: Address, event: EventObject, from: Address = 'outside/outside'): void {
    this.operate({ op: 'send', to, event, from })
  }

  /** Lets what is due first happen; it may reach nobody. @returns false when nothing is left */
  step(): boolean {
    if (this.tables.pending.length > 0) return this.choose()
    const item = this.tables.agenda.take()
    if (item !== undefined) this.perform(item)
    return item !== undefined
  }

  /** Lets one item happen now, whatever else is due. @returns false when it reached nobody. */
  perform(item: Item): boolean {
    if (item.due > this.tables.now) this.tables.now = item.due
    this.tables.steps++
    this.tables.cause = item.cause
    const reached = arrived(this.tables, item)
    if (reached !== undefined) this.deliver(reached)
    return reached !== undefined
  }

  /** Everything that is due until then; afterwards it is then. @param untilMs virtual time in ms */
  run(untilMs: number): void {
    for (let due = this.due; due !== undefined && due <= untilMs; due = this.due) this.step()
    this.sleep(untilMs)
  }

  /** Lets time pass until then, but not over anything that is due. */
  sleep(untilMs: number): void {
    const latest = Math.min(untilMs, this.due ?? untilMs)
    if (latest > this.tables.now) this.tables.now = latest
  }

  private choose(): boolean {
    const [pending, ...rest] = this.tables.pending as readonly [Pending, ...Pending[]]
    return this.decide(pending, this.chooser(pending, this.seed), rest)
  }

  /** Answers the first pending choice. @throws when the option was not among those asked for */
  decide(pending: Pending, option: string, rest: readonly Pending[] = this.tables.pending.slice(1)): boolean {
    if (!pending.options.includes(option))
      throw new Error(`"${option}" is no option of ${pending.address} ${pending.key}: ${pending.options.join(', ')}`)
    this.tables.pending = rest
    this.tables.steps++
    const actor = this.tables.actors.get(pending.address)
    if (actor === undefined || actor.life.born !== pending.born) return true
    const { timers, lines, waiting } = actor
    const event = { type: 'chosen', key: pending.key, option }
    const item = { ...CHOICE, due: this.now, to: pending.address, from: pending.address, event, cause: pending.cause }
    this.deliver({ actor, timers, lines, waiting, event, item, call: 0, line: '' })
    return true
  }

  private deliver(reached: Arrived): void {
    const { tables } = this
    const { actor, event, item, call, line } = reached
    const { life } = actor
    tables.delivered++
    tables.cause = ++tables.count
    delivery.self = item.to
    delivery.at = clockOf(tables, life.host)
    delivery.from = item.from
    delivery.dice = life.dice
    delivery.call = call
    delivery.line = line
    delivery.disk = undefined
    let stepped: Stepped
    try {
      stepped = life.logic.step(actor.snapshot, event)
    } catch (error) {
      return this.crashed(item, actor, error)
    }
    const { snapshot, effects } = stepped
    if (this.sinks.length > 0) this.tell(item, actor, snapshot, effects)
    const { timers, lines, waiting } = reached
    const { children, busyUntil } = actor
    tables.actors.set(item.to, { life, snapshot, timers, lines, children, busyUntil, waiting })
    this.settle(item.to, life, snapshot, effects)
  }

  private bear(birth: Birth): void {
    const { tables } = this
    const life = lifeOf(tables, birth)
    const { cause } = tables
    tables.started++
    tables.cause = ++tables.count
    let stepped: Stepped
    try {
      stepped = started(tables, life, birth)
    } catch (error) {
      this.crashed(bornItem(birth, tables.now, cause), unborn(life), error)
      tables.cause = cause
      return
    }
    const { snapshot, effects } = stepped
    if (this.sinks.length > 0) this.tell(bornItem(birth, tables.now, cause), unborn(life), snapshot, effects)
    tables.actors.set(birth.address, actorOf(life, snapshot))
    this.settle(birth.address, life, snapshot, effects)
    tables.cause = cause
  }

  private settle(address: Address, life: Life, snapshot: Snapshot, effects: readonly Effect[]): void {
    try {
      let actor = this.tables.actors.get(address)
      for (let i = 0; i < effects.length && actor !== undefined; i++) {
        const effect = effects[i] as Effect
        carryOut(this.tables, address, actor, effect, this.bearing)
        // A birth and an end may end children, or the actor itself: then its record is another one, or none.
        if (effect.do === 'spawn' || effect.do === 'stop') actor = this.tables.actors.get(address)
      }
    } catch (error) {
      return this.impossible(address, life, snapshot, error)
    }
    if (snapshot.status === 'done') end(this.tables, address, 'ended')
    swept(this.tables)
  }

  private readonly bearing = (birth: Birth): void => this.bear(birth)

  /** What was asked for cannot be: the process dies of it. What was asked for before it is done. */
  private impossible(address: Address, life: Life, snapshot: Snapshot, error: unknown): void {
    if (error instanceof MachineCrashed) throw error
    const { tables } = this
    const event = { type: 'crashed' }
    const item = { ...CHOICE, due: tables.now, to: address, from: address, event, cause: tables.cause }
    tables.count++
    this.crashed(item, { life, snapshot }, error)
  }

  /** A step that throws leaves no effect behind: its process has crashed. */
  private crashed(item: Item, actor: Stepping, error: unknown): void {
    const { process, logic } = actor.life
    if (this.tables.options.strict && !(error instanceof DiskFull)) {
      const where = `${item.to} (${logic.id}) at ${this.now} ms, delivery ${this.tables.cause}, seed ${this.seed}`
      throw new MachineCrashed(`${where} crashed on ${item.event.type} from ${item.from}: ${messageOf(error)}`, {
        cause: error,
      })
    }
    const crash = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.tell(item, actor, undefined, [], crash)
    end(this.tables, process, 'crashed')
  }

  private tell(
    { from, to, event, cause }: Item,
    { life, snapshot: before }: Stepping,
    after: Snapshot | undefined,
    effects: TraceRecord['effects'],
    crash?: string,
  ): void {
    const { count: n, now: at } = this.tables
    const states = { before: before?.value, after: after?.value }
    const told = { n, at, from, to, machine: life.logic.id, event, ...states, effects, cause }
    const record: TraceRecord = crash === undefined ? told : { ...told, crash }
    for (const sink of this.sinks) sink(record, { before, after })
  }
}

/** An actor as it was before a step: unborn, it has a life and no snapshot. */
interface Stepping {
  readonly life: Life
  readonly snapshot: Snapshot | undefined
}
const unborn = (life: Life): Stepping => ({ life, snapshot: undefined })

const bySeed: Chooser = ({ address, key, options }, seed) =>
  options[draw(seed, address, 'choose', key) % options.length] as string

const CHOICE: Item = {
  due: 0,
  seq: 0,
  kind: 'mail',
  to: '',
  from: '',
  event: { type: 'chosen' },
  cause: 0,
  number: 0,
  text: '',
  link: '',
  born: 0,
  upTo: 0,
}

/** A birth as an item of the trace. */
function bornItem({ address, parent, machine, input }: Birth, due: number, cause: number): Item {
  const event = { type: BORN, machine, input } as EventObject
  return { ...CHOICE, due, to: address, from: parent ?? '', event, cause }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
