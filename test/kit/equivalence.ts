/**
 * Holds the compiled step against XState: any event in any state that is reached, along random walks from birth. State,
 * context, effects and thrown errors are the same by XState's pure step; on some walks also by XState's own interpreter
 * with its mailbox and its timers, on a clock that stands still.
 */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { type AnyMachineSnapshot, type AnyStateMachine, createActor, type EventObject } from 'xstate'
import { type Compiled, type CompiledSnapshot, type CompiledStep, compile } from '../../runtime/compile/compile.ts'
import { type Asked, type Delivery, delivery, draw, type Effect } from '../../runtime/contract.ts'
import { Coverage, type Covered, statesOf } from '../../runtime/coverage.ts'
import { start, step, watchTransitions } from '../../runtime/step.ts'

export interface Samples {
  readonly inputs: readonly unknown[]
  readonly events: readonly EventObject[]
  /** What single actors were told from birth on, in order: the first walks go along them before they stray. */
  readonly lives?: readonly LifeTold[]
}
export interface LifeTold {
  readonly input: unknown
  readonly events: readonly EventObject[]
}

export interface Options {
  /** Random walks from birth; every second one is taken by XState's interpreter too. */
  readonly walks?: number
  /** Events in a walk. */
  readonly steps?: number
  readonly seed?: number
  /** What the runtime tells with an event; what is left out is drawn at random. */
  readonly told?: (event: EventObject) => Partial<Delivery>
}

export interface Equivalence {
  readonly steps: number
  /** What the walks have shown of the chart. */
  readonly covered: Covered
}

/** @throws at the first difference, with the events that led to it. */
export function equivalent(machine: AnyStateMachine, samples: Samples, options: Options = {}): Equivalence {
  const { walks = 40, steps = 50 } = options
  const coverage = new Coverage()
  const events = [...samples.events, ...timersOf(machine)]
  let taken = 0
  watchTransitions(coverage.take)
  try {
    for (let i = 0; i < walks; i++) {
      const walk = new Walk(machine, i % 2 === 0, draw(options.seed ?? 1, machine.id, i), options.told)
      const life = samples.lives?.[i]
      walk.begin(life === undefined ? one(samples.inputs, walk.draw('input')) : life.input)
      if (walk.goesOn) coverage.start(walk.snapshot)
      for (const event of life?.events ?? []) {
        if (!walk.goesOn) break
        walk.on(event)
        taken++
      }
      // Each walk begins where the last one did not: so every event comes up early, in the first states, too.
      for (let at = 0; at < steps && walk.goesOn && events.length > 0; at++) {
        walk.on(at === 0 ? one(events, i) : one(events, walk.draw('event', at)))
        taken++
      }
    }
  } finally {
    watchTransitions(undefined)
  }
  return { steps: taken, covered: coverage.of(machine) }
}

/** The events of all state timers of a chart, whether they are set or not. */
export function timersOf(machine: AnyStateMachine): EventObject[] {
  const types = statesOf(machine).flatMap(({ transitions }) => [...transitions.keys()])
  return types.filter((type) => type.startsWith('xstate.after.')).map((type) => ({ type }))
}

const one = <T>(list: readonly T[], number: number): T => list[number % list.length] as T

type Outcome<S> = { readonly step: S; readonly error?: undefined } | { readonly error: string }

class Walk {
  private readonly machine: AnyStateMachine
  private readonly compiled: Compiled
  private readonly dice: number
  private readonly told: Options['told']
  private readonly interpreter: Interpreter | undefined
  private readonly trail: EventObject[] = []
  private reference: AnyMachineSnapshot | undefined
  private snapshot_: CompiledSnapshot | undefined
  private at = Date.UTC(2026, 0)

  constructor(machine: AnyStateMachine, interpreted: boolean, dice: number, told: Options['told']) {
    this.machine = machine
    this.compiled = compile(machine)
    this.dice = dice
    this.told = told
    this.interpreter = interpreted ? new Interpreter() : undefined
  }

  get snapshot(): AnyMachineSnapshot {
    return this.reference as AnyMachineSnapshot
  }
  get goesOn(): boolean {
    return this.reference?.status === 'active'
  }

  draw(...labels: readonly (string | number)[]): number {
    return draw(this.dice, ...labels)
  }

  begin(input: unknown): void {
    this.tell({ type: 'xstate.init' })
    const expected = outcome(() => start(this.machine, input))
    const found = outcome(() => this.compiled.start(input))
    if (this.compared(expected, found)) this.interpreter?.begin(this.machine, input, this.last(found))
  }

  on(event: EventObject): void {
    this.trail.push(event)
    this.tell(event)
    const expected = outcome(() => step(this.machine, this.snapshot, event))
    const found = outcome(() => this.compiled.step(this.snapshot_ as CompiledSnapshot, event))
    if (this.compared(expected, found)) this.interpreter?.on(event, this.last(found))
  }

  private tell(event: EventObject): void {
    const [hour, call, line] = [
      this.draw('at', this.trail.length),
      this.draw('call', this.trail.length),
      this.trail.length,
    ]
    this.at += hour % 3_600_000
    const known = { self: `${this.machine.id}/host`, at: this.at, from: 'someone/elsewhere', dice: this.dice }
    Object.assign(delivery, known, { call: call % 3, line: `line ${line % 2}`, disk: undefined }, this.told?.(event))
  }

