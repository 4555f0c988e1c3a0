/** Which states and transitions of a chart were taken: what a test has shown, and what it has not. */
import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode } from 'xstate'

export interface Share {
  readonly taken: number
  readonly total: number
}
export interface Covered {
  readonly states: Share
  readonly transitions: Share
  /** What was never seen: `state running.idle`, `running: on lease.expired [1] → stopped`. */
  readonly missing: readonly string[]
}

/** Gathers from `watchTransitions(coverage.take)`. */
export class Coverage {
  private readonly seen = new Set<object>()

  readonly take = (machine: AnyStateMachine, transition: object, entered: AnyMachineSnapshot): void => {
    this.seen.add(machine.root)
    this.seen.add(transition)
    // Where a chart is born and leaves at once is not told as entered, only as left.
    for (let node = sourceOf(transition); node !== undefined; node = node.parent) this.seen.add(node)
    for (const node of entered._nodes) this.seen.add(node)
  }

  /** Marks what a machine started in. */
  start(snapshot: AnyMachineSnapshot): void {
    for (const node of snapshot._nodes) this.seen.add(node)
  }

  of(machine: AnyStateMachine): Covered {
    const states = statesOf(machine)
    const transitions = states.flatMap(transitionsOf)
    const unseen = states.filter((node) => !this.seen.has(node)).map((node) => `state ${pathOf(node)}`)
    const untaken = transitions.filter(({ definition }) => !this.seen.has(definition)).map(({ text }) => text)
    return {
      states: { taken: states.length - unseen.length, total: states.length },
      transitions: { taken: transitions.length - untaken.length, total: transitions.length },
      missing: [...unseen, ...untaken],
    }
  }
}

const sourceOf = (transition: object): AnyStateNode | undefined => (transition as Partial<Arrow>).source

/** Every state node, the root first. A history pseudo-state is no state. */
export function statesOf(machine: AnyStateMachine): AnyStateNode[] {
  const below = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(below)]
  return below(machine.root as AnyStateNode).filter(({ type }) => type !== 'history')
}

export interface Arrow {
  readonly definition: object
  readonly source: AnyStateNode
  /** `''` for always. */
  readonly event: string
  readonly guard: string | undefined
  readonly targets: readonly AnyStateNode[]
  readonly actions: readonly string[]
  readonly text: string
}

/** The transitions that a state defines itself, those of `always` last. */
export function transitionsOf(node: AnyStateNode): Arrow[] {
  const onEvents = [...node.transitions.values()].flat()
  return [...onEvents, ...(node.always ?? [])].map((transition, i) => arrow(node, transition, i))
}

type Transition = NonNullable<AnyStateNode['always']>[number]

function arrow(source: AnyStateNode, transition: Transition, i: number): Arrow {
  const targets = transition.target ?? []
  const guard = nameOf(transition.guard)
  const cause = transition.eventType === '' ? 'always' : `on ${transition.eventType}`
  const where = targets.length === 0 ? '' : ` → ${targets.map(pathOf).join(', ')}`
  return {
    definition: transition,
    source,
    event: transition.eventType,
    guard,
    targets,
    actions: transition.actions.map((action) => nameOf(action) ?? ''),
    text: `${pathOf(source)}: ${cause}${guard === undefined ? '' : ` [${guard}]`} #${i}${where}`,
  }
}

/** The name under which a guard or an action stands in a chart. */
export function nameOf(reference: unknown): string | undefined {
  if (typeof reference === 'string') return reference
  if (typeof reference === 'object' && reference !== null && 'type' in reference) return String(reference.type)
  return undefined
}

/** `running.idle`; the root is called by its id. */
export const pathOf = (node: AnyStateNode): string => (node.path.length === 0 ? node.id : node.path.join('.'))
