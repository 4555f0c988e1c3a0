/** The order of merged lists (k8s.io/apimachinery/pkg/util/strategicpatch: normalizeElementOrder and what it calls). */
import { goText, goTypeOf } from '../go-text.ts'
import { isObject, type Json, Refused, unexplained } from './outcome.ts'

type List = readonly unknown[]
export const DIRECTIVE = '$patch'

/** What the patch names in the patch's order, the rest in the server's; where both are known the server's decides. */
export function ordered(patch: List, serverOnly: List, patchOrder: List, serverOrder: List, mergeKey: string): List {
  const left = inOrder(serverOnly, serverOrder, mergeKey)
  const right = inOrder(patch, patchOrder, mergeKey)
  const all: unknown[] = []
  let [i, j] = [0, 0]
  while (i < left.length || j < right.length) {
    const takeLeft = j >= right.length || (i < left.length && before(serverOrder, left[i], right[j], mergeKey))
    all.push(takeLeft ? left[i++] : right[j++])
  }
  return all
}

function before(order: List, a: unknown, b: unknown, mergeKey: string): boolean {
  const [at, bt] = [indexOf(order, a, mergeKey), indexOf(order, b, mergeKey)]
  return at >= 0 && bt >= 0 && at < bt
}

/** Lists of maps have a merge key; lists of scalars have `''`. */
export const keyOf = (item: unknown, mergeKey: string): unknown =>
  mergeKey === '' ? item : isObject(item) ? item[mergeKey] : undefined

export function indexOf(list: List, item: unknown, mergeKey: string): number {
  const key = keyOf(item, mergeKey)
  return list.findIndex((each) => keyOf(each, mergeKey) === key)
}

/** Deletions go last. An insertion sort, because upstream's comparison is no order when an item is missing in it. */
export function inOrder(list: List, order: List, mergeKey: string): List {
  if (mergeKey !== '') for (const item of [...list, ...order]) checkKey(item, mergeKey)
  const isDeletion = (item: unknown): boolean => mergeKey !== '' && (item as Json)[DIRECTIVE] === 'delete'
  const sorted = list.filter((item) => !isDeletion(item))
  const less = (a: unknown, b: unknown): boolean => {
    const [at, bt] = [indexOf(order, a, mergeKey), indexOf(order, b, mergeKey)]
    return at < 0 || bt < 0 || at < bt
  }
  for (let i = 1; i < sorted.length; i++) {
    for (let j = i; j > 0 && less(sorted[j], sorted[j - 1]); j--) {
      ;[sorted[j], sorted[j - 1]] = [sorted[j - 1], sorted[j]]
    }
  }
  return [...sorted, ...list.filter(isDeletion)]
}

export function checkKey(item: unknown, mergeKey: string): void {
  if (!isObject(item)) throw new Refused(unexplained(badType('map[string]interface {}', item)))
  if (!(mergeKey in item)) throw new Refused(unexplained(noMergeKey(item, mergeKey)))
}
export const noMergeKey = (item: Json, mergeKey: string): string =>
  `map: ${goText(item)} does not contain declared merge key: ${mergeKey}`
export const badType = (expected: string, actual: unknown): string =>
  `expected a ${expected}, but received a ${goTypeOf(actual)}`

/** Those that the other list names, and those that it does not. */
export function partition(list: List, by: List, mergeKey: string): readonly [named: List, rest: List] {
  if (mergeKey !== '') for (const item of list) checkKey(item, mergeKey)
  return [
    list.filter((item) => indexOf(by, item, mergeKey) >= 0),
    list.filter((item) => indexOf(by, item, mergeKey) < 0),
  ]
}

/** deduplicateScalars: a duplicate's place is taken by the last item. */
export function deduplicated(list: List): List {
  const kept = [...list]
  for (let i = 0; i < kept.length - 1; i++) {
    for (let j = i + 1; j < kept.length; j++) {
      if (kept[i] !== kept[j]) continue
      const last = kept.pop()
      if (j < kept.length) kept[j] = last
      j--
    }
  }
  return kept
}
