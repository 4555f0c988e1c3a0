/**
 * What the actions, guards and delays of a chart do, found once by name. Whatever is not one of the verbs of
 * contract.ts is refused here, so that a step meets only what it knows.
 */
import type { AnyStateMachine, AnyStateNode, EventObject } from 'xstate'
import type { Cancel, Compilable, Delivery, Effects } from '../contract.ts'
import { everyNode, isDescendant, leastCommonAncestor, type Transition } from './nodes.ts'
import { placeOf, refuse } from './refuse.ts'
import { historyDefault } from './targets.ts'

export type Context = Readonly<Record<string, unknown>>
type Run<R> = (context: Context, event: EventObject, delivery: Delivery) => R

/** `on` is the event that it is for; undefined: any. */
export type Operation =
  | { readonly does: 'update'; readonly on: string | undefined; readonly run: Run<Context> }
  | { readonly does: 'ask'; readonly on: string | undefined; readonly run: Run<Effects> }
  | { readonly does: 'decide'; readonly on: string | undefined; readonly run: Run<readonly [Context, Effects]> }
  | { readonly does: 'wake'; readonly key: string; readonly event: EventObject; readonly ms: number | Run<number> }
  | Cancels
interface Cancels {
  readonly does: 'cancel'
  readonly effect: Cancel
}
/** False on any other event than the one that it is for. */
export interface Guard {
  readonly on: string | undefined
  readonly run: Run<boolean>
}

/** Everything a chart can do, by the reference that stands in it: a name, or the action that XState made of `after`. */
export interface Operations {
  of(actions: readonly unknown[]): readonly Operation[]
  guard(reference: unknown): Guard | undefined
}

/** @throws when anything in the chart is not known, with what to write instead. */
export function operationsOf(machine: AnyStateMachine): Operations {
  const actions = new Map<unknown, Operation>()
  const guards = new Map<unknown, Guard>()
  for (const node of everyNode(machine.root as AnyStateNode)) {
    refuseUnknownParts(node)
    refuseImpossibleTargets(node)
    for (const action of actionsIn(node)) actions.set(keyOf(action), operationOf(action, node))
    for (const { guard } of transitionsIn(node)) if (guard !== undefined) guards.set(keyOf(guard), guardOf(guard, node))
  }
  return {
    of: (list) => list.map((action) => actions.get(keyOf(action)) as Operation),
    guard: (reference) => guards.get(keyOf(reference)),
  }
}

export function transitionsIn(node: AnyStateNode): Transition[] {
  return [...[...node.transitions.values()].flat(), ...(node.always ?? [])] as unknown as Transition[]
}

const actionsIn = (node: AnyStateNode): unknown[] => [
  ...node.entry,
  ...node.initial.actions,
  ...transitionsIn(node).flatMap(({ actions }) => actions),
  ...node.exit,
]

const keyOf = (reference: unknown): unknown =>
  typeof reference === 'object' && reference !== null ? (reference as { type: string }).type : reference

function refuseUnknownParts(node: AnyStateNode): void {
  if (node.invoke.length > 0) refuse(node, 'invoke', 'Ask for the actor: ask(() => spawn(address, machine, input)).')
  if (node.output !== undefined)
    refuse(node, 'output', 'Tell the result in a message: ask(() => send(address, event)).')
  for (const event of node.transitions.keys()) {
    if (event.includes('*')) refuse(node, `the wildcard event "${event}"`, 'Name every event.')
    if (event === 'xstate.route') refuse(node, 'route', 'Write a transition for each way in.')
  }
}

function refuseImpossibleTargets(node: AnyStateNode): void {
  for (const { target = [] } of transitionsIn(node)) {
    if (!areTogether(target)) refuse(node, TARGETS, 'Name one target, or one in each of several regions.')
    // XState remembers while it leaves, and then looks for the way back from where it no longer is.
    if (target.some(({ type, parent }) => type === 'history' && isDescendant(node, parent)))
      refuse(node, 'a transition to the history of a state around it', 'Name the state to go to.')
  }
  if (node.type !== 'history') return
  const { target } = historyDefault(node)
  const parent = node.parent as AnyStateNode
  if (!areTogether(target) || target.some((to) => to !== parent && !isDescendant(to, parent)))
    refuse(node, 'where it goes at first', `Name a target within ${placeOf(parent)}.`)
}

const TARGETS = 'a transition to several states that cannot be active together'

