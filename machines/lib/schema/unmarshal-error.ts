/** What Go's encoding/json says of a value of the wrong type. */
import type { Schema } from '../schema.ts'

/** Where a value stands: the path, and the Go struct it is in. */
export interface Place {
  readonly path: string
  readonly struct: string
}

export function kindOfJson(value: unknown): 'object' | 'array' | 'string' | 'number' | 'bool' | 'null' {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value as 'object' | 'string' | 'number'
}

/** `json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32` */
export function unmarshalError(schema: Schema, value: unknown, { path, struct }: Place): string {
  const special = specialError(schema, value)
  if (special !== undefined) return special
  const kind = kindOfJson(value)
  const shown = kind === 'number' && schema.type === 'integer' ? `number ${value}` : kind
  const type = goType(schema)
  const at = path.replace(/\[\d+\]/g, '')
  if (struct === '') return `json: cannot unmarshal ${shown} into Go value of type ${type}`
  return `json: cannot unmarshal ${shown} into Go struct field ${lastPart(struct)}.${at} of type ${type}`
}

const QUANTITY = `quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`

function specialError(schema: Schema, value: unknown): string | undefined {
  if (schema.format === 'quantity') {
    return typeof value === 'string' || typeof value === 'number' ? QUANTITY : undefined
  }
  if ((schema.format === 'date-time' || schema.format === 'micro-time') && typeof value === 'string') {
    return `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`
  }
  return undefined
}

function goType(schema: Schema): string {
  if (schema.items !== undefined) return `[]${goType(schema.items)}`
  if (schema.definition !== undefined && schema.properties !== undefined) return goName(schema.definition)
  if (schema.additionalProperties !== undefined) return `map[string]${goType(schema.additionalProperties)}`
  return SCALARS[schema.format ?? ''] ?? SCALARS[schema.type ?? ''] ?? 'interface {}'
}
const SCALARS: Readonly<Record<string, string>> = {
  int32: 'int32',
  int64: 'int64',
  byte: '[]uint8',
  quantity: 'resource.Quantity',
  'int-or-string': 'intstr.IntOrString',
  string: 'string',
  boolean: 'bool',
  number: 'float64',
  integer: 'int64',
}

/** `io.k8s.api.core.v1.Container` is `v1.Container`. */
const goName = (definition: string): string => definition.split('.').slice(-2).join('.')
const lastPart = (definition: string): string => definition.slice(definition.lastIndexOf('.') + 1)
