/** Where transitions go: history states resolved, and the domain within which states are left and entered. */
import type { AnyStateNode } from 'xstate'
import { type History, isDescendant, leastCommonAncestor, type Transition } from './nodes.ts'

export interface Default {
  readonly target: readonly AnyStateNode[]
}

/** What a history state means while its parent was never left. */
export function historyDefault(node: AnyStateNode): Default {
  const parent = node.parent as AnyStateNode
  const target: unknown = (node.config as { target?: unknown }).target
  if (target !== undefined) return { target: [target].flat().map((path) => resolved(parent, path as string)) }
  return parent.type === 'parallel' ? { target: [parent] } : (parent.initial as unknown as Default)
}

function resolved(parent: AnyStateNode, path: string): AnyStateNode {
  if (path.startsWith('#')) return parent.machine.getStateNodeById(path) as AnyStateNode
  let node = parent
  for (const key of path.split('.')) {
    // As in XState, a leading dot means the parent itself.
    if (key === '') return node
    node = node.states[key] as AnyStateNode
  }
  return node
}

/** The targets with history states replaced by what they stand for now. */
export function effectiveTargets(targets: readonly AnyStateNode[] | undefined, history: History): AnyStateNode[] {
  const effective = (targets ?? []).flatMap((node): readonly AnyStateNode[] => {
    if (node.type !== 'history') return [node]
    return history[node.id] ?? effectiveTargets(historyDefault(node).target, history)
  })
  return [...new Set(effective)]
}

/** The state that holds all that is left and entered; `undefined` when the root itself is reentered. */
export function domainOf({ source, target, reenter }: Transition, history: History): AnyStateNode | undefined {
  const targets = effectiveTargets(target, history)
  if (!reenter && targets.every((node) => node === source || isDescendant(node, source))) return source
  const common = leastCommonAncestor([...targets, source])
  return common !== undefined || reenter ? common : (source.machine.root as AnyStateNode)
}
