/** Rules of a structural schema, for own kinds (k8s.io/kube-openapi validate, apiextensions-apiserver validation). */
import type { Schema } from '../schema.ts'
import { type Found, invalid, notSupported, required, Shown } from './causes.ts'

type Json = Readonly<Record<string, unknown>>
const META: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

export function checkStructure(found: Found, schema: Schema, object: object): void {
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => !META.has(key)))
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([key]) => !META.has(key)))
  check(found, '', { ...schema, properties }, rest)
}

function check(found: Found, path: string, schema: Schema, value: unknown): void {
  if (value === null) {
    if (schema.nullable !== true) badType(found, path, schema, value)
    return
  }
  if (!hasType(schema, value)) {
    badType(found, path, schema, value)
    return
  }
  if (schema.enum !== undefined && !schema.enum.includes(value))
    found.push(notSupported(path, value, schema.enum.map(String)))
  if (typeof value === 'string') checkText(found, path, schema, value)
  else if (typeof value === 'number') checkNumber(found, path, schema, value)
  else if (Array.isArray(value)) checkList(found, path, schema, value)
  else if (typeof value === 'object') checkObject(found, path, schema, value as Json)
}

function hasType({ type, ...schema }: Schema, value: unknown): boolean {
  if (schema['x-kubernetes-int-or-string'] === true) return typeof value === 'string' || Number.isInteger(value)
  switch (type) {
    case undefined:
      return true
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

function badType(found: Found, path: string, { type = 'object' }: Schema, value: unknown): void {
  const given =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'array'
        : typeof value === 'number' && Number.isInteger(value)
          ? 'integer'
          : typeof value
  const detail = `${path} in body must be of type ${type}: "${given}"`
  found.push({ reason: 'FieldValueTypeInvalid', message: `Invalid value: "${given}": ${detail}`, field: path })
}

const child = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)

function checkObject(found: Found, path: string, schema: Schema, object: Json): void {
  for (const key of schema.required ?? []) if (object[key] === undefined) found.push(required(child(path, key)))
  const count = Object.keys(object).length
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    found.push({
      reason: 'FieldValueTooMany',
      message: `Too many: ${count}: must have at most ${schema.maxProperties} items`,
      field: path,
    })
  }
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    found.push(invalid(path, count, `${path} in body should have at least ${schema.minProperties} properties`))
  }
  for (const [key, value] of Object.entries(object)) {
    const property = schema.properties?.[key] ?? schema.additionalProperties
    if (property !== undefined) check(found, child(path, key), property, value)
  }
}

function checkList(found: Found, path: string, schema: Schema, list: readonly unknown[]): void {
  const { maxItems, minItems, items } = schema
  if (maxItems !== undefined && list.length > maxItems) {
    found.push({
      reason: 'FieldValueTooMany',
      message: `Too many: ${list.length}: must have at most ${maxItems} items`,
      field: path,
    })
  }
  if (minItems !== undefined && list.length < minItems) {
    found.push(invalid(path, list.length, `${path} in body should have at least ${minItems} items`))
  }
  for (const [i, item] of list.entries()) if (items !== undefined) check(found, `${path}[${i}]`, items, item)
  const keys = schema['x-kubernetes-list-map-keys']
  if (schema['x-kubernetes-list-type'] === 'set') checkUnique(found, path, list, JSON.stringify)
  if (schema['x-kubernetes-list-type'] === 'map' && keys !== undefined) {
    checkUnique(found, path, list, (item) =>
      JSON.stringify(keys.map((key) => (item as Json)[key] ?? items?.properties?.[key]?.default)),
    )
  }
}

function checkUnique(found: Found, path: string, list: readonly unknown[], keyOf: (item: unknown) => string): void {
  const seen = new Set<string>()
  for (const [i, item] of list.entries()) {
    const key = keyOf(item)
    if (seen.has(key)) {
      found.push({
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: ${typeof item === 'object' ? new Shown(JSON.stringify(item)).text : JSON.stringify(item)}`,
        field: `${path}[${i}]`,
      })
    }
    seen.add(key)
  }
}

function checkText(found: Found, path: string, { pattern, minLength, maxLength }: Schema, text: string): void {
  const length = [...text].length
  if (maxLength !== undefined && length > maxLength) {
    found.push({
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${maxLength} bytes`,
      field: path,
    })
  }
  if (minLength !== undefined && length < minLength) {
    found.push(invalid(path, text, `${path} in body should be at least ${minLength} chars long`))
  }
  if (pattern !== undefined && !matches(pattern, text))
    found.push(invalid(path, text, `${path} in body should match '${pattern}'`))
}

const patterns = new Map<string, RegExp>()
function matches(pattern: string, text: string): boolean {
  const known = patterns.get(pattern)
  if (known !== undefined) return known.test(text)
  const made = new RegExp(pattern, 'u')
  patterns.set(pattern, made)
  return made.test(text)
}

function checkNumber(found: Found, path: string, schema: Schema, value: number): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (minimum !== undefined && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    found.push(
      invalid(
        path,
        value,
        `${path} in body should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`,
      ),
    )
  }
  if (maximum !== undefined && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    found.push(
      invalid(
        path,
        value,
        `${path} in body should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`,
      ),
    )
  }
  if (multipleOf !== undefined && value % multipleOf !== 0) {
    found.push(invalid(path, value, `${path} in body should be a multiple of ${multipleOf}`))
  }
}
