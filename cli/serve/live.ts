/** Lets virtual time go by in real time, at a pace that may change; in slices, so that the outside is always heard. */
import { mayReach, type Pace } from '../../runtime/drivers/live.ts'
import type { World } from '../../runtime/world.ts'

/** So long the world may run before sockets are looked at. */
const SLICE_MS = 8
/** So long nothing is looked at when nothing is due. */
const DOZE_MS = 25
/** A look at the sockets counts for so much silence, however long ago the last one was. */
const LISTENED_MS = 2
/**
 * So much virtual time a question may take while time stands still. One that is still open then went to a server that is
 * gone: it waits until time goes on.
 */
const ANSWERED_WITHIN_MS = 1_000

interface Alarm {
  readonly at: number
  readonly ring: () => void
}

export interface LiveOptions {
  readonly pace: Pace
  /** In lockstep: how long, in real ms, the outside must be silent before time goes on. */
  readonly quietMs: number
  /** How many questions of the outside are open, of those that were asked since. */
  readonly asking: (sinceMs: number) => number
  /** How many questions of the world somebody outside is thinking about: time stands still for them. */
  readonly outside?: () => number
  /** Told when the world breaks. */
  readonly failed: (error: unknown) => void
}

export class Live {
  private readonly world: World
  private readonly asking: (sinceMs: number) => number
  private readonly outside: () => number
  private readonly failed: (error: unknown) => void
  private readonly quietMs: number
  private pace: Pace
  private askedAt = performance.now()
  /** How long the outside could have spoken and did not; undefined while there is nobody outside yet. */
  private silentMs: number | undefined
  private timer: NodeJS.Timeout | undefined
  private immediate: NodeJS.Immediate | undefined
  private readonly alarms = new Set<Alarm>()

  constructor(world: World, { pace, quietMs, asking, failed, outside = () => 0 }: LiveOptions) {
    this.outside = outside
    this.world = world
    this.pace = pace
    this.quietMs = quietMs
    this.asking = asking
    this.failed = failed
  }

  get speed(): Pace {
    return this.pace
  }
  set speed(pace: Pace) {
    this.pace = pace
    this.askedAt = performance.now()
    this.again()
  }

  /** Lets time go by from now on. */
  begin(): void {
    this.askedAt = performance.now()
    this.again()
  }

  /** The outside has said something, or was told something. */
  readonly heard = (): void => {
    this.silentMs = 0
    this.again()
  };

  /** Rings once so much virtual time has gone by. @returns what takes it back */
  in(virtualMs: number, ring: () => void): () => void {
    const alarm = { at: this.world.now + virtualMs, ring }
    this.alarms.add(alarm)
    return () => this.alarms.delete(alarm)
  }

  stop(): void {
    clearTimeout(this.timer)
    clearImmediate(this.immediate)
  }

  /** Looks again at once, whatever it waits for. */
  readonly again = (): void => {
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
    // Who answers says so, and then it is looked again: what the day went on meanwhile is made up for then.
    if (this.outside() > 0) return
    const elapsedMs = now - this.askedAt
    this.askedAt = now
    // While this process was at work, or held up, nobody could be heard.
    if (this.silentMs !== undefined) this.silentMs += Math.min(elapsedMs, LISTENED_MS)
    const deadline = now + SLICE_MS
    let until = this.horizon(elapsedMs)
    for (;;) {
      if (!this.run(until, deadline)) return this.again()
      if (this.outside() > 0) return this.owe(until)
      this.ring()
      // These two go moment by moment: after each it may be another's turn.
      if (this.pace !== 'paused' && this.pace !== 'lockstep') break
      until = this.horizon(0)
      if (until <= this.world.now && (this.world.due ?? Number.POSITIVE_INFINITY) > until) break
    }
    const wait = this.waitMs()
    if (wait !== undefined) this.timer = setTimeout(this.tick, wait)
  }

  /** It could not go on until then: as if it had been asked so much earlier. */
  private owe(until: number): void {
    const { pace, world } = this
    if (pace === 'real' || typeof pace === 'object')
      this.askedAt -= (until - world.now) / (pace === 'real' ? 1 : pace.times)
  }

  private horizon(elapsedMs: number): number {
    const { world, pace, silentMs = 0 } = this
    const nextMs = Math.min(world.due ?? Number.POSITIVE_INFINITY, ...[...this.alarms].map(({ at }) => at))
    const dueMs = Number.isFinite(nextMs) ? nextMs : undefined
    const asking = this.openAt(dueMs ?? world.now)
    return mayReach(pace, { nowMs: world.now, dueMs, elapsedMs, asking, asked: 0, silentMs }, this.quietMs)
  }

  /** The questions that time goes on for, up to then. */
  private openAt(ms: number): number {
    return this.asking(this.pace === 'paused' ? ms - ANSWERED_WITHIN_MS : Number.NEGATIVE_INFINITY)
  }

  /** All that is due until then. @returns whether it came as far as it may; else the slice is over. */
  private run(until: number, deadline: number): boolean {
    const { world } = this
    for (let due = world.due; due !== undefined && due <= until; due = world.due) {
      if (this.outside() > 0) return true
      world.step()
      if (performance.now() >= deadline) return false
    }
    if (Number.isFinite(until) && this.outside() === 0) world.sleep(until)
    return true
  }

  private ring(): void {
    for (const alarm of this.alarms) {
      if (alarm.at > this.world.now) continue
      this.alarms.delete(alarm)
      alarm.ring()
    }
  }

  /** How long nothing needs to be looked at; undefined while time stands still. */
  private waitMs(): number | undefined {
    const { pace, world } = this
    if (pace === 'max' || this.openAt(world.due ?? world.now) > 0) return 0
    if (pace === 'paused') return undefined
    if (pace === 'lockstep') return 1
    const times = pace === 'real' ? 1 : pace.times
    const dueMs = ((world.due ?? Number.POSITIVE_INFINITY) - world.now) / times
    return Math.max(0, Math.min(DOZE_MS, Math.ceil(dueMs)))
  }
}
