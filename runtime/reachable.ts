/** Which states of a chart can be reached from its birth, by its structure alone: every guard may hold. */
import type { AnyStateNode } from 'xstate'
import { transitionsIn } from './compile/operations.ts'
import { historyDefault } from './compile/targets.ts'

/** History states are reached too. A state that is not: nothing leads to it, or only from states that are not reached. */
export function reachable(root: AnyStateNode): ReadonlySet<AnyStateNode> {
  const reached = new Set<AnyStateNode>()
  const waiting = [root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached.has(node)) continue
    reached.add(node)
    waiting.push(...enteredWith(node), ...transitionsIn(node).flatMap(({ target }) => target ?? []))
  }
  return reached
}

/** What becomes active with a state: the state around it, what it begins in, all regions. */
function enteredWith(node: AnyStateNode): readonly AnyStateNode[] {
  const around = node.parent === undefined ? [] : [node.parent]
  if (node.type === 'history') return [...around, ...historyDefault(node).target]
  if (node.type === 'parallel')
    return [...around, ...Object.values(node.states).filter(({ type }) => type !== 'history')]
  return node.type === 'compound' ? [...around, ...(node.initial.target as unknown as readonly AnyStateNode[])] : around
}
