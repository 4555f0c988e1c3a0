/** JSON patch (RFC 6902), as github.com/evanphx/json-patch applies it: `replace` of a missing key of a map adds it. */
import { sameJson } from '../go-text.ts'
import { badRequest, isObject, outcomeOf, type Patched, Refused, unprocessable } from './outcome.ts'

export interface JsonOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test'
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}
/** More than that is refused. */
const MOST_OPERATIONS = 10_000

export function jsonPatched(document: unknown, operations: unknown): Patched {
  if (!Array.isArray(operations)) return { error: badRequest(notAList(operations)) }
  if (operations.length > MOST_OPERATIONS) return { error: tooMany(operations.length) }
  return outcomeOf(() =>
    operations.reduce((patched, operation) => applied(patched, operation as JsonOperation), document),
  )
}

const notAList = (operations: unknown): string =>
  `error decoding patch: json: cannot unmarshal ${isObject(operations) ? 'object' : typeof operations} into Go value of type []handlers.jsonPatchOp`
const tooMany = (count: number) => ({
  code: 413,
  reason: 'RequestEntityTooLarge',
  message: `Request entity too large: The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${count}`,
})
const refused = (): Refused => new Refused(unprocessable())

function applied(document: unknown, { op, path, from, value }: JsonOperation): unknown {
  const to = parts(path)
  switch (op) {
    case 'add':
      return added(document, to, value)
    case 'remove':
      return removed(document, to)
    case 'replace':
      return replaced(document, to, value)
    case 'move':
      return added(removed(document, parts(from)), to, found(document, parts(from)))
    case 'copy':
      return added(document, to, found(document, parts(from)))
    case 'test':
      return tested(document, to, value)
    default:
      throw refused()
  }
}

/** The parts of a JSON pointer. */
function parts(pointer: unknown): readonly string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) throw refused()
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function found(document: unknown, path: readonly string[]): unknown {
  let at: unknown = document
  for (const part of path) at = child(at, part)
  return at
}

function child(parent: unknown, part: string): unknown {
  if (Array.isArray(parent)) return parent[indexIn(parent, part, false)]
  if (!isObject(parent) || !(part in parent)) throw refused()
  return parent[part]
}

/** Negative numbers count from the end, as the library allows. */
function indexIn(list: readonly unknown[], part: string, adding: boolean): number {
  if (adding && part === '-') return list.length
  if (!/^-?\d+$/.test(part)) throw refused()
  const written = Number(part)
  const index = written < 0 ? list.length + written + (adding ? 1 : 0) : written
  if (index < 0 || index > list.length || (!adding && index === list.length)) throw refused()
  return index
}

type Change = (parent: unknown, key: string) => unknown

/** The document with a change made to what the path leads to; what lies beside it is shared. */
function changed(document: unknown, path: readonly string[], change: Change): unknown {
  const [key, ...rest] = path
  if (key === undefined) throw refused()
  if (rest.length === 0) return change(document, key)
  const inner = changed(child(document, key), rest, change)
  if (Array.isArray(document)) return document.with(indexIn(document, key, false), inner)
  return { ...(document as object), [key]: inner }
}

function added(document: unknown, path: readonly string[], value: unknown): unknown {
  if (path.length === 0) return value
  return changed(document, path, (parent, key) => {
    if (Array.isArray(parent)) return parent.toSpliced(indexIn(parent, key, true), 0, value)
    if (!isObject(parent)) throw refused()
    return { ...parent, [key]: value }
  })
}

function removed(document: unknown, path: readonly string[]): unknown {
  return changed(document, path, (parent, key) => {
    if (Array.isArray(parent)) return parent.toSpliced(indexIn(parent, key, false), 1)
    if (!isObject(parent) || !(key in parent)) throw refused()
    const { [key]: _gone, ...rest } = parent
    return rest
  })
}

function replaced(document: unknown, path: readonly string[], value: unknown): unknown {
  if (path.length === 0) return value
  return changed(document, path, (parent, key) => {
    if (Array.isArray(parent)) return parent.with(indexIn(parent, key, false), value)
    if (!isObject(parent)) throw refused()
    return { ...parent, [key]: value }
  })
}

/** A missing key is as good as a null. */
function tested(document: unknown, path: readonly string[], value: unknown): unknown {
  const last = path.at(-1)
  const parent = last === undefined ? undefined : found(document, path.slice(0, -1))
  const at = isObject(parent) ? parent[last as string] : found(document, path)
  if (!sameJson(at ?? null, value ?? null)) throw refused()
  return document
}
