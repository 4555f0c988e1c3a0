/** Back to any delivery of a run: to the nearest fork that was kept before it, and from there what was done once more. */
import { byTime, type Driver } from './drivers/by-time.ts'
import { recordingOf, replay } from './record.ts'
import type { World } from './world.ts'

export interface RewindOptions {
  /** A fork is kept after so many deliveries. */
  readonly every?: number
  /** No more forks than these: then every second one is dropped, and they are kept half as often. At least 2. */
  readonly most?: number
  /** How the run is driven. */
  readonly next?: Driver
}

export class Rewind {
  private readonly world: World
  private readonly most: number
  private readonly next: Driver
  private every: number
  private kept: World[]

  /** From this moment on. */
  constructor(world: World, { every = 1_000, most = 64, next = byTime }: RewindOptions = {}) {
    this.world = world
    this.every = every
    this.most = Math.max(2, most)
    this.next = next
    this.kept = [world.fork()]
  }

  /** The deliveries after which a fork is kept. */
  get marks(): readonly number[] {
    return this.kept.map(({ counts }) => counts.count)
  }

  /** Lets the world run until then, and keeps what is needed. */
  run(untilMs: number): void {
    const { world } = this
    for (let due = world.due; due !== undefined && due <= untilMs; due = world.due) {
      this.next(world)
      this.keep()
    }
    world.sleep(untilMs)
  }

  /** To be called between steps by who drives the world himself. */
  keep(): void {
    const last = this.kept.at(-1) as World
    if (this.world.counts.count - last.counts.count < this.every) return
    this.kept.push(this.world.fork())
    if (this.kept.length <= this.most) return
    this.kept = this.kept.filter((_, i) => i % 2 === 0)
    this.every *= 2
  }

  /**
   * The world as soon as the delivery of this number was made, as a fork that goes its own way. What is done in one go
   * (a delivery and the births that it asked for) is not divided.
   * @throws when that is before the beginning, or has not come yet
   */
  to(count: number): World {
    const nearest = this.kept.findLast(({ counts }) => counts.count <= count)
    if (nearest === undefined) throw new Error(`delivery ${count} is before the first that is kept, ${this.marks[0]}`)
    if (count > this.world.counts.count)
      throw new Error(`delivery ${count} has not come yet: the last one is ${this.world.counts.count}`)
    const past = nearest.fork()
    const recording = recordingOf(this.world, undefined)
    const operations = recording.operations.slice(past.recorded.length)
    replay(past, { ...recording, operations }, count, this.next)
    return past
  }
}
