/**
 * What becomes of a body when the API server reads it into its Go types and writes it again: unknown fields are dropped,
 * a wrong type is an error, nulls (and undefined, which JSON cannot say) are as good as absent, zeros are written or left
 * out as the type says, quantities and instants take their canonical form. Unchanged parts are shared with the body.
 */
import { canonicalQuantity } from '../quantity.ts'
import type { Schema } from '../schema.ts'
import { parseTime, rfc3339, rfc3339Micro } from '../time.ts'
import { kindOfJson, unmarshalError } from './unmarshal-error.ts'

export interface Decoded {
  readonly value: unknown
  /** Paths of fields that the type does not have: `spec.replica`, `spec.containers[0].imagePullpolicy`. */
  readonly unknown: readonly string[]
  /** Of the first wrong value, as Go's encoding/json says it. */
  readonly error?: string
}

/** How far the walk has come, and what it found. */
interface Walk {
  readonly unknown: string[]
  readonly custom: boolean
  error: string | undefined
}
/** Where a value stands: the path, and the Go struct and field it is in. */
export interface Place {
  readonly path: string
  readonly struct: string
  readonly field: string
}

/** A body as an object of that schema. An own kind (`custom`) keeps its nulls and zeros: it is never a Go type. */
export function decoded(schema: Schema, body: unknown, custom = false): Decoded {
  const walk: Walk = { unknown: [], custom, error: undefined }
  const value = valueOf(walk, schema, body, { path: '', struct: '', field: '' })
  return { value, unknown: walk.unknown, ...(walk.error === undefined ? {} : { error: walk.error }) }
}

function valueOf(walk: Walk, schema: Schema, value: unknown, place: Place): unknown {
  if (value === null) return null
  if (walk.custom && schema.definition !== undefined) return goTyped(walk, schema, value, place)
  if (schema.format === 'quantity') return quantity(walk, schema, value, place)
  if (schema['x-kubernetes-int-or-string'] === true) return intOrString(walk, schema, value, place)
  if (schema.properties !== undefined) return struct(walk, schema, schema.properties, value, place)
  if (schema.items !== undefined) return list(walk, schema, schema.items, value, place)
  if (schema.additionalProperties !== undefined) return map(walk, schema, schema.additionalProperties, value, place)
  return scalar(walk, schema, value, place)
}

/** The metadata of an own kind is a Go type as everywhere. */
function goTyped(walk: Walk, schema: Schema, value: unknown, place: Place): unknown {
  const inner: Walk = { ...walk, custom: false }
  const made = valueOf(inner, schema, value, place)
  walk.error ??= inner.error
  return made
}

const wrong = (walk: Walk, schema: Schema, value: unknown, place: Place): unknown => {
  walk.error ??= unmarshalError(schema, value, place)
  return value
}

function struct(
  walk: Walk,
  schema: Schema,
  properties: NonNullable<Schema['properties']>,
  value: unknown,
  place: Place,
): unknown {
  if (kindOfJson(value) !== 'object') return wrong(walk, schema, value, place)
  const object = value as Record<string, unknown>
  const name = schema.definition ?? place.struct
  const changed: Record<string, unknown> = {}
  let same = true
  for (const key of Object.keys(object)) {
    if (object[key] === undefined) {
      same = false
      continue
    }
    const property = properties[key]
    const at = place.path === '' ? key : `${place.path}.${key}`
    if (property === undefined) {
      same = unknownField(walk, schema, key, object, changed, at) && same
      continue
    }
    const next = stored(property, valueOf(walk, property, object[key], { path: at, struct: name, field: key }))
    if (next === null && !walk.custom && property.default !== null) same = false
    else if (!walk.custom && property.omitZero === true && isZero(next)) same = false
    else changed[key] = next
    if (next !== object[key]) same = false
  }
  return same ? value : changed
}

/** A list that is always written is null when empty: so it comes back from the store, which keeps no empty lists. */
const stored = (property: Schema, value: unknown): unknown =>
  property.default === null && Array.isArray(value) && value.length === 0 ? null : value

