/** JSON merge patch (RFC 7386), and the patch that `kubectl apply` computes for own kinds. */
import { goTypeOf, sameJson } from '../go-text.ts'
import { badRequest, isObject, type Json, type Patched } from './outcome.ts'

/** A null removes, an object is merged, anything else replaces. */
export function mergePatched(document: unknown, patch: unknown): Patched {
  if (!isObject(patch))
    return {
      error: badRequest(
        `error decoding patch: json: cannot unmarshal ${kindOf(patch)} into Go value of type map[string]interface {}`,
      ),
    }
  return { value: merged(document, patch) }
}

const kindOf = (patch: unknown): string =>
  Array.isArray(patch) ? 'array' : goTypeOf(patch) === 'int64' ? 'number' : goTypeOf(patch)

function merged(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result: Record<string, unknown> = isObject(document) ? { ...document } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merged(result[key], value)
  }
  return result
}

/** The patch that turns one document into the other (jsonpatch.CreateMergePatch). */
export function mergeDiff(from: Json, to: Json): Json {
  const patch: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(to)) {
    const was = from[key]
    if (!(key in from)) patch[key] = value
    else if (isObject(value) && isObject(was)) {
      const inner = mergeDiff(was, value)
      if (Object.keys(inner).length > 0) patch[key] = inner
    } else if (!sameJson(was, value)) patch[key] = value
  }
  for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null
  return patch
}

/** jsonmergepatch.CreateThreeWayJSONMergePatch: additions and changes against live, deletions against last-applied. */
export function threeWayMergePatch(lastApplied: Json, modified: Json, live: Json): Json {
  const additions = keepOrDrop(mergeDiff(live, modified), true)
  const deletions = keepOrDrop(mergeDiff(lastApplied, modified), false)
  return both(additions as Json, deletions as Json)
}

/** Without nulls, or only what holds nulls. */
function keepOrDrop(patch: unknown, withoutNulls: boolean): unknown {
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(patch as Json)) {
    if (value === null) {
      if (!withoutNulls) kept[key] = null
    } else if (isObject(value)) {
      const inner = keepOrDrop(value, withoutNulls) as Json
      if (withoutNulls || Object.keys(inner).length > 0) kept[key] = inner
    } else if (withoutNulls) kept[key] = value
  }
  return kept
}

function both(a: Json, b: Json): Json {
  const result: Record<string, unknown> = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const was = result[key]
    result[key] = isObject(was) && isObject(value) ? both(was, value) : value
  }
  return result
}
