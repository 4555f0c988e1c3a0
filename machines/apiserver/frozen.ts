/** Stored values: frozen JSON without a resourceVersion, which is etcd's revision and put on when they are read. */
import { joined } from '../lib/joined.ts'
import type { ApiObject } from '../protocol/objects.ts'

/** Freezes what is new; what is frozen already is shared and not walked again. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) for (const item of value) frozen(item)
  else for (const key in value) frozen(value[key])
  return Object.freeze(value)
}

/**
 * A stored value as an API object of its revision. Remembered per frozen value, so that every reader shares one
 * object; two forks may give one value different revisions, hence the check.
 */
export function versioned(value: ApiObject, revision: number): ApiObject {
  const resourceVersion = String(revision)
  const last = known.get(value)
  if (last?.metadata.resourceVersion === resourceVersion) return last
  const metadata = Object.freeze(joined(value.metadata, { resourceVersion }))
  const object = Object.freeze(joined(value, { metadata }))
  known.set(value, object)
  return object
}
const known = new WeakMap<ApiObject, ApiObject>()

/** The object as it is stored. */
export function unversioned(object: ApiObject): ApiObject {
  const { resourceVersion, ...metadata } = object.metadata
  return resourceVersion === undefined ? frozen(object) : frozen(joined(object, { metadata }))
}

/** Equal as JSON; what is shared is not walked. A field that is undefined counts as absent. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]))
  }
  const left = a as Readonly<Record<string, unknown>>
  const right = b as Readonly<Record<string, unknown>>
  for (const key in left) if (!same(left[key], right[key])) return false
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false
  return true
}
