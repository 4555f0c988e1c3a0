/**
 * One microstep of a chart as XState takes it, without context: from the active states and the transitions that were
 * chosen it follows what is left, run and entered, in which order, and where the chart is then. Modelled: microstep of
 * XState 5.33.3, which follows https://www.w3.org/TR/scxml/#microstepProcedure.
 */
import type { AnyStateNode, EventObject } from 'xstate'
import { entriesOf } from './entries.ts'
import {
  doneEvent,
  type History,
  historiesOf,
  isAtomic,
  isDescendant,
  isInFinalState,
  type Transition,
} from './nodes.ts'
import { domainOf } from './targets.ts'

export interface Place {
  /** The active states, in the order in which they became active. */
  readonly nodes: readonly AnyStateNode[]
  readonly history: History
}

export interface Microstep {
  /** Of the states left, of the transitions, of the states entered, and at the end of the chart of all that is left. */
  readonly actions: readonly unknown[]
  readonly to: Place
  /** Told to the chart itself, one by one, when no always-transition is left. */
  readonly doneEvents: readonly EventObject[]
  readonly done: boolean
  /** Another place: always-transitions are looked for again. */
  readonly moved: boolean
}

export function microstep(from: Place, chosen: readonly Transition[]): Microstep {
  const transitions = withoutConflicts(chosen, from)
  const left = exitsOf(transitions, from).sort((a, b) => b.order - a.order)
  const history = remembered(left, from)
  const active = new Set(from.nodes.filter((node) => !left.includes(node)))
  const exits = [...left.flatMap(({ exit }) => exit), ...transitions.flatMap(({ actions }) => actions)]
  return entering(from, exits, history, active, transitions)
}

/** The first microstep: only the root is active, and nothing is left. */
export function firstMicrostep(root: AnyStateNode): Microstep {
  const birth: Transition = { source: root, target: initialNodes(root), reenter: true, actions: [] }
  return entering({ nodes: [root], history: {} }, [], {}, new Set([root]), [birth])
}

function entering(
  from: Place,
  before: readonly unknown[],
  history: History,
  active: Set<AnyStateNode>,
  transitions: readonly Transition[],
): Microstep {
  // What is entered depends on what was remembered before this microstep, or by it: XState passes the new history.
  const { entered, byDefault } = entriesOf(transitions, history)
  const actions = [...before]
  const completion: Completion = { doneEvents: [], completed: new Set(), done: false }
  for (const node of [...entered].sort((a, b) => a.order - b.order)) {
    active.add(node)
    actions.push(...node.entry)
    if (byDefault.has(node)) actions.push(...node.initial.actions)
    if (node.type === 'final') complete(node, active, completion)
  }
  const { doneEvents, done } = completion
  const same = history === from.history && sameNodes(from.nodes, active)
  const nodes = [...active]
  if (done) actions.push(...nodes.sort((a, b) => b.order - a.order).flatMap(({ exit }) => exit))
  return { actions, to: same ? from : { nodes, history }, doneEvents, done, moved: !same }
}

interface Completion {
  readonly doneEvents: EventObject[]
  readonly completed: Set<AnyStateNode>
  done: boolean
}

/** A final state ends its parent, and every parallel state above whose last region it ended; at the top, the chart. */
function complete(final: AnyStateNode, active: ReadonlySet<AnyStateNode>, completion: Completion): void {
  const { doneEvents, completed } = completion
  const { parent } = final
  let above = parent?.type === 'parallel' ? parent : parent?.parent
  if (parent?.type === 'compound') doneEvents.push(doneEvent(parent))
  while (above?.type === 'parallel' && !completed.has(above) && isInFinalState(active, above)) {
    completed.add(above)
    doneEvents.push(doneEvent(above))
    above = above.parent
  }
  if (above === undefined) completion.done = true
}

function initialNodes(node: AnyStateNode): AnyStateNode[] {
  if (node.type === 'compound') return [node, ...initialNodes(node.initial.target[0] as AnyStateNode)]
  if (node.type !== 'parallel') return [node]
  return [node, ...Object.values(node.states).flatMap((child) => (child.type === 'history' ? [] : initialNodes(child)))]
}

/** Of two transitions that would leave a common state the one from deeper inside wins, else the earlier. */
export function withoutConflicts(chosen: readonly Transition[], from: Place): Transition[] {
  const kept = new Set<Transition>()
  for (const transition of chosen) {
    const exits = new Set(exitsOf([transition], from))
    const rivals = [...kept].filter((other) => exitsOf([other], from).some((node) => exits.has(node)))
    if (!rivals.every(({ source }) => isDescendant(transition.source, source))) continue
    for (const rival of rivals) kept.delete(rival)
    kept.add(transition)
  }
  return [...kept]
}

function exitsOf(transitions: readonly Transition[], { nodes, history }: Place): AnyStateNode[] {
  const left = new Set<AnyStateNode>()
  for (const transition of transitions) {
    if (transition.target === undefined || transition.target.length === 0) continue
    const domain = domainOf(transition, history)
    if (transition.reenter && transition.source === domain) left.add(domain)
    for (const node of nodes) if (isDescendant(node, domain)) left.add(node)
  }
  return [...left]
}

/** What history states of the states that are left remember from now on. */
function remembered(left: readonly AnyStateNode[], { nodes, history }: Place): History {
  const changed: Record<string, readonly AnyStateNode[]> = {}
  for (const parent of left) {
    for (const { id, history: kind } of historiesOf(parent)) {
      changed[id] = nodes.filter((node) =>
        kind === 'deep' ? isAtomic(node) && isDescendant(node, parent) : node.parent === parent,
      )
    }
  }
  return Object.keys(changed).length === 0 ? history : { ...history, ...changed }
}

const sameNodes = (before: readonly AnyStateNode[], now: ReadonlySet<AnyStateNode>): boolean =>
  before.length === now.size && before.every((node) => now.has(node))
