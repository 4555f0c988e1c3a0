/**
 * Kubernetes' own pod-template-hash (pkg/controller.ComputeHash): FNV-1a over the text in which Go prints the template's
 * struct (spew with sorted keys), its digits turned into letters. The same template has the same hash as on a cluster.
 */
import { structs } from '../profiles/v1.32/template-structs.generated.ts'
import { utf8 } from './base64.ts'
import { safeEncode } from './names.ts'
import { goQuantityText } from './template-hash/go-quantity.ts'

type Json = Readonly<Record<string, unknown>>

/** The value of the label `pod-template-hash`; a collision count is hashed too. The label itself must not be in it. */
export function templateHash(template: object, collisionCount?: number): string {
  const sum = hashOf(template)
  return safeEncode(String(collisionCount === undefined ? sum : withCount(sum, collisionCount)))
}

/** Remembered per object: templates are frozen, and the same one is hashed again and again. */
const remembered = new WeakMap<object, number>()
function hashOf(template: object): number {
  const known = remembered.get(template)
  if (known !== undefined) return known
  const sum = fnv(templateText(template))
  remembered.set(template, sum)
  return sum
}

/** FNV-1a, 32 bit, over the bytes of UTF-8; nearly all text is ASCII, whose bytes are its characters. */
function fnv(text: string): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number
    if (code < 0x80) hash = Math.imul(hash ^ code, PRIME)
    else {
      for (const byte of utf8(String.fromCodePoint(code))) hash = eaten(hash, byte)
      if (code > 0xffff) i++
    }
  }
  return hash >>> 0
}
const PRIME = 0x01000193
const eaten = (hash: number, byte: number): number => Math.imul(hash ^ byte, PRIME)

/** The count follows as 8 bytes, the lowest first. */
function withCount(sum: number, count: number): number {
  let hash = sum
  let rest = count
  for (let i = 0; i < 8; i++) {
    hash = eaten(hash, rest % 256)
    rest = Math.floor(rest / 256)
  }
  return hash >>> 0
}

/** The text that is hashed. */
export const templateText = (template: unknown): string => typed('v1.PodTemplateSpec', template)

/** `(type)value` */
const typed = (type: string, value: unknown): string => `(${type})${shown(type, value)}`

function shown(type: string, value: unknown): string {
  if (type.startsWith('*')) return value === undefined || value === null ? '<nil>' : shown(type.slice(1), value)
  if (type === 'v1.ResourceList') return mapText(value, (item) => shown('resource.Quantity', item))
  if (type.startsWith('map[string]')) return mapText(value, (item) => shown(type.slice('map[string]'.length), item))
  if (type.startsWith('[]')) return listText(type.slice(2), value)
  if (type === 'resource.Quantity') return goQuantityText(value as string | number | undefined)
  if (type === 'intstr.IntOrString') return intOrStringText(value)
  if (type === 'v1.Time') return '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}'
  if (structs[type] !== undefined) return structText(type, (value ?? {}) as Json)
  return scalarText(type, value)
}

function structText(type: string, value: Json): string {
  const fields = (structs[type] ?? []).map(([name, fieldType, tag]) => {
    const json = jsonName(tag)
    return `${name}:${typed(fieldType, json === undefined ? value : value[json])}`
  })
  return `{${fields.join(' ')}}`
}

/** Undefined for what is embedded: its fields stand beside the others. */
function jsonName(tag: string | undefined): string | undefined {
  const name = (tag ?? '').replace('(inline)', '').split(',')[0]
  return name === '' ? undefined : name
}

function listText(type: string, value: unknown): string {
  if (!Array.isArray(value)) return '<nil>'
  return `[${value.map((item) => shown(type, item)).join(' ')}]`
}

function mapText(value: unknown, item: (value: unknown) => string): string {
  if (value === undefined || value === null) return '<nil>'
  const entries = Object.entries(value as Json).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `map[${entries.map(([key, each]) => `${key}:${item(each)}`).join(' ')}]`
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'int32', 'int64', 'uint8', 'uint64'])
function scalarText(type: string, value: unknown): string {
  if (type === 'bool') return String(value ?? false)
  return NUMBERS.has(type) ? String(value ?? 0) : String(value ?? '')
}

function intOrStringText(value: unknown): string {
  const isText = typeof value === 'string'
  const number = isText ? 0 : (value ?? 0)
  return `{Type:(intstr.Type)${isText ? 1 : 0} IntVal:(int32)${number} StrVal:(string)${isText ? value : ''}}`
}