  private last(found: Outcome<CompiledStep>): CompiledStep {
    return (found as { readonly step: CompiledStep }).step
  }

  /** A walk whose step threw goes on from where it was. */
  private compared(expected: Outcome<ReturnType<typeof step>>, found: Outcome<CompiledStep>): boolean {
    const where = (): string => `${this.machine.id} after ${JSON.stringify(this.trail.slice(-12), named)}`
    if (expected.error?.startsWith('Infinite loop') && found.error?.includes('go round for ever')) return false
    if (expected.error !== undefined || found.error !== undefined) {
      // XState adds where a guard threw.
      expect(expected.error ?? 'XState threw nothing', where()).toContain(found.error ?? 'nothing was thrown')
      return false
    }
    const ours = found.step
    const { snapshot, effects } = expected.step
    same(ours.snapshot.value, snapshot.value, () => `${where()}: the state`)
    same(ours.snapshot.status, snapshot.status, () => `${where()}: the status`)
    same(ours.snapshot.context, snapshot.context, () => `${where()}: the context`)
    same(ours.effects, effects, () => `${where()}: the effects`)
    this.reference = snapshot
    this.snapshot_ = ours.snapshot
    return true
  }
}

function outcome<S>(step: () => S): Outcome<S> {
  try {
    return { step: step() }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function same(found: unknown, expected: unknown, what: () => string): void {
  if (isDeepStrictEqual(found, expected)) return
  expect(found, what()).toStrictEqual(expected)
  throw new Error(`${what()} is not the same`)
}

/** Big values that mark themselves as a `view` are named, not written out. */
const named = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'view' in value && typeof value.view === 'string' ? value.view : value

/** XState's interpreter beside the walk. Its timers are kept, and run out when the walk says so. */
class Interpreter {
  private actor: ReturnType<typeof createActor> | undefined
  private readonly waiting = new Map<object, { readonly afterMs: number; readonly fire: () => void }>()
  private readonly keys = new Map<string, object>()
  private asked: (Effect | { readonly set: object })[] = []

  begin(machine: AnyStateMachine, input: unknown, expected: CompiledStep): void {
    this.actor = createActor(machine as AnyStateMachine, { input, clock: this.clock } as never)
    this.actor.on('asked' as never, ((asked: Asked) => this.asked.push(...asked.effects)) as never)
    this.actor.subscribe({ error: () => undefined })
    this.compare(() => this.actor?.start(), expected)
  }

  on(event: EventObject, expected: CompiledStep): void {
    const timer = this.keys.get(event.type)
    const waiting = timer === undefined ? undefined : this.waiting.get(timer)
    // A timer that is set runs out by the clock; one that is not comes as a stray event, as anything may.
    this.compare(() => (waiting === undefined ? this.actor?.send(event) : this.ranOut(timer as object)), expected)
  }

  private ranOut(timer: object): void {
    const waiting = this.waiting.get(timer)
    this.waiting.delete(timer)
    waiting?.fire()
  }

  private readonly clock = {
    setTimeout: (fire: () => void, afterMs: number) => {
      const set = {}
      this.waiting.set(set, { afterMs, fire })
      this.asked.push({ set })
      return set
    },
    clearTimeout: (cleared: object) => {
      this.waiting.delete(cleared)
    },
  }

  private compare(go: () => void, { snapshot, effects }: CompiledStep): void {
    this.asked = []
    go()
    const actor = this.actor as ReturnType<typeof createActor>
    const found = actor.getSnapshot() as AnyMachineSnapshot
    same(found.status, snapshot.status, () => "the interpreter's status")
    same(found.value, snapshot.value, () => "the interpreter's state")
    same(found.context, snapshot.context, () => "the interpreter's context")
    const wanted = effects.filter(({ do: verb }) => verb !== 'cancel')
    same(this.named(wanted), wanted, () => "the interpreter's effects")
    this.forget(effects)
  }

  /** What was asked in order, with the timers under the keys of the effects at the same place. */
  private named(wanted: readonly Effect[]): unknown[] {
    const asked = this.asked.filter((effect) => 'set' in effect || effect.do !== 'cancel')
    return asked.map((asked, i) => {
      if (!('set' in asked)) return asked
      const wake = wanted[i]
      if (wake?.do !== 'wake') return asked
      this.keys.set(wake.key, asked.set)
      const { afterMs } = this.waiting.get(asked.set) ?? { afterMs: wake.afterMs }
      return { ...wake, afterMs }
    })
  }

  /** A timer that the compiled step cancelled (and did not set again) does not wait in the interpreter either. */
  private forget(effects: readonly Effect[]): void {
    const set = new Set<string>()
    for (const effect of effects) {
      if (effect.do === 'wake') set.add(effect.key)
      if (effect.do === 'cancel') set.delete(effect.key)
    }
    for (const effect of effects) {
      if (effect.do !== 'cancel' || set.has(effect.key)) continue
      const timer = this.keys.get(effect.key)
      expect(timer !== undefined && this.waiting.has(timer), `the timer ${effect.key} still waits`).toBe(false)
      this.keys.delete(effect.key)
    }
  }
}
