/** How a world steps a machine: by XState itself, or compiled. Both give the same steps; a test holds that. */
import type { AnyMachineSnapshot, AnyStateMachine, EventObject, StateValue } from 'xstate'
import { type Compiled, type CompiledSnapshot, compile } from './compile/compile.ts'
import type { Effect } from './contract.ts'
import { checked } from './lint.ts'
import * as byXState from './step.ts'

export interface Snapshot {
  readonly value: StateValue
  readonly context: unknown
  readonly status: string
}
export interface Stepped {
  readonly snapshot: Snapshot
  readonly effects: readonly Effect[]
}
/** A machine as the world sees it. */
export interface Logic {
  readonly id: string
  readonly machine: AnyStateMachine
  start(input: unknown): Stepped
  step(snapshot: Snapshot, event: EventObject): Stepped
  /** Whether any state of the chart reacts to this event. */
  handles(type: string): boolean
}

/** Stepped by XState: slow, and right by definition. */
export const interpreted = (machine: AnyStateMachine): Logic => ({
  id: machine.id,
  machine,
  start: (input) => byXState.start(machine, input),
  step: (snapshot, event) => byXState.step(machine, snapshot as AnyMachineSnapshot, event),
  handles: handling(machine),
})

/** The events that a chart names, asked often and answered from a set: it is made when it is asked first. */
export function handling(machine: AnyStateMachine): (type: string) => boolean {
  let known: ReadonlySet<string> | undefined
  return (type) => {
    known ??= new Set<string>(machine.events)
    return known.has(type)
  }
}

/** Compiled once: see `compile/`. @throws when the chart holds what is not known, or the lint complains. */
export function compiledLogic(machine: AnyStateMachine): Logic {
  return new CompiledLogic(machine, checked(machine))
}

/** For a chart that is known to be in order: not looked at again, and compiled when its first actor starts. */
export const trustedLogic = (machine: AnyStateMachine): Logic => new CompiledLogic(machine)

/** A class, so that an engine knows what every step calls. */
class CompiledLogic implements Logic {
  readonly id: string
  readonly machine: AnyStateMachine
  readonly handles: Logic['handles']
  private steps: Compiled | undefined

  constructor(machine: AnyStateMachine, steps?: Compiled) {
    this.id = machine.id
    this.machine = machine
    this.handles = handling(machine)
    this.steps = steps
  }

  start(input: unknown): Stepped {
    return this.compiled().start(input)
  }

  step(snapshot: Snapshot, event: EventObject): Stepped {
    return this.compiled().step(snapshot as CompiledSnapshot, event)
  }

  private compiled(): Compiled {
    this.steps ??= compile(this.machine)
    return this.steps
  }
}
