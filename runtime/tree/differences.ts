/** In what two versions of a tree differ: what they share is not looked at. */
import { each, type Node } from './nodes.ts'

/** Of a key: its value now, and then. */
export type Difference<V> = (key: string, now: V | undefined, then: V | undefined) => void

/** Nodes with the same keys hold the same ranges, part by part; of others every entry is compared. */
export function differences<V>(now: Node<V>, then: Node<V>, visit: Difference<V>): void {
  if (now === then) return
  if (now.leaf !== then.leaf || !sameKeys(now.keys, then.keys)) return compared(now, then, visit)
  const { keys } = now
  if (!now.leaf && !then.leaf)
    for (let i = 0; i < keys.length; i++) differences(now.nodes[i] as Node<V>, then.nodes[i] as Node<V>, visit)
  else if (now.leaf && then.leaf)
    for (let i = 0; i < keys.length; i++)
      if (now.values[i] !== then.values[i]) visit(keys[i] as string, now.values[i], then.values[i])
}

const sameKeys = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((key, i) => key === b[i]))

function compared<V>(now: Node<V>, then: Node<V>, visit: Difference<V>): void {
  const before = new Map<string, V>()
  each(then, (value, key) => before.set(key, value))
  each(now, (value, key) => {
    const was = before.get(key)
    before.delete(key)
    if (value !== was) visit(key, value, was)
  })
  for (const [key, was] of before) visit(key, undefined, was)
}
