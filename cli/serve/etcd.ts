/**
 * A real etcd in the place of a cluster's own members: what the API servers ask of it leaves the world by the kernel's
 * door, and what it says comes back as recorded operations. So a replay needs no etcd. Meanwhile virtual time stands still:
 * however long a disk of this world takes, it took no time in that one.
 */
import type { EventObject } from 'xstate'
import { frozen } from '../../machines/apiserver/frozen.ts'
import type { EtcdRequest, EtcdWatched, WatchRequest } from '../../machines/protocol/etcd.ts'
import type { Address } from '../../runtime/contract.ts'
import type { Item, World } from '../../runtime/world.ts'
import type { EtcdStore } from '../etcd-store.ts'

/** For who has said nothing so long, in real time, time does not stand still: those who wait give up in their own time. */
const PATIENCE_MS = 3_000

interface Watching {
  readonly end: () => void
  /** Told of every change, so that it can be known whether it lacks some. */
  readonly seesAll: boolean
  /** The last revision that it has been told, or need not be. */
  told: number
  /** It did not tell in time what it should have. */
  isLate: boolean
}

export class EtcdGateway {
  /** Called when something has come from there, or time need not stand still any longer. */
  heard: () => void = () => undefined
  private readonly world: World
  private readonly members: ReadonlyMap<Address, EtcdStore>
  private readonly open = new Set<number>()
  private readonly watches = new Map<number, Watching>()
  /** The last revision that anybody was told of. */
  private newest = 0
  private isClosed = false
  private waiting: (() => void)[] = []

  constructor(world: World, members: ReadonlyMap<Address, EtcdStore>) {
    this.world = world
    this.members = members
    for (const [role, store] of members) world.bindOutside(role, (item) => this.take(item, store))
  }

  /** How many questions are open, and how many watches have not yet told what is known to have happened. */
  get asking(): number {
    let late = 0
    for (const watching of this.watches.values()) if (this.owes(watching)) late++
    return this.open.size + late
  }

  /**
   * Lets the world go on, as fast as it can be reckoned.
   * @returns whether it came to that within so much virtual time
   */
  async until(condition: () => boolean, withinMs: number): Promise<boolean> {
    const latest = this.world.now + withinMs
    while (!condition()) {
      if (this.asking > 0) await this.news()
      else if (this.world.now > latest || !this.world.step()) return false
    }
    return true
  }

  /** Lets so much virtual time go by, all answers included. */
  async advance(ms: number): Promise<void> {
    const { world } = this
    const until = world.now + ms
    while (world.now < until) {
      if (this.asking > 0) await this.news()
      else if ((world.due ?? Number.POSITIVE_INFINITY) > until) world.sleep(until)
      else world.step()
    }
  }

  /** What comes after that is heard by nobody. */
  close(): void {
    this.isClosed = true
    for (const { end } of this.watches.values()) end()
    this.watches.clear()
    for (const store of this.members.values()) store.close()
  }

  private news(): Promise<void> {
    return new Promise((heard) => {
      this.waiting.push(heard)
    })
  }

  private noticed(): void {
    if (this.isClosed) return
    const { waiting } = this
    this.waiting = []
    for (const go of waiting) go()
    this.heard()
  }

  private take(item: Item, store: EtcdStore): void {
    const { event, number } = item
    if (event.type === 'stream.closed') this.ended((event as EventObject & { readonly stream: number }).stream)
    else if (event.type === 'etcd.Watch') this.watch(item, store)
    else if (number > 0) void this.ask(item, store)
  }

  private async ask({ event, number, from, to }: Item, store: EtcdStore): Promise<void> {
    const settle = this.waitsFor(number)
    const said = await store.exchange(event as EtcdRequest).then(withObjects, lost)
    settle()
    if ('revision' in said) this.reached(said.revision)
    this.say('answer', from, number, said, to)
  }

  private watch({ event, number, from, to }: Item, store: EtcdStore): void {
    const request = event as WatchRequest
    const settle = this.waitsFor(number)
    const tell = (watched: EtcdWatched): void => {
      settle()
      this.say('push', from, number, toldUpTo(withObjects(watched), this.watches.get(number)), to)
    }
    const over = (): void => {
      settle()
      this.watches.delete(number)
      this.say('answer', from, number, BROKEN, to)
    }
    const seesAll = request.key === '\0' && request.rangeEnd === '\0'
    const told = (request.startRevision ?? Number.POSITIVE_INFINITY) - 1
    this.watches.set(number, { end: store.watch(request, tell, over), seesAll, told, isLate: false })
  }

  private ended(number: number): void {
    this.watches.get(number)?.end()
    this.watches.delete(number)
  }

  private say(op: 'answer' | 'push', to: Address, number: number, event: EventObject, from: Address): void {
    if (this.isClosed) return
    this.world.operate({ op, to, number, event, from })
    this.noticed()
  }

  /** Time stands still for it. @returns what ends that */
  private waitsFor(number: number): () => void {
    this.open.add(number)
    const settle = (): void => {
      clearTimeout(timer)
      this.open.delete(number)
    }
    const timer = setTimeout(() => {
      settle()
      this.noticed()
    }, PATIENCE_MS).unref()
    return settle
  }

  /** Something has happened of which all watches will tell. */
  private reached(revision: number): void {
    if (revision <= this.newest) return
    this.newest = revision
    for (const watching of this.watches.values()) {
      if (!this.owes(watching)) continue
      setTimeout(() => {
        watching.isLate = watching.told < revision
        this.noticed()
      }, PATIENCE_MS).unref()
    }
  }

  private owes({ seesAll, told, isLate }: Watching): boolean {
    return seesAll && !isLate && told < this.newest
  }
}

const BROKEN = { type: 'stream.ended', line: '', reason: 'reset' }

/** Its revision is that up to which it has told, as our members have it: a real one may be further, and tell it in parts. */
function toldUpTo(watched: EtcdWatched, watching: Watching | undefined): EtcdWatched {
  const last = watched.events.at(-1)?.kv.modRevision
  if (watching !== undefined && (last !== undefined || watched.created !== true)) {
    watching.told = Math.max(watching.told, last ?? watched.revision)
    watching.isLate = false
  }
  return last === undefined ? watched : { ...watched, revision: last }
}

/** The text of an object as that object, wherever a value was read. */
function withObjects<T>(said: T): T {
  if (Array.isArray(said)) return said.map((each) => withObjects(each as unknown)) as T
  if (typeof said !== 'object' || said === null) return said
  if ('modRevision' in said && 'value' in said) return { ...said, value: objectIn(said.value) }
  return Object.fromEntries(Object.entries(said).map(([name, each]) => [name, withObjects(each as unknown)])) as T
}

function objectIn(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{')) return value
  try {
    return frozen(JSON.parse(value) as unknown)
  } catch {
    return value
  }
}

/** A connection that breaks is told on the line, as between machines of the world. */
const lost = (error: NodeJS.ErrnoException) => ({
  type: 'call.lost',
  line: '',
  reason: error.code === 'ECONNREFUSED' ? 'refused' : 'reset',
})
