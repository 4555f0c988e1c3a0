/** A machine as data to be drawn: its states and arrows in words. Read from the state nodes, which miss nothing. */
import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { type Arrow, nameOf, pathOf, statesOf, transitionsOf } from '../../coverage.ts'

export interface Chart {
  readonly id: string
  readonly description: string | undefined
  readonly states: readonly State[]
  readonly transitions: readonly Transition[]
}
export interface State {
  /** Dotted from below the root: `leading.quiet`; `''` is the root itself. */
  readonly path: string
  readonly name: string
  readonly parent: string | undefined
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  /** The child that is entered first, of a compound state. */
  readonly initial: string | undefined
  readonly description: string | undefined
  readonly entry: readonly string[]
  readonly exit: readonly string[]
}
export interface Transition {
  readonly from: string
  /** Where it leads; empty when it stays without leaving. */
  readonly to: readonly string[]
  /** The event; `after 10 s (renew interval)` of a timer; `''` of one that is taken at once; `done` of an `onDone`. */
  readonly on: string
  readonly guard: string | undefined
  readonly actions: readonly string[]
  readonly description: string | undefined
}

export function chartOf(machine: AnyStateMachine): Chart {
  const nodes = statesOf(machine)
  const history = nodes.flatMap((node) => Object.values(node.states).filter(({ type }) => type === 'history'))
  return {
    id: machine.id,
    description: machine.root.description,
    states: [...nodes, ...(history as AnyStateNode[])].map(stateOf),
    transitions: nodes.flatMap(transitionsOf).map((arrow) => transitionOf(machine, arrow)),
  }
}

function stateOf(node: AnyStateNode): State {
  return {
    path: dotted(node),
    name: node.path.length === 0 ? node.id : node.key,
    parent: node.parent === undefined ? undefined : dotted(node.parent as AnyStateNode),
    type: node.type,
    initial: node.type === 'compound' ? dotted(firstOf(node)) : undefined,
    description: node.description,
    entry: named(node.entry),
    exit: named(node.exit),
  }
}

const firstOf = (node: AnyStateNode): AnyStateNode =>
  (node.initial.target as readonly AnyStateNode[])[0] as AnyStateNode
const dotted = (node: AnyStateNode): string => (node.path.length === 0 ? '' : pathOf(node))

/** The actions a reader knows; the timers that XState sets and cancels behind `after` are none of them. */
const named = (actions: readonly unknown[]): string[] =>
  actions.map(nameOf).filter((name) => name !== undefined && !name.startsWith('xstate.')) as string[]

function transitionOf(machine: AnyStateMachine, arrow: Arrow): Transition {
  const { source, event, guard, targets, actions, definition } = arrow
  return {
    from: dotted(source),
    to: targets.map(dotted),
    on: cause(machine, event),
    guard,
    actions: actions.filter((name) => name !== ''),
    description: (definition as { description?: string }).description,
  }
}

function cause(machine: AnyStateMachine, event: string): string {
  if (event.startsWith('xstate.done.state.')) return 'done'
  if (!event.startsWith('xstate.after.')) return event
  const delays = machine.implementations.delays as Readonly<Record<string, unknown>>
  const name = Object.keys(delays).find((each) => event.startsWith(`xstate.after.${each}.`)) ?? event
  const ms = delays[name]
  return typeof ms === 'number' ? `after ${duration(ms)} (${name})` : `after ${name}`
}

function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`
  if (ms < 120_000) return `${ms / 1_000} s`
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${ms / 60_000} min`
}

/** What stands on an arrow: `event [guard] / action, action`. */
export function label({ on, guard, actions }: Transition, separator = ' '): string {
  const parts = [on === '' ? '' : on, guard === undefined ? '' : `[${guard}]`]
  const done = actions.length === 0 ? '' : `/ ${actions.join(', ')}`
  return [...parts, done].filter((part) => part !== '').join(separator)
}
