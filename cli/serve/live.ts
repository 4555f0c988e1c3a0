/** Lets virtual time go by in real time, at a pace that may change; in slices, so that the outside is always heard. */
import { mayReach, type Pace, QUIET_MS } from '../../runtime/drivers/live.ts'
import type { World } from '../../runtime/world.ts'

/** So long the world may run before sockets are looked at. */
const SLICE_MS = 8
/** So long nothing is looked at when nothing is due. */
const DOZE_MS = 25

export class Live {
  private readonly world: World
  private readonly asking: () => number
  private readonly failed: (error: unknown) => void
  private pace: Pace
  private askedAt = performance.now()
  private heardAt = performance.now()
  private timer: NodeJS.Timeout | undefined
  private immediate: NodeJS.Immediate | undefined
  private readonly alarms: { readonly at: number; readonly ring: () => void }[] = []

  /** @param asking how many questions of the outside are open @param failed told when the world breaks */
  constructor(world: World, pace: Pace, asking: () => number, failed: (error: unknown) => void) {
    this.world = world
    this.pace = pace
    this.asking = asking
    this.failed = failed
  }

  get speed(): Pace {
    return this.pace
  }
  set speed(pace: Pace) {
    this.pace = pace
    this.askedAt = performance.now()
    this.soon()
  }

  /** The outside has said something, or was told something. */
  readonly heard = (): void => {
    this.heardAt = performance.now()
    this.soon()
  }

  /** Rings once virtual time has come so far. */
  at(virtualMs: number, ring: () => void): void {
    this.alarms.push({ at: virtualMs, ring })
  }

  stop(): void {
    clearTimeout(this.timer)
    clearImmediate(this.immediate)
  }

  /** Looks again at once, whatever it waits for. */
  private soon(): void {
    this.immediate ??= setImmediate(this.tick)
  }

  private readonly tick = (): void => {
    this.stop()
    this.immediate = undefined
    try {
      this.advance()
    } catch (error) {
      this.failed(error)
    }
  }

  private advance(): void {
    const now = performance.now()
    const elapsedMs = now - this.askedAt
    this.askedAt = now
    const reached = this.run(this.horizon(elapsedMs, now), now + SLICE_MS)
    this.ring()
    if (!reached) return this.soon()
    const wait = this.waitMs()
    if (wait !== undefined) this.timer = setTimeout(this.tick, wait)
  }

  private horizon(elapsedMs: number, now: number): number {
    const { world, pace } = this
    const asking = this.asking()
    // What is asked while time stands still is still answered: in the time that takes.
    if (pace === 'paused' && asking > 0) return world.due ?? world.now
    const standing = { nowMs: world.now, dueMs: world.due, elapsedMs, asking, asked: 0 }
    return mayReach(pace, { ...standing, silentMs: now - this.heardAt })
  }

  /** @returns whether it came as far as it may; else the slice is over. */
  private run(until: number, deadline: number): boolean {
    const { world } = this
    const heardAt = this.heardAt
    for (let due = world.due; due !== undefined && due <= until; due = world.due) {
      world.step()
      if (this.heardAt !== heardAt && this.pace === 'lockstep') return true
      if (performance.now() >= deadline) return false
    }
    if (Number.isFinite(until)) world.sleep(until)
    return true
  }

  private ring(): void {
    if (this.alarms.length === 0) return
    const ringing = this.alarms.filter(({ at }) => at <= this.world.now)
    for (const alarm of ringing) this.alarms.splice(this.alarms.indexOf(alarm), 1)
    for (const { ring } of ringing) ring()
  }

  /** How long nothing needs to be looked at; undefined while time stands still. */
  private waitMs(): number | undefined {
    const { pace, world } = this
    if (pace === 'max' || this.asking() > 0) return 0
    if (pace === 'paused') return undefined
    if (pace === 'lockstep') return performance.now() - this.heardAt >= QUIET_MS ? 0 : 1
    const times = pace === 'real' ? 1 : pace.times
    const dueMs = ((world.due ?? Number.POSITIVE_INFINITY) - world.now) / times
    return Math.max(0, Math.min(DOZE_MS, Math.ceil(dueMs)))
  }
}
