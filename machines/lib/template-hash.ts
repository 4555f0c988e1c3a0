/**
 * Kubernetes' own pod-template-hash (pkg/controller.ComputeHash): FNV-1a over the text in which Go prints the template's
 * struct (spew with sorted keys), its digits turned into letters. The same template has the same hash as on a cluster.
 */
import { structs } from '../profiles/v1.32/template-structs.generated.ts'
import { utf8 } from './base64.ts'
import { safeEncode } from './names.ts'
import { oncePer } from './once-per.ts'
import { goQuantityText } from './template-hash/go-quantity.ts'

type Json = Readonly<Record<string, unknown>>

/** The value of the label `pod-template-hash`; a collision count is hashed too. The label itself must not be in it. */
export function templateHash(template: object, collisionCount?: number): string {
  const sum = hashOf(template)
  return safeEncode(String(collisionCount === undefined ? sum : withCount(sum, collisionCount)))
}

/** Templates are frozen, and the same one is hashed again and again. */
const hashOf = oncePer((template: object): number => fnv(templateText(template)))

/** FNV-1a, 32 bit, over the bytes of UTF-8; nearly all text is ASCII, whose bytes are its characters. */
function fnv(text: string): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) hash = Math.imul(hash ^ unit, PRIME)
    else {
      const code = text.codePointAt(i) as number
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
export const templateText = (template: unknown): string => typed('v1.PodTemplateSpec').of(template)

/** How a value of a type is printed; most fields of a template are absent, and their text is always the same. */
interface Printer {
  readonly of: (value: unknown) => string
  readonly absent: string
}
const printer = (of: (value: unknown) => string): Printer => ({ of, absent: of(undefined) })

/** Each type's printer, made once. */
const printers = new Map<string, Printer>()
function shown(type: string): Printer {
  const known = printers.get(type)
  if (known !== undefined) return known
  const made = printerOf(type)
  printers.set(type, made)
  return made
}

/** `(type)value` */
function typed(type: string): Printer {
  const { of, absent } = shown(type)
  return { of: (value) => `(${type})${of(value)}`, absent: `(${type})${absent}` }
}

function printerOf(type: string): Printer {
  if (type.startsWith('*')) return orNil(type.slice(1), (value, { of }) => of(value))
  if (type === 'v1.ResourceList') return orNil('resource.Quantity', mapText)
  if (type.startsWith('map[string]')) return orNil(type.slice('map[string]'.length), mapText)
  if (type.startsWith('[]')) return orNil(type.slice(2), listText)
  if (type === 'resource.Quantity') return printer((value) => goQuantityText(value as string | number | undefined))
  if (type === 'intstr.IntOrString') return printer(intOrStringText)
  if (type === 'v1.Time') return printer(() => NO_TIME)
  if (structs[type] !== undefined) return structPrinter(structs[type])
  return printer((value) => scalarText(type, value))
}
const NO_TIME = '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}'

/** What may be nil; the type of what it holds is looked up when something is there. */
const orNil = (type: string, text: (value: NonNullable<unknown>, held: Printer) => string): Printer =>
  printer((value) => (value === undefined || value === null ? '<nil>' : text(value, shown(type))))

function structPrinter(struct: (typeof structs)[string]): Printer {
  const fields = struct.map(([name, type, tag]) => {
    const { of, absent } = typed(type)
    return { json: jsonName(tag), absent: `${name}:${absent}`, of: (value: unknown) => `${name}:${of(value)}` }
  })
  const textOf = (value: Json): string => {
    const texts = fields.map(({ json, absent, of }) => {
      const held = json === undefined ? value : value[json]
      return held === undefined ? absent : of(held)
    })
    return `{${texts.join(' ')}}`
  }
  return printer((value) => textOf((value ?? {}) as Json))
}

/** Undefined for what is embedded: its fields stand beside the others. */
function jsonName(tag: string | undefined): string | undefined {
  const name = (tag ?? '').replace('(inline)', '').split(',')[0]
  return name === '' ? undefined : name
}

const listText = (value: unknown, { of }: Printer): string =>
  Array.isArray(value) ? `[${value.map(of).join(' ')}]` : '<nil>'

function mapText(value: unknown, { of }: Printer): string {
  const entries = Object.entries(value as Json).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `map[${entries.map(([key, each]) => `${key}:${of(each)}`).join(' ')}]`
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
