/** Objects and merge patches, held against recorded ones in which what differs from run to run has a placeholder. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const isMap = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** RFC 7386: what makes `after` out of `before`, arrays as a whole; undefined when nothing does. */
export function mergePatch(before: Json, after: Json): Json | undefined {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined
  if (!isMap(before) || !isMap(after)) return after
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): [string, Json][] => {
    const [was, now] = [before[key], after[key]]
    if (now === undefined) return [[key, null]]
    const change = was === undefined ? now : mergePatch(was, now)
    return change === undefined ? [] : [[key, change]]
  })
  return changes.length === 0 ? undefined : Object.fromEntries(changes)
}

/** How ours differs from what was recorded; a text such as `<bootID>` there stands for any text. */
export function unlike(ours: Json | undefined, theirs: Json | undefined, path = ''): readonly string[] {
  if (typeof theirs === 'string' && /^<.*>$/.test(theirs))
    return typeof ours === 'string' && ours !== '' ? [] : [`${path}: ${JSON.stringify(ours)} is no ${theirs}`]
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    const count = Math.max(ours.length, theirs.length)
    return Array.from({ length: count }, (_, i) => unlike(ours[i], theirs[i], `${path}[${i}]`)).flat()
  }
  if (isMap(theirs) && isMap(ours))
    return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].flatMap((key) =>
      unlike(ours[key], theirs[key], `${path}.${key}`),
    )
  return ours === theirs ? [] : [`${path}: ${JSON.stringify(ours)} is not ${JSON.stringify(theirs)}`]
}
