/**
 * Defaults: those of the schema, and those that Kubernetes keeps in code (`go-defaults.ts`), applied to each Go type
 * wherever it stands, a parent before its children, as the generated SetObjectDefaults do. At last every field that Go
 * always writes is there. Unchanged parts are shared.
 */
import { joined } from '../joined.ts'
import { oncePer } from '../once-per.ts'
import { canonicalQuantity, formatQuantity, milli, parseQuantity } from '../quantity.ts'
import type { ResourceFacts, Schema } from '../schema.ts'
import { isZero } from './decoding.ts'
import { codeDefaults } from './go-defaults.ts'
import { isSettled } from './settled.ts'

type Json = Readonly<Record<string, unknown>>

/** The object with all its defaults. It must have been decoded. */
export function defaulted<T>({ schema, custom }: Pick<ResourceFacts, 'schema' | 'custom'>, object: T): T {
  return (custom === true ? structural(schema, object) : builtIn(schema, object)) as T
}

function builtIn(schema: Schema, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return schema.items === undefined ? value : each(schema.items, value, builtIn)
  if (schema.properties !== undefined) return struct(schema, schema.properties, value as Json)
  if (schema.additionalProperties !== undefined) return map(schema.additionalProperties, value as Json)
  return value
}

function struct(schema: Schema, properties: NonNullable<Schema['properties']>, written: Json): Json {
  if (isSettled(properties, written)) return written
  const { code, fields } = planOf(schema)
  const object = code === undefined ? written : code(written)
  let changed: Record<string, unknown> | undefined
  for (const { key, property } of fields) {
    const value = object[key]
    const next = builtIn(property, absent(property, value) ? property.default : value)
    if (next === value) continue
    changed ??= joined(object)
    changed[key] = next
  }
  return changed ?? object
}

/** What a struct is given in code, and its fields that can have a default, or something inside that can. */
const planOf = oncePer(({ definition, properties = {} }: Schema) => ({
  code: definition === undefined ? undefined : codeDefaults(definition),
  fields: Object.entries(properties)
    .filter(([, property]) => hasDefaults(property, new Set()))
    .map(([key, property]) => ({ key, property })),
}))

/** Schemas may be cyclic: what is being looked at has defaults only if something else in it has. */
function hasDefaults(schema: Schema, above: Set<Schema>): boolean {
  if (above.has(schema)) return false
  above.add(schema)
  const { default: value, definition, items, additionalProperties: values, properties } = schema
  if (value !== undefined || values?.format === 'quantity') return true
  if (definition !== undefined && codeDefaults(definition) !== undefined) return true
  const inside = [items, values, ...Object.values(properties ?? {})]
  return inside.some((each) => each !== undefined && hasDefaults(each, above))
}

/** Missing, or the zero of what is no pointer. */
const absent = (property: Schema, value: unknown): boolean =>
  property.default !== undefined && (value === undefined || (property.omitZero === true && isZero(value)))

function each(items: Schema, list: readonly unknown[], step: (schema: Schema, value: unknown) => unknown): unknown {
  let changed: unknown[] | undefined
  for (let i = 0; i < list.length; i++) {
    const next = step(items, list[i])
    if (next === list[i]) continue
    changed ??= [...list]
    changed[i] = next
  }
  return changed ?? list
}

function map(values: Schema, written: Json, step = values.format === 'quantity' ? upToMilli : builtIn): Json {
  let changed: Record<string, unknown> | undefined
  for (const key in written) {
    const next = step(values, written[key])
    if (next === written[key]) continue
    changed ??= joined(written)
    changed[key] = next
  }
  return changed ?? written
}

/** SetDefaults_ResourceList: amounts of resources are rounded up to thousandths. */
function upToMilli(_schema: Schema, written: unknown): unknown {
  const text = canonicalQuantity(written as string)
  if (text === undefined || !/[nu]$|e-/.test(text)) return written
  const quantity = parseQuantity(text)
  return quantity === undefined ? written : formatQuantity({ ...quantity, nano: milli(quantity) * 1_000_000n })
}

/** apiextensions-apiserver's structural defaulting: what is missing, or null without being nullable. */
function structural(schema: Schema, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return schema.items === undefined ? value : each(schema.items, value, structural)
  const object = schema.properties === undefined ? (value as Json) : structuralFields(schema.properties, value as Json)
  return schema.additionalProperties === undefined ? object : map(schema.additionalProperties, object, structural)
}

function structuralFields(properties: NonNullable<Schema['properties']>, object: Json): Json {
  let changed: Record<string, unknown> | undefined
  for (const key in properties) {
    const property = properties[key] as Schema
    const value = object[key]
    const missing = value === undefined || (value === null && property.nullable !== true)
    if (missing && property.default === undefined) continue
    const next = structural(property, missing ? property.default : value)
    if (next === value) continue
    changed ??= joined(object)
    changed[key] = next
  }
  return changed ?? object
}
