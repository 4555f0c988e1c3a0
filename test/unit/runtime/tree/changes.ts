/** Trees that random changes make, and what they must hold. */
import fc from 'fast-check'
import { Tree } from '../../../../runtime/tree.ts'

/** Few enough keys that they meet, long and odd enough that their order matters. */
export const key = fc.oneof(
  fc.integer({ min: 0, max: 400 }).map((n) => `pods/default/web-${n}`),
  fc.string({ maxLength: 3 }),
  fc.constantFrom('', 'a', 'A', 'é', '\ud83d\ude00', '\uffff', '__proto__'),
)
const change = fc.record({ key, value: fc.option(fc.integer(), { nil: undefined }) })
export const changes = fc.array(change, { maxLength: 600, size: 'max' })
export type Change = { readonly key: string; readonly value: number | undefined }

export const grown = (list: readonly Change[], tree = Tree.of<number>()): Tree<number> => {
  let now = tree
  for (const { key, value } of list) now = value === undefined ? now.delete(key) : now.set(key, value)
  return now
}
export const sorted = (list: readonly Change[]): [string, number][] => {
  const map = new Map<string, number>()
  for (const { key, value } of list) value === undefined ? map.delete(key) : map.set(key, value)
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
export const holds = <A extends unknown[]>(property: fc.IProperty<A>) => fc.assert(property, { numRuns: 60 })