/** States that can be active together, none within another: each two lie in different regions. */
const areTogether = (nodes: readonly AnyStateNode[]): boolean =>
  nodes.every((a, i) => nodes.slice(i + 1).every((b) => lieInRegions(a, b)))

function lieInRegions(a: AnyStateNode, b: AnyStateNode): boolean {
  const above = meeting(a, b)
  // The history of a parallel state stands for all of its regions.
  const whole = [a, b].some(({ type, parent }) => type === 'history' && parent === above)
  return above?.type === 'parallel' && !whole
}

/** The state in which the ways from the root to the two part; `undefined` when one is within the other. */
function meeting(a: AnyStateNode, b: AnyStateNode): AnyStateNode | undefined {
  if (a === b || isDescendant(a, b) || isDescendant(b, a)) return undefined
  return leastCommonAncestor([a, b])
}

interface Timer {
  readonly type: string
  readonly id?: string
  readonly sendId?: string
  readonly delay?: string | number
  readonly event?: EventObject
}

function operationOf(action: unknown, node: AnyStateNode): Operation {
  if (typeof action === 'function') {
    const timer = action as unknown as Timer
    if (!isAfter(timer, node)) return refuse(node, `an inline action (${timer.type ?? 'a function'})`, NAMED_ACTION)
    if (timer.type === 'xstate.cancel') return { does: 'cancel', effect: cancelOf(timer.sendId as string) }
    return { does: 'wake', key: timer.id as string, event: timer.event as EventObject, ms: msOf(timer.delay, node) }
  }
  const name = nameIn(action, node)
  const { compilable } = (node.machine.implementations.actions[name] ?? {}) as Marked
  if (node.machine.implementations.actions[name] === undefined)
    return refuse(node, `the action "${name}"`, 'Declare it among the actions of setup().')
  if (compilable === undefined || compilable.does === 'when' || compilable.does === 'lasting')
    return refuse(node, `what the action "${name}" does`, 'Make it of the verbs: update, ask, decide.')
  const { does, on, run } = compilable
  return { does, on, run } as unknown as Operation
}

const NAMED_ACTION = 'Declare it in setup() by a name, made of the verbs: update, ask, decide.'
const cancelOf = (key: string): Cancel => Object.freeze({ do: 'cancel', key })

interface Marked {
  readonly compilable?: Compilable
}

/** XState writes `after` as a raise at the end of the entry actions and a cancel at the end of the exit actions. */
export function isAfter(action: unknown, { config, id: state }: AnyStateNode): boolean {
  const { type, id, sendId } = action as Partial<Timer>
  if (type !== 'xstate.raise' && type !== 'xstate.cancel') return false
  const delays = Object.keys((config.after as object | undefined) ?? {})
  return delays.some((delay) => `xstate.after.${delay}.${state}` === (id ?? sendId))
}

function msOf(delay: string | number | undefined, node: AnyStateNode): number | Run<number> {
  if (typeof delay === 'number') return delay
  const delays = node.machine.implementations.delays as Record<string, unknown>
  const declared = delays[delay as string]
  if (typeof declared === 'number') return declared
  if (declared === undefined) return refuse(node, `the delay "${delay}"`, 'Declare it among the delays of setup().')
  const { compilable } = declared as Marked
  if (compilable?.does !== 'lasting')
    return refuse(node, `how long the delay "${delay}" is`, 'Give it in ms, or as lasting((context) => ms).')
  return compilable.run as unknown as Run<number>
}

function guardOf(guard: unknown, node: AnyStateNode): Guard {
  if (typeof guard === 'function')
    return refuse(node, 'an inline guard', 'Declare it in setup() by a name: when((context, event) => …).')
  const name = nameIn(guard, node)
  const declared = node.machine.implementations.guards[name] as Marked | undefined
  if (declared === undefined) return refuse(node, `the guard "${name}"`, 'Declare it among the guards of setup().')
  if (declared.compilable?.does !== 'when')
    return refuse(node, `what the guard "${name}" asks`, 'Make it of the verb: when((context, event) => …).')
  const { on, run } = declared.compilable
  return { on, run } as unknown as Guard
}

function nameIn(reference: unknown, node: AnyStateNode): string {
  if (typeof reference === 'string') return reference
  const { type, params } = reference as { readonly type: string; readonly params?: unknown }
  if (params !== undefined)
    refuse(node, `parameters ("${type}")`, 'Give it a name of its own for each use, and read the context.')
  return type
}
