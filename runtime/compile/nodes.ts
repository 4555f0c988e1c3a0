/** How state nodes of a chart lie to each other. Modelled: stateUtils of XState 5.33.3, under the same names where they fit. */
import type { AnyStateNode, EventObject, StateValue } from 'xstate'

/** What XState makes of a transition in a chart. At birth it goes from the root to all initial states. */
export interface Transition {
  readonly source: AnyStateNode
  /** `undefined` stays where it is. */
  readonly target: readonly AnyStateNode[] | undefined
  readonly reenter: boolean
  readonly actions: readonly unknown[]
  readonly guard?: unknown
  readonly eventType?: string
}

/** The states that were active in the parent of a history state when it was left, by the id of the history state. */
export type History = Readonly<Record<string, readonly AnyStateNode[]>>

export const isAtomic = ({ type }: AnyStateNode): boolean => type === 'atomic' || type === 'final'

export const childrenOf = (node: AnyStateNode): AnyStateNode[] =>
  Object.values(node.states).filter(({ type }) => type !== 'history')

export const historiesOf = (node: AnyStateNode): AnyStateNode[] =>
  Object.values(node.states).filter(({ type }) => type === 'history')

/** From the parent up, without `to`; none when the node is `to` itself. */
export function properAncestors(node: AnyStateNode, to: AnyStateNode | undefined): AnyStateNode[] {
  const ancestors: AnyStateNode[] = []
  if (node === to) return ancestors
  for (let above = node.parent; above !== undefined && above !== to; above = above.parent) ancestors.push(above)
  return ancestors
}

/** Everything, the root too, is a descendant of `undefined`: that is how a root that is reentered is left. */
export function isDescendant(node: AnyStateNode, of: AnyStateNode | undefined): boolean {
  let below = node
  while (below.parent !== undefined && below.parent !== of) below = below.parent
  return below.parent === of
}

export function leastCommonAncestor([head, ...tail]: readonly AnyStateNode[]): AnyStateNode | undefined {
  return properAncestors(head as AnyStateNode, undefined).find((above) =>
    tail.every((node) => isDescendant(node, above)),
  )
}

export function isInFinalState(active: ReadonlySet<AnyStateNode>, node: AnyStateNode): boolean {
  if (node.type === 'compound') return childrenOf(node).some((child) => child.type === 'final' && active.has(child))
  if (node.type === 'parallel') return childrenOf(node).every((child) => isInFinalState(active, child))
  return node.type === 'final'
}

/** The state value of a configuration, frozen because every snapshot in this configuration shares it. */
export function valueOf(node: AnyStateNode, active: ReadonlySet<AnyStateNode>): StateValue {
  const children = childrenOf(node).filter((child) => active.has(child))
  const only = children[0]
  if (node.type === 'compound' && only !== undefined && isAtomic(only)) return only.key
  return Object.freeze(Object.fromEntries(children.map((child) => [child.key, valueOf(child, active)])))
}

/** The root first, in order of the document; history states too. */
export function everyNode(root: AnyStateNode): AnyStateNode[] {
  return [root, ...Object.values(root.states).flatMap(everyNode)]
}

export const doneEvent = (node: AnyStateNode): EventObject =>
  Object.freeze({ type: `xstate.done.state.${node.id}`, output: undefined })
