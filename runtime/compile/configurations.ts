/**
 * The configurations of a chart (which states are active, and what its history states remember) and what follows in
 * them: found when first met, kept for ever. Their number is bounded by the chart alone.
 */
import type { AnyStateMachine, AnyStateNode, EventObject, StateValue } from 'xstate'
import { alwaysOf, type Choice, choicesOf, passing, picked } from './choices.ts'
import { firstMicrostep, type Microstep, microstep, type Place } from './microstep.ts'
import { childrenOf, type Transition, valueOf } from './nodes.ts'
import { type Context, type Operation, type Operations, operationsOf } from './operations.ts'
import { refuse } from './refuse.ts'

export interface Configuration extends Place {
  /** The same text for the same place, from run to run, as long as the chart is the same. */
  readonly key: string
  readonly value: StateValue
  readonly on: ReadonlyMap<string, Choice>
  readonly always: Choice | undefined
}

/** A microstep with everything looked up. */
export interface Plan {
  readonly operations: readonly Operation[]
  readonly to: Configuration
  readonly doneEvents: readonly EventObject[]
  readonly done: boolean
  /** After it, always-transitions are looked for again: it went elsewhere, or changed the context. */
  readonly changes: boolean
}

export class Configurations {
  private readonly machine: AnyStateMachine
  private readonly operations: Operations
  private readonly known = new Map<string, Configuration>()
  readonly birth: Plan

  /** @throws when the chart holds something that is not known. */
  constructor(machine: AnyStateMachine) {
    this.machine = machine
    this.operations = operationsOf(machine)
    this.birth = this.planned(firstMicrostep(machine.root as AnyStateNode))
  }

  /** What the event does here; `undefined` when nothing. Runs guards. */
  onEvent(from: Configuration, context: Context, event: EventObject): Plan | undefined {
    const choice = from.on.get(event.type)
    return choice === undefined ? undefined : this.chosen(choice, from, context, event)
  }

  /** What happens here without an event; `undefined` when nothing. Runs guards. */
  always(from: Configuration, context: Context, event: EventObject): Plan | undefined {
    return from.always === undefined ? undefined : this.chosen(from.always, from, context, event)
  }

  private chosen(choice: Choice, from: Configuration, context: Context, event: EventObject): Plan | undefined {
    if (choice.alone !== undefined) {
      const candidate = passing(choice.alone, context, event)
      if (candidate === undefined) return undefined
      candidate.plan ??= this.plan(from, [candidate.transition])
      return candidate.plan
    }
    const together = picked(choice, context, event)
    if (together === choice.none) return undefined
    together.plan ??= this.plan(from, together.transitions)
    return together.plan
  }

  private plan(from: Configuration, transitions: readonly Transition[]): Plan {
    return this.planned(microstep(from, transitions))
  }

  private planned({ actions, to, doneEvents, done, moved }: Microstep): Plan {
    const operations = this.operations.of(actions)
    const changes = moved || operations.some(({ does }) => does === 'update' || does === 'decide')
    return { operations, to: this.at(to), doneEvents, done, changes }
  }

  private at(place: Place): Configuration {
    const key = keyOf(place)
    const known = this.known.get(key)
    if (known !== undefined) return known
    const root = this.machine.root as AnyStateNode
    const partial = place.nodes.find((node) => !isWhole(node, place.nodes))
    if (partial !== undefined)
      refuse(partial, 'a state that is active without its regions, or without one state inside', 'Name its states.')
    const configuration: Configuration = {
      nodes: place.nodes,
      history: place.history,
      key,
      value: valueOf(root, new Set(place.nodes)),
      on: choicesOf(root, place.nodes, this.operations),
      always: alwaysOf(place.nodes, this.operations),
    }
    this.known.set(key, configuration)
    return configuration
  }
}

/** With the states above it, all its regions, and one state inside. XState can lose some where history meets regions. */
function isWhole(node: AnyStateNode, active: readonly AnyStateNode[]): boolean {
  if (node.parent !== undefined && !active.includes(node.parent)) return false
  const inside = childrenOf(node).filter((child) => active.includes(child)).length
  return node.type === 'parallel' ? inside === childrenOf(node).length : node.type !== 'compound' || inside === 1
}

function keyOf({ nodes, history }: Place): string {
  const orders = (list: readonly AnyStateNode[]): string => list.map(({ order }) => order).join('.')
  const kept = Object.keys(history).sort()
  return [orders(nodes), ...kept.map((id) => `${id}=${orders(history[id] ?? [])}`)].join('|')
}
