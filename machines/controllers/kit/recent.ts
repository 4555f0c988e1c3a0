/**
 * What was used of late, bounded: two generations of a map, of which the older is dropped when the younger is full.
 * Stands for client-go's LRU cache of 4096 entries, at no cost per look.
 */
import { Tree } from '../../../runtime/tree.ts'

export interface Recent<T> {
  readonly young: Tree<T>
  readonly old: Tree<T>
}
export const LIMIT = 4_096

export const noneRecent = <T>(): Recent<T> => ({ young: Tree.of<T>(), old: Tree.of<T>() })

export const recall = <T>({ young, old }: Recent<T>, key: string): T | undefined => young.get(key) ?? old.get(key)

export function remember<T>({ young, old }: Recent<T>, key: string, value: T): Recent<T> {
  const next = young.set(key, value)
  return next.size > LIMIT / 2 ? { young: Tree.of<T>(), old: next } : { young: next, old }
}
