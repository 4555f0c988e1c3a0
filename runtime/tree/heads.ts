/**
 * Where a key is in a sorted list, found by reading one of the keys. Neighbours begin alike; the head of a key is the
 * three characters in which they begin to differ, as one number. Numbers lie side by side, keys anywhere: in a map of a
 * million, to read a key is to wait for memory, and a search by halves would read five of a list of thirty-two.
 */
export interface Headed {
  readonly keys: readonly string[]
  /** So many characters all keys begin with. */
  readonly skip: number
  /** None, where nobody asked for them: they cost what they are worth only among many thousands of keys. */
  readonly heads: readonly number[]
}
const NONE: readonly number[] = []

export const headless = (keys: readonly string[]): Headed => ({ keys, skip: 0, heads: NONE })

/** @param near what `keys` were, but for the one at a place, which is new */
export function headed(keys: readonly string[], near?: Headed, at = 0): Headed {
  const skip = alike(keys)
  const heads =
    near?.skip === skip && near.heads.length === keys.length - 1
      ? near.heads.toSpliced(at, 0, headOf(keys[at] as string, skip))
      : keys.map((key) => headOf(key, skip))
  return { keys, skip, heads }
}

/** The place of the last key not above `key`, or the first; anywhere, when `key` does not begin as all others do. */
export function likelyPlace({ keys, skip, heads }: Headed, key: string): number {
  if (heads.length === 0) return childFor(keys, key)
  const head = headOf(key, skip)
  let low = 0
  let high = heads.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((heads[middle] as number) <= head) low = middle + 1
    else high = middle
  }
  let place = Math.max(0, low - 1)
  while (place > 0 && heads[place] === head && (keys[place] as string) > key) place--
  return place
}

/** The first index whose key is not below `key`. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}
/** The last child whose least key is not above `key`, or the first. */
export function childFor(keys: readonly string[], key: string): number {
  const i = lowerBound(keys, key)
  return keys[i] === key ? i : Math.max(0, i - 1)
}

/** Sorted keys all begin as the first and the last of them do. */
function alike(keys: readonly string[]): number {
  const [first = '', last = ''] = [keys[0], keys.at(-1)]
  if (keys.length < 2) return 0
  let i = 0
  while (i < first.length && first.charCodeAt(i) === last.charCodeAt(i)) i++
  return i
}

/** The half keeps it from being whole: an engine then stores all heads of a list in the same way. */
function headOf(key: string, skip: number): number {
  const [a, b, c] = [unitAt(key, skip), unitAt(key, skip + 1), unitAt(key, skip + 2)]
  return a * 2 ** 32 + b * 2 ** 16 + c + 0.5
}
/** Where a key has ended it is as if there were the least of characters: whoever shares a head with another is looked at whole. */
const unitAt = (key: string, at: number): number => (at < key.length ? key.charCodeAt(at) : 0)
