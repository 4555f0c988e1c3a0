/**
 * What becomes of a body when the API server reads it into its Go types and writes it again: unknown fields are dropped,
 * a wrong type is an error, nulls (and undefined, which JSON cannot say) are as good as absent, zeros are written or left
 * out as the type says, quantities and instants take their canonical form. Unchanged parts are shared with the body.
 */
import { canonicalQuantity } from '../quantity.ts'
import type { Schema } from '../schema.ts'
import { parseTime, rfc3339, rfc3339Micro } from '../time.ts'
import { isSettled } from './settled.ts'
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
  /** The steps that lead to where it is: `spec`, `containers`, `[0]`. */
  readonly trail: string[]
  /** The Go struct it is in. */
  struct: string
  error: string | undefined
}

/** A body as an object of that schema. An own kind (`custom`) keeps its nulls and zeros: it is never a Go type. */
export function decoded(schema: Schema, body: unknown, custom = false): Decoded {
  const walk: Walk = { unknown: [], custom, trail: [], struct: '', error: undefined }
  const value = valueOf(walk, schema, body)
  return { value, unknown: walk.unknown, ...(walk.error === undefined ? {} : { error: walk.error }) }
}

function valueOf(walk: Walk, schema: Schema, value: unknown): unknown {
  if (value === null) return null
  if (walk.custom && schema.definition !== undefined) return goTyped(walk, schema, value)
  if (schema.format === 'quantity') return quantity(walk, schema, value)
  if (schema['x-kubernetes-int-or-string'] === true) return intOrString(walk, schema, value)
  if (schema.properties !== undefined) return struct(walk, schema, schema.properties, value)
  if (schema.items !== undefined) return list(walk, schema, schema.items, value)
  if (schema.additionalProperties !== undefined) return map(walk, schema, schema.additionalProperties, value)
  return scalar(walk, schema, value)
}

/** The metadata of an own kind is a Go type as everywhere. */
function goTyped(walk: Walk, schema: Schema, value: unknown): unknown {
  const inner: Walk = { ...walk, custom: false }
  const made = valueOf(inner, schema, value)
  walk.error ??= inner.error
  return made
}

const wrong = (walk: Walk, schema: Schema, value: unknown): unknown => {
  walk.error ??= unmarshalError(schema, value, { path: pathOf(walk), struct: walk.struct })
  return value
}
const pathOf = ({ trail }: Walk): string =>
  trail.reduce((path, step) => (path === '' || step.startsWith('[') ? `${path}${step}` : `${path}.${step}`), '')

/** In place of a value: there is none. */
const ABSENT = Symbol('absent')

function struct(walk: Walk, schema: Schema, properties: NonNullable<Schema['properties']>, value: unknown): unknown {
  if (kindOfJson(value) !== 'object') return wrong(walk, schema, value)
  const object = value as Record<string, unknown>
  if (!walk.custom && isSettled(properties, object)) return object
  const outer = walk.struct
  walk.struct = schema.definition ?? outer
  const made = fields(walk, schema, properties, object)
  walk.struct = outer
  return made
}

function fields(
  walk: Walk,
  schema: Schema,
  properties: NonNullable<Schema['properties']>,
  object: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const keys = Object.keys(object)
  let made: Record<string, unknown> | undefined
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string
    const given = object[key]
    walk.trail.push(key)
    const next = given === undefined ? ABSENT : field(walk, schema, properties[key], given)
    walk.trail.pop()
    if (made === undefined && next !== given) made = firstOf(object, keys, i)
    if (made !== undefined && next !== ABSENT) made[key] = next
  }
  return made ?? object
}

function firstOf(object: Readonly<Record<string, unknown>>, keys: readonly string[], count: number) {
  const first: Record<string, unknown> = {}
  for (let i = 0; i < count; i++) first[keys[i] as string] = object[keys[i] as string]
  return first
}

function field(walk: Walk, schema: Schema, property: Schema | undefined, given: unknown): unknown {
  if (property === undefined) return unknownField(walk, schema, given)
  const next = stored(property, valueOf(walk, property, given))
  if (walk.custom) return next
  if (next === null && property.default !== null) return ABSENT
  return property.omitZero === true && isZero(next) ? ABSENT : next
}