/** @returns whether it stayed. */
function unknownField(
  walk: Walk,
  schema: Schema,
  key: string,
  object: Record<string, unknown>,
  into: Record<string, unknown>,
  at: string,
): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) {
    into[key] = object[key]
    return true
  }
  if (schema.additionalProperties !== undefined) {
    into[key] = valueOf(walk, schema.additionalProperties, object[key], { path: at, struct: '', field: key })
    return into[key] === object[key]
  }
  walk.unknown.push(at)
  return false
}

export const isZero = (value: unknown): boolean => {
  if (value === null || value === '' || value === 0 || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value as object).length === 0
}

function list(walk: Walk, schema: Schema, items: Schema, value: unknown, place: Place): unknown {
  if (!Array.isArray(value)) return wrong(walk, schema, value, place)
  let same = true
  const next = value.map((item, i) => {
    const made =
      item === null && !walk.custom
        ? zeroItem(items)
        : valueOf(walk, items, item, { ...place, path: `${place.path}[${i}]` })
    if (made !== item) same = false
    return made
  })
  return same ? value : next
}

/** A null in a list of Go values is the zero of its type. */
const zeroItem = (items: Schema): unknown => {
  if (items.default !== undefined) return items.default
  return { object: {}, array: null, string: '', integer: 0, number: 0, boolean: false }[items.type ?? 'object'] ?? null
}

/** Go tells the map of a wrong value, not its key; a struct in a map is named by its key. */
const under = (values: Schema, place: Place, key: string): Place =>
  values.properties === undefined ? place : { ...place, path: `${place.path}.${key}` }

function map(walk: Walk, schema: Schema, values: Schema, value: unknown, place: Place): unknown {
  if (kindOfJson(value) !== 'object') return wrong(walk, schema, value, place)
  const object = value as Record<string, unknown>
  const next: Record<string, unknown> = {}
  let same = true
  for (const key of Object.keys(object)) {
    const item = object[key]
    if (item === undefined) {
      same = false
      continue
    }
    next[key] =
      item === null && !walk.custom ? zeroItem(values) : valueOf(walk, values, item, under(values, place, key))
    if (next[key] !== item) same = false
  }
  return same ? value : next
}

function quantity(walk: Walk, schema: Schema, value: unknown, place: Place): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return wrong(walk, schema, value, place)
  const text = canonicalQuantity(typeof value === 'string' ? value.trim() : value)
  return text ?? wrong(walk, schema, value, place)
}

function intOrString(walk: Walk, schema: Schema, value: unknown, place: Place): unknown {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isInteger(value) ? value : wrong(walk, schema, value, place)
}

function scalar(walk: Walk, schema: Schema, value: unknown, place: Place): unknown {
  switch (schema.type) {
    case 'string':
      if (typeof value !== 'string') return wrong(walk, schema, value, place)
      return text(walk, schema, value, place)
    case 'integer':
      return whole(schema, value) ? value : wrong(walk, schema, value, place)
    case 'number':
      return typeof value === 'number' ? value : wrong(walk, schema, value, place)
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(walk, schema, value, place)
    default:
      return value
  }
}

const whole = (schema: Schema, value: unknown): boolean =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  (schema.format !== 'int32' || (value >= -2_147_483_648 && value <= 2_147_483_647))

/** Instants are written in UTC, without fractions unless the type has micros. */
function text(walk: Walk, schema: Schema, value: string, place: Place): unknown {
  if (walk.custom || (schema.format !== 'date-time' && schema.format !== 'micro-time')) return value
  const at = parseTime(value)
  if (Number.isNaN(at)) return wrong(walk, schema, value, place)
  if (schema.format === 'date-time') return value.length === 20 && value.endsWith('Z') ? value : rfc3339(at)
  return /\.\d{6}Z$/.test(value) ? value : rfc3339Micro(at)
}
