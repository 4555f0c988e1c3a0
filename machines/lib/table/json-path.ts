/** The part of kubectl's JSON path that columns use: `.spec.replicas`, `.a[0].b`, `.c[*].d`, `.c[?(@.type=="Ready")].status`. */

/** Everything that the path leads to. */
export function found(path: string, object: unknown): readonly unknown[] {
  let values: readonly unknown[] = [object]
  for (const [, name, quoted, index, key, wanted] of path.matchAll(STEP)) {
    values = values.flatMap((value) => {
      if (name !== undefined || quoted !== undefined) return [...field(value, (name ?? quoted) as string)]
      return index === undefined ? filtered(value, key as string, wanted as string) : element(value, index)
    })
  }
  return values
}
const STEP =
  /\.([\w$\\.-]*?[\w$-])(?=[.[]|$)|\['([^']+)'\]|\[(\*|-?\d+)\]|\[\?\(@\.([\w.]+)\s*==\s*["']([^"']*)["']\)\]/g

function field(value: unknown, name: string): readonly unknown[] {
  const item = (value as Record<string, unknown> | null | undefined)?.[name.replaceAll('\\.', '.')]
  return item === undefined || item === null ? [] : [item]
}

function element(value: unknown, index: string): readonly unknown[] {
  if (!Array.isArray(value)) return []
  if (index === '*') return value
  const item = value.at(Number(index))
  return item === undefined ? [] : [item]
}

const filtered = (value: unknown, key: string, wanted: string): readonly unknown[] =>
  Array.isArray(value) ? value.filter((item) => String(found(`.${key}`, item)[0]) === wanted) : []