/** A list that is always written is null when empty: so it comes back from the store, which keeps no empty lists. */
const stored = (property: Schema, value: unknown): unknown =>
  property.default === null && Array.isArray(value) && value.length === 0 ? null : value

function unknownField(walk: Walk, schema: Schema, given: unknown): unknown {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return given
  if (schema.additionalProperties !== undefined) {
    const outer = walk.struct
    walk.struct = ''
    const next = valueOf(walk, schema.additionalProperties, given)
    walk.struct = outer
    return next
  }
  walk.unknown.push(pathOf(walk))
  return ABSENT
}

export const isZero = (value: unknown): boolean => {
  if (value === null || value === '' || value === 0 || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value as object).length === 0
}

function list(walk: Walk, schema: Schema, items: Schema, value: unknown): unknown {
  if (!Array.isArray(value)) return wrong(walk, schema, value)
  let made: unknown[] | undefined
  for (let i = 0; i < value.length; i++) {
    const item = value[i]
    walk.trail.push(`[${i}]`)
    const next = item === null && !walk.custom ? zeroItem(items) : valueOf(walk, items, item)
    walk.trail.pop()
    if (made === undefined && next !== item) made = value.slice(0, i)
    made?.push(next)
  }
  return made ?? value
}

/** A null in a list of Go values is the zero of its type. */
const zeroItem = (items: Schema): unknown => {
  if (items.default !== undefined) return items.default
  return { object: {}, array: null, string: '', integer: 0, number: 0, boolean: false }[items.type ?? 'object'] ?? null
}

function map(walk: Walk, schema: Schema, values: Schema, value: unknown): unknown {
  if (kindOfJson(value) !== 'object') return wrong(walk, schema, value)
  const object = value as Record<string, unknown>
  const keys = Object.keys(object)
  let made: Record<string, unknown> | undefined
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string
    const next = entry(walk, values, key, object[key])
    if (made === undefined && next !== object[key]) made = firstOf(object, keys, i)
    if (made !== undefined && next !== ABSENT) made[key] = next
  }
  return made ?? object
}

/** Go tells the map of a wrong value, not its key; a struct in a map is named by its key. */
function entry(walk: Walk, values: Schema, key: string, item: unknown): unknown {
  if (item === undefined) return ABSENT
  if (item === null && !walk.custom) return zeroItem(values)
  if (values.properties === undefined) return valueOf(walk, values, item)
  walk.trail.push(key)
  const next = valueOf(walk, values, item)
  walk.trail.pop()
  return next
}

function quantity(walk: Walk, schema: Schema, value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return wrong(walk, schema, value)
  const text = canonicalQuantity(typeof value === 'string' ? value.trim() : value)
  return text ?? wrong(walk, schema, value)
}

function intOrString(walk: Walk, schema: Schema, value: unknown): unknown {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isInteger(value) ? value : wrong(walk, schema, value)
}

function scalar(walk: Walk, schema: Schema, value: unknown): unknown {
  switch (schema.type) {
    case 'string':
      if (typeof value !== 'string') return wrong(walk, schema, value)
      return text(walk, schema, value)
    case 'integer':
      return whole(schema, value) ? value : wrong(walk, schema, value)
    case 'number':
      return typeof value === 'number' ? value : wrong(walk, schema, value)
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(walk, schema, value)
    default:
      return value
  }
}

const whole = (schema: Schema, value: unknown): boolean =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  (schema.format !== 'int32' || (value >= -2_147_483_648 && value <= 2_147_483_647))

/** Instants are written in UTC, without fractions unless the type has micros. */
function text(walk: Walk, schema: Schema, value: string): unknown {
  if (walk.custom || (schema.format !== 'date-time' && schema.format !== 'micro-time')) return value
  const at = parseTime(value)
  if (Number.isNaN(at)) return wrong(walk, schema, value)
  if (schema.format === 'date-time') return value.length === 20 && value.endsWith('Z') ? value : rfc3339(at)
  return /\.\d{6}Z$/.test(value) ? value : rfc3339Micro(at)
}
