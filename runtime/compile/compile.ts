/**
 * Charts stepped without XState's interpreter: the state nodes that XState parsed are walked once, and what is left,
 * run and entered is flattened per configuration, so that a step is a few loops over arrays. The same states,
 * contexts and effects as ../step.ts, the reference, or an error at once: test/kit/equivalence.ts holds them together.
 */
import type { AnyStateMachine, EventObject, StateValue } from 'xstate'
import { checkEvent, listed } from '../asked.ts'
import { delivery, type Effect, type Effects } from '../contract.ts'
import { MOST_TURNS } from '../step.ts'
import { type Configuration, Configurations, type Plan } from './configurations.ts'
import { Births, type Merge, mergeFor } from './merge.ts'
import type { Context, Operation } from './operations.ts'
import { placeOf } from './refuse.ts'

export interface CompiledSnapshot {
  readonly value: StateValue
  readonly context: Context
  readonly status: 'active' | 'done'
  /** Private, but for `configuration.key`: with the context it is all that the next step depends on. */
  readonly configuration: Configuration
  /** Private: for contexts of this one's fields. */
  readonly merge: Merge
}
export interface CompiledStep {
  readonly snapshot: CompiledSnapshot
  readonly effects: readonly Effect[]
}
export interface Compiled {
  readonly machine: AnyStateMachine
  /** @throws what a guard, an action or the context factory threw. */
  start(input: unknown): CompiledStep
  /** @throws what a guard or an action threw. A chart that is done stays as it is. */
  step(snapshot: CompiledSnapshot, event: EventObject): CompiledStep
}

const compiled = new WeakMap<AnyStateMachine, Compiled>()

/** @throws when the chart holds something that is not known, with where and what to write instead. */
export function compile(machine: AnyStateMachine): Compiled {
  let known = compiled.get(machine)
  if (known === undefined) {
    known = new Steps(machine)
    compiled.set(machine, known)
  }
  return known
}

const NOTHING: readonly Effect[] = Object.freeze([])
const NO_EVENTS: readonly EventObject[] = []

class Steps implements Compiled {
  readonly machine: AnyStateMachine
  private readonly configurations: Configurations
  private readonly context: unknown
  private readonly births = new Births()

  constructor(machine: AnyStateMachine) {
    this.machine = machine
    this.configurations = new Configurations(machine)
    this.context = (machine.config as { context?: unknown }).context ?? {}
  }

  start(input: unknown): CompiledStep {
    const { birth } = this.configurations
    const context = (typeof this.context === 'function' ? this.context({ input }) : this.context) as Context
    merge = this.births.mergeFor(context)
    return this.settled(birth.to, birth, context, { type: 'xstate.init', input } as EventObject)
  }

  step(snapshot: CompiledSnapshot, event: EventObject): CompiledStep {
    const { configuration, context, status } = snapshot
    if (status === 'done') return { snapshot, effects: NOTHING }
    const plan = this.configurations.onEvent(configuration, context, event)
    if (plan === undefined && configuration.always === undefined) return { snapshot, effects: NOTHING }
    merge = snapshot.merge
    return this.settled(configuration, plan, context, event)
  }

  /** Takes the first plan, then always-transitions and done events, in XState's order, until none is left. */
  private settled(from: Configuration, first: Plan | undefined, before: Context, trigger: EventObject): CompiledStep {
    const { configurations } = this
    let configuration = from
    let event = trigger
    let queue = NO_EVENTS
    let looking = true
    let plan = first
    effects = NOTHING
    owned = false
    let context = before
    for (let turns = 0; ; turns++) {
      if (plan !== undefined) {
        context = perform(plan.operations, context, event)
        configuration = plan.to
        if (plan.doneEvents.length > 0) queue = [...queue, ...plan.doneEvents]
        if (plan.done) return stepped(configuration, context, 'done')
      }
      if (turns >= MOST_TURNS) this.goesRound(configuration)
      plan = looking ? configurations.always(configuration, context, event) : undefined
      if (plan !== undefined) {
        looking = plan.changes
        continue
      }
      const [told] = queue
      if (told === undefined) return stepped(configuration, context, 'active')
      queue = queue.slice(1)
      event = told
      looking = true
      plan = configurations.onEvent(configuration, context, event)
    }
  }

  private goesRound({ nodes }: Configuration): never {
    const where = nodes.filter(({ parent }) => parent !== undefined).map(placeOf)
    throw new Error(
      `${where.at(-1) ?? this.machine.id}: the always-transitions go round for ever (more than ${MOST_TURNS} turns). ` +
        'Give them a guard that ends them, or wait for an event.',
    )
  }
}

function stepped(configuration: Configuration, context: Context, status: 'active' | 'done'): CompiledStep {
  return { snapshot: { value: configuration.value, context, status, configuration, merge }, effects }
}

/** Of the step under way: steps are never re-entered. A list that an action gave is passed on until another follows. */
let effects: readonly Effect[] = NOTHING
let owned = false
let merge: Merge

function perform(operations: readonly Operation[], before: Context, event: EventObject): Context {
  let context = before
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i] as Operation
    switch (operation.does) {
      case 'update':
        checkEvent(operation.on, event)
        context = merged(context, operation.run(context, event, delivery))
        break
      case 'ask':
        checkEvent(operation.on, event)
        addAll(operation.run(context, event, delivery))
        break
      case 'decide': {
        checkEvent(operation.on, event)
        const [change, asked] = operation.run(context, event, delivery)
        context = merged(context, change)
        addAll(asked)
        break
      }
      case 'wake': {
        const { key, ms, event: timer } = operation
        const afterMs = typeof ms === 'number' ? ms : ms(context, event, delivery)
        add({ do: 'wake', key, afterMs, event: timer })
        break
      }
      case 'cancel':
        add(operation.effect)
    }
  }
  return context
}

function merged(context: Context, change: Context): Context {
  const copy = merge(context, change)
  if (copy !== undefined) return copy
  const grown = { ...context, ...change }
  merge = mergeFor(grown)
  return grown
}

function addAll(asked: Effects): void {
  const more = listed(asked)
  if (more.length === 0) return
  if (effects.length === 0) effects = more
  else for (let i = 0; i < more.length; i++) add(more[i] as Effect)
}

function add(effect: Effect): void {
  if (owned) (effects as Effect[]).push(effect)
  else {
    effects = [...effects, effect]
    owned = true
  }
}
