/** Which transitions an event (or none) can take in one configuration, innermost first, laid out for a quick look. */
import type { AnyStateNode, EventObject } from 'xstate'
import { delivery } from '../contract.ts'
import type { Plan } from './configurations.ts'
import { isAtomic, properAncestors, type Transition } from './nodes.ts'
import type { Context, Guard, Operations } from './operations.ts'

export interface Candidate {
  readonly guard: Guard | undefined
  readonly transition: Transition
  /** What follows when this one is taken alone; found when first taken. */
  plan: Plan | undefined
}

/** The transitions taken together so far; a trie, so that the same combination meets the same plan. */
export interface Picked {
  readonly transitions: readonly Transition[]
  readonly next: Map<Candidate, Picked>
  plan: Plan | undefined
}

export interface Choice {
  /** At most one transition can be taken: the first whose guard holds. */
  readonly alone: readonly Candidate[] | undefined
  /** Otherwise: each region takes its own transition, and `beyond` counts when none does. */
  readonly regions: readonly Choice[]
  readonly beyond: readonly Candidate[]
  /** For always: each atomic state looks from itself to the root, whatever the others find. */
  readonly chains: readonly (readonly Candidate[])[]
  readonly none: Picked
}

const NONE: readonly never[] = []
const choiceOf = (parts: Partial<Choice>): Choice => ({
  alone: undefined,
  regions: NONE,
  beyond: NONE,
  chains: NONE,
  none: nothing(),
  ...parts,
})
const nothing = (): Picked => ({ transitions: NONE, next: new Map(), plan: undefined })

export function choicesOf(
  root: AnyStateNode,
  nodes: readonly AnyStateNode[],
  operations: Operations,
): ReadonlyMap<string, Choice> {
  const active = new Set(nodes)
  const types = new Set(nodes.flatMap((node) => [...node.transitions.keys()]))
  return new Map([...types].map((type) => [type, within(root, type, active, operations)]))
}

function within(node: AnyStateNode, type: string, active: ReadonlySet<AnyStateNode>, operations: Operations): Choice {
  const transitions = (node.transitions.get(type) ?? []) as unknown as readonly Transition[]
  const own = transitions.map((transition) => candidateOf(transition, operations))
  const children = Object.values(node.states).filter((child) => active.has(child))
  const regions = children.map((child) => within(child, type, active, operations)).filter(isPossible)
  const [only] = regions
  if (only === undefined) return choiceOf({ alone: own })
  if (regions.length > 1) return choiceOf({ regions, beyond: own })
  if (only.alone !== undefined) return choiceOf({ alone: [...only.alone, ...own] })
  return choiceOf({ regions: only.regions, beyond: [...only.beyond, ...own] })
}

const isPossible = ({ alone, regions }: Choice): boolean => regions.length > 0 || (alone ?? NONE).length > 0

/** `undefined` when no active state has an always-transition. */
export function alwaysOf(nodes: readonly AnyStateNode[], operations: Operations): Choice | undefined {
  const known = new Map(nodes.map((node) => [node, alwaysAt(node, operations)]))
  const chains = nodes
    .filter(isAtomic)
    .map((node) => [node, ...properAncestors(node, undefined)].flatMap((above) => known.get(above) ?? NONE))
    .filter((chain) => chain.length > 0)
  if (chains.length === 0) return undefined
  return chains.length === 1 ? choiceOf({ alone: chains[0] as Candidate[] }) : choiceOf({ chains })
}

const alwaysAt = (node: AnyStateNode, operations: Operations): readonly Candidate[] =>
  ((node.always ?? NONE) as unknown as readonly Transition[]).map((transition) => candidateOf(transition, operations))

const candidateOf = (transition: Transition, operations: Operations): Candidate => ({
  guard: transition.guard === undefined ? undefined : operations.guard(transition.guard),
  transition,
  plan: undefined,
})

/** The first whose guard holds. */
export function passing(candidates: readonly Candidate[], context: Context, event: EventObject): Candidate | undefined {
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i] as Candidate
    if (candidate.guard === undefined || holds(candidate.guard, context, event)) return candidate
  }
  return undefined
}
const holds = ({ on, run }: Guard, context: Context, event: EventObject): boolean =>
  (on === undefined || on === event.type) && run(context, event, delivery)

/** All that are taken together. */
export function picked(choice: Choice, context: Context, event: EventObject): Picked {
  return choice.chains.length > 0
    ? pickedOnChains(choice, context, event)
    : pickedInRegions(choice, choice.none, context, event)
}

function pickedInRegions(choice: Choice, before: Picked, context: Context, event: EventObject): Picked {
  let now = before
  for (const region of choice.regions) now = pickedInRegions(region, now, context, event)
  if (now !== before) return now
  const candidate = passing(choice.alone ?? choice.beyond, context, event)
  return candidate === undefined ? before : withNext(before, candidate)
}

function pickedOnChains(choice: Choice, context: Context, event: EventObject): Picked {
  let now = choice.none
  for (const chain of choice.chains) {
    const candidate = passing(chain, context, event)
    if (candidate !== undefined && !now.transitions.includes(candidate.transition)) now = withNext(now, candidate)
  }
  return now
}

function withNext(before: Picked, candidate: Candidate): Picked {
  let next = before.next.get(candidate)
  if (next === undefined) {
    next = { ...nothing(), transitions: [...before.transitions, candidate.transition] }
    before.next.set(candidate, next)
  }
  return next
}
